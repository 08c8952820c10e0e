// One life of a session, as the server would tell of it: what is said comes in, valid snapshots come out.
import {
  type ActiveSnapshot,
  decode,
  isEnd,
  type JsonObject,
  LIMITS,
  type LogLine,
  type ProgressLog,
  type Snapshot,
  sanitizeMetadata,
} from '@progress/protocol'

/** What a life begins with. */
export interface Opening {
  readonly sessionId: string
  readonly operation: string
  readonly epoch: string
  readonly at: number
  readonly isMine: boolean
  readonly metadata: JsonObject
}

/** Fields of a state; `undefined` takes one away. */
type Fields = { readonly [name: string]: unknown }

/** What is only known of running work. */
const RUNNING = ['worker', 'cancellable', 'cancelRequested', 'queued', 'ratePerSecond', 'etaMs'] as const

/** A life. */
export class FakeLife {
  readonly isMine: boolean
  readonly #lines: LogLine[] = []
  #snapshot: Snapshot

  constructor({ sessionId, operation, epoch, at, isMine, metadata }: Opening) {
    this.isMine = isMine
    this.#snapshot = checked({
      sessionId,
      operation,
      epoch,
      revision: 1,
      status: 'active',
      progress: 0,
      metadata: sanitizeMetadata({ operation, ...metadata }).value,
      attempt: 1,
      worker: 'alive',
      cancellable: true,
      createdAt: at,
      timestamp: at,
    })
  }

  get snapshot(): Snapshot {
    return this.#snapshot
  }

  /** The present state of running work. Throws an `Error` where it has ended. */
  get running(): ActiveSnapshot {
    const snapshot = this.#snapshot
    if (!isEnd(snapshot)) return snapshot
    const { sessionId, status } = snapshot
    throw new Error(
      `'${sessionId}' has ended (${status}), and an end is the last word: make a new life of it with session(kind, { id: '${sessionId}' })`,
    )
  }

  /** Metadata with this laid over it. */
  merged(patch: JsonObject): JsonObject {
    return sanitizeMetadata({ ...this.#snapshot.metadata, ...patch }).value
  }

  /** Changes it; `false` where nothing visible came of it. Throws where it has ended, or where no server could say that. */
  change(fields: Fields, at: number): boolean {
    const before = this.running
    const after = without({ ...before, ...fields })
    if (JSON.stringify(after) === JSON.stringify(before)) return false
    this.#snapshot = checked({ ...after, revision: before.revision + 1, timestamp: Math.max(before.timestamp, at) })
    return true
  }

  /** Ends it. Throws where it has ended. */
  end(fields: Fields, at: number): void {
    const before = this.running
    const timestamp = Math.max(before.timestamp, at)
    const gone = Object.fromEntries(RUNNING.map((name) => [name, undefined]))
    const duration = timestamp - before.createdAt
    const revision = before.revision + 1
    this.#snapshot = checked(without({ ...before, ...gone, revision, timestamp, duration, ...fields }))
  }

  /** Writes a line of output, which is what has to be told. Throws where it has ended, or the line is none. */
  write(text: string, level: LogLine['level'], at: number): ProgressLog {
    const { sessionId, epoch } = this.running
    const line = (this.#lines.at(-1)?.line ?? -1) + 1
    const decoded = decode('progress-log', { sessionId, epoch, from: line, lines: [{ text, level, at }] })
    if (!decoded.ok) throw impossible(decoded.error.message)
    this.#lines.push({ line, text, level, at })
    if (this.#lines.length > LIMITS.logLines) this.#lines.shift()
    return decoded.value
  }

  /** Output after the line with this number; `undefined` where there is none. */
  logAfter(known: number): ProgressLog | undefined {
    const lines = this.#lines.filter(({ line }) => line > known)
    const from = lines[0]?.line
    if (from === undefined) return undefined
    const { sessionId, epoch } = this.#snapshot
    const gap = from - known - 1
    const entries = lines.map(({ text, level, at }) => ({ text, level, at }))
    return { sessionId, epoch, from, lines: entries, ...(gap > 0 && { gap }) }
  }
}

/** A test that plays a server which cannot be would prove nothing. */
function checked(value: Fields): Snapshot {
  const decoded = decode('progress-status', value)
  if (!decoded.ok) throw impossible(decoded.error.message)
  return Object.freeze(decoded.value)
}

function impossible(reason: string): TypeError {
  return new TypeError(`a server never says this: ${reason}`)
}

function without(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
