// What happens here goes to the backend: newest wins, one write at a time per session, tried again until it is there. An
// outage costs one entry per live session, never a queue.
import { type Clock, isEnd, LIMITS, type LogLine } from '@progress/protocol'
import type { Signals } from '../observe/signals'
import type { Backend, Entry } from './contract'
import { retryWaitMs } from './retry'

/** What a mirror needs. */
export interface MirrorOptions {
  readonly backend: Backend
  readonly clock: Clock
  readonly signals: Signals
  readonly node: string
  /** How long an active session may be forgotten after. */
  readonly activeKeepMs: number
  readonly endKeepMs: number
  /** The backend has it. */
  onStored(entry: Entry): void
  /** The backend knows something that is newer than this. What is put before the answer comes is part of the same write. */
  onRefused(entry: Entry): Promise<void>
}

/** What of one session is not in the backend yet. */
interface Pending {
  readonly epoch: string
  entry: Entry | undefined
  lines: readonly LogLine[]
  /** Told when it is there. */
  readonly waiting: (() => void)[]
}

/** Writes to a backend on behalf of the tracker. None of its methods throws or rejects. */
export class Mirror {
  readonly #options: MirrorOptions
  readonly #pending = new Map<string, Pending>()
  readonly #writing = new Map<string, Pending>()
  #failures = 0
  #cancelRetry: (() => void) | undefined
  #closed = false

  constructor(options: MirrorOptions) {
    this.#options = options
  }

  /** Entries that wait for the backend. */
  get backlog(): number {
    return this.#pending.size
  }

  /** Is something of this session not in the backend yet? */
  isHolding(sessionId: string): boolean {
    return this.#pending.has(sessionId) || this.#writing.has(sessionId)
  }

  /** The last write failed, and none has worked since. */
  get failing(): boolean {
    return this.#failures > 0
  }

  /** Stores a state, some time; a newer one takes its place until then. */
  put(entry: Entry): void {
    const { sessionId, epoch } = entry.snapshot
    const pending = this.#of(sessionId, epoch)
    if (!pending) return
    pending.entry = entry
    this.#write(sessionId)
  }

  /** Stores lines, some time; of those that wait, the last `LIMITS.logLines` are kept. */
  log(sessionId: string, epoch: string, lines: readonly LogLine[]): void {
    const pending = this.#of(sessionId, epoch)
    if (!pending) return
    pending.lines = [...pending.lines, ...lines].slice(-LIMITS.logLines)
    this.#write(sessionId)
  }

  /** Resolves when all that was put so far is in the backend, or this is closed. Never rejects. */
  async flush(): Promise<void> {
    const unwritten = new Set([...this.#pending.values(), ...this.#writing.values()])
    await Promise.all([...unwritten].map(({ waiting }) => new Promise<void>((resolve) => waiting.push(resolve))))
  }

  /** Writes nothing more, and lets go of what waits. */
  close(): void {
    this.#closed = true
    this.#cancelRetry?.()
    for (const pending of [...this.#pending.values(), ...this.#writing.values()]) settle(pending)
    this.#pending.clear()
    this.#writing.clear()
  }

  /** What waits for this life of a session; nothing where it is closed, or an older life than the one that waits. */
  #of(sessionId: string, epoch: string): Pending | undefined {
    const before = this.#pending.get(sessionId)
    if (before?.epoch === epoch) return before
    if (this.#closed || (before && before.epoch > epoch)) return undefined
    const pending: Pending = { epoch, entry: undefined, lines: [], waiting: before?.waiting ?? [] }
    this.#pending.set(sessionId, pending)
    return pending
  }

  #write(sessionId: string): void {
    if (this.#closed || this.#writing.has(sessionId) || this.#cancelRetry) return
    const pending = this.#pending.get(sessionId)
    if (!pending) return
    this.#pending.delete(sessionId)
    this.#writing.set(sessionId, pending)
    void this.#carryOut(sessionId, pending)
  }

  async #carryOut(sessionId: string, pending: Pending): Promise<void> {
    try {
      await this.#store(sessionId, pending)
      this.#failures = 0
      settle(pending)
    } catch (cause) {
      this.#putBack(sessionId, pending)
      this.#failed(cause)
    }
    this.#writing.delete(sessionId)
    this.#write(sessionId)
  }

  /** Lines first: nothing is heard after an end. */
  async #store(sessionId: string, pending: Pending): Promise<void> {
    const { backend, activeKeepMs, endKeepMs, node, onStored, onRefused } = this.#options
    const { entry, lines, epoch } = pending
    if (lines.length > 0) await backend.appendLog(sessionId, epoch, lines, node)
    pending.lines = []
    if (!entry) return
    const isStored = await backend.put(entry, isEnd(entry.snapshot) ? endKeepMs : activeKeepMs)
    if (this.#closed) return
    if (isStored) return onStored(entry)
    await onRefused(entry)
    this.#pending.get(entry.snapshot.sessionId)?.waiting.push(...pending.waiting.splice(0))
  }

  /** What could not be written waits again, under what has come since. */
  #putBack(sessionId: string, pending: Pending): void {
    if (this.#closed) return
    const since = this.#pending.get(sessionId)
    if (!since) {
      this.#pending.set(sessionId, pending)
      return
    }
    since.waiting.push(...pending.waiting)
    if (since.epoch !== pending.epoch) return
    since.entry ??= pending.entry
    since.lines = [...pending.lines, ...since.lines].slice(-LIMITS.logLines)
  }

  /** One wait for all: while the backend is away it is asked again every few seconds, and the signals hear of it as often. */
  #failed(cause: unknown): void {
    if (this.#cancelRetry || this.#closed) return
    const { clock, signals } = this.#options
    signals.tell('store-failed', { where: 'put', cause })
    this.#cancelRetry = clock.after(retryWaitMs(this.#failures++), () => {
      this.#cancelRetry = undefined
      for (const sessionId of [...this.#pending.keys()]) this.#write(sessionId)
    })
  }
}

function settle({ waiting }: Pending): void {
  for (const resolve of waiting.splice(0)) resolve()
}
