// What a test says on the server's behalf of one session, by the words of the job.
import {
  type ActiveSnapshot,
  type AnyOperation,
  type Code,
  errorRow,
  type JsonObject,
  type LogLine,
  type MetadataOf,
  type PhaseOf,
  type ResultOf,
} from '@progress/protocol'
import type { FakeLife } from './fakeLife'
import type { FakeServer } from './fakeServer'

/** What changes. Absent = unchanged. */
export interface FakeChange<Op = AnyOperation> {
  /** 0..100; it never falls, as with the server. */
  readonly progress?: number
  readonly message?: string
  readonly phase?: PhaseOf<Op>
  /** Laid over what is there. */
  readonly metadata?: Partial<MetadataOf<Op>>
  readonly worker?: ActiveSnapshot['worker']
  readonly current?: number
  readonly total?: number
  readonly unit?: string
  readonly ratePerSecond?: number
  readonly etaMs?: number
  /** Default: it can be cancelled. */
  readonly cancellable?: boolean
  readonly indeterminate?: boolean
  readonly queued?: boolean
}

/**
 * A session that the test plays. What is said arrives a moment later: wait for what you expect to see. Each of its words
 * throws an `Error` where the session has ended, and a `TypeError` where no server could say that.
 */
export interface FakeSession<Op = AnyOperation> {
  readonly id: string
  /** What somebody in the page asked for; `null` where nobody did. Answer with `cancelled()`, or go on. */
  readonly cancelRequested: { readonly reason?: string } | null
  update(change: FakeChange<Op>): void
  log(text: string, level?: LogLine['level']): void
  complete(result: ResultOf<Op>): void
  /** Default of `message`: what the table of codes says. */
  fail(code: Code, message?: string): void
  /** Default of `reason`: the one that was asked with. */
  cancelled(reason?: string): void
  /** It is kept no longer, or not yours to see any more: watchers read `gone`. */
  vanish(): void
}

/** What a session needs. */
export interface FakeSessionParts {
  readonly server: FakeServer
  readonly life: FakeLife
  /** Something was said, and is to be heard. */
  said(): void
}

/** The session of a life. */
export class PlayedSession implements FakeSession {
  readonly id: string
  readonly #parts: FakeSessionParts

  constructor(parts: FakeSessionParts) {
    this.#parts = parts
    this.id = parts.life.snapshot.sessionId
  }

  get cancelRequested(): { readonly reason?: string } | null {
    const { snapshot } = this.#parts.life
    return (snapshot.status === 'active' && snapshot.cancelRequested) || null
  }

  update(change: FakeChange): void {
    const life = this.#life
    const { metadata, indeterminate, queued, ...fields } = change
    const { progress } = life.running
    if (change.progress !== undefined && change.progress < progress) {
      throw new TypeError(
        `progress never falls: '${this.id}' is at ${progress}; a new life begins at 0: session(kind, { id: '${this.id}' })`,
      )
    }
    const isChanged = life.change(
      {
        ...fields,
        ...(metadata && { metadata: life.merged(metadata) }),
        // On the wire a flag is there, or it is not.
        ...(indeterminate !== undefined && { indeterminate: indeterminate || undefined }),
        ...(queued !== undefined && { queued: queued || undefined }),
      },
      this.#parts.server.now(),
    )
    if (isChanged) this.#tell()
  }

  log(text: string, level: LogLine['level'] = 'info'): void {
    const { server, said } = this.#parts
    const log = this.#life.write(text, level, server.now())
    server.say(this.id, 'progress-log', log)
    said()
  }

  complete(result: unknown): void {
    const life = this.#life
    const { current, total } = life.running
    const full = current !== undefined && total !== undefined ? { current: total } : {}
    this.#end({ ...full, status: 'completed', progress: 100, indeterminate: undefined, result })
  }

  fail(code: Code, message?: string): void {
    const { retryable, sentence } = errorRow(code)
    this.#end({ status: 'error', error: { code, message: message ?? sentence, retryable } })
  }

  cancelled(reason: string | undefined = this.cancelRequested?.reason): void {
    this.#end({ status: 'cancelled', reason })
  }

  vanish(): void {
    this.#parts.server.forget(this.#life)
    this.#parts.said()
  }

  #end(fields: JsonObject | { readonly result: unknown }): void {
    this.#life.end({ ...fields }, this.#parts.server.now())
    this.#tell()
  }

  #tell(): void {
    this.#parts.server.changed(this.#parts.life)
    this.#parts.said()
  }

  /** Throws an `Error` where the id stands for something else by now, or for nothing. */
  get #life(): FakeLife {
    const { server, life } = this.#parts
    if (server.holds(life)) return life
    throw new Error(`this life of '${this.id}' is over: it vanished, or session() made a new one; go on with that`)
  }
}
