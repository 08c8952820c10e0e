// The line of one process to its backend: it can be slow, away, deaf, or gone with its process. A backend comes in, the same
// comes out with these faults.
import type { Clock, LogLine } from '@progress/protocol'
import type { Backend, Entry, Message, StoredLog } from '../../backend/contract'

type Health = 'well' | 'away' | 'deaf' | 'gone'

/** How long a call is on its way where it is slow. */
export const SLOW_MS = 1_000

interface Ear {
  readonly hear: (message: Message) => void
  readonly onGap: () => void
}

/** A backend over a line that breaks. */
export class StoreLine implements Backend {
  readonly '~backend' = 1
  readonly endKeepMs?: number
  readonly #backend: Backend
  readonly #clock: Clock
  readonly #ears = new Set<Ear>()
  #health: Health = 'well'
  /** When it was last away; absent where it never was. */
  awayAt: number | undefined
  /** States are read and written, but it takes a while. */
  isSlow = false
  /** Calls that are not answered yet. */
  waiting = 0
  /** What is on its way to the store or back. */
  delayed = 0

  constructor(backend: Backend, clock: Clock) {
    this.#backend = backend
    this.#clock = clock
    if (backend.endKeepMs !== undefined) this.endKeepMs = backend.endKeepMs
  }

  get health(): Health {
    return this.#health
  }

  /** It takes a while from now on. */
  slow(): void {
    this.isSlow = true
  }

  /** Calls fail, and what others tell is missed. */
  cut(): void {
    this.#health = 'away'
    this.awayAt = this.#clock.now()
  }

  /** What others tell is missed, and nobody notices. */
  deafen(): void {
    if (this.#health === 'away') this.awayAt = this.#clock.now()
    this.#health = 'deaf'
  }

  /** All is well again; who was away knows that something may have been missed, who was deaf does not. */
  mend(): void {
    const wasAway = this.#health === 'away'
    if (wasAway) this.awayAt = this.#clock.now()
    this.isSlow = false
    this.#health = 'well'
    if (wasAway) for (const { onGap } of [...this.#ears]) onGap()
  }

  /** The process is gone: nothing that it still does reaches the store, and nothing is answered. */
  drop(): void {
    this.#health = 'gone'
    this.waiting = 0
  }

  async put(entry: Entry, keepMs: number): Promise<boolean> {
    await this.#delay()
    return await this.#call(() => this.#backend.put(entry, keepMs))
  }

  async get(sessionIds: readonly string[]): Promise<readonly (Entry | null)[]> {
    const found = await this.#call(() => this.#backend.get(sessionIds))
    await this.#delay()
    return found
  }

  listByOwner(owner: string): Promise<readonly Entry[]> {
    return this.#call(() => this.#backend.listByOwner(owner))
  }

  listActiveByNode(node: string): Promise<readonly Entry[]> {
    return this.#call(() => this.#backend.listActiveByNode(node))
  }

  appendLog(sessionId: string, epoch: string, lines: readonly LogLine[], node: string): Promise<void> {
    return this.#call(() => this.#backend.appendLog(sessionId, epoch, lines, node))
  }

  readLog(sessionId: string, epoch: string, after: number): Promise<StoredLog> {
    return this.#call(() => this.#backend.readLog(sessionId, epoch, after))
  }

  send(message: Message): Promise<void> {
    return this.#call(() => this.#backend.send(message))
  }

  async listen(hear: (message: Message) => void, onGap: () => void): Promise<() => void> {
    const ear: Ear = { hear, onGap }
    const isWell = (): boolean => this.#health === 'well'
    const stop = await this.#call(() =>
      this.#backend.listen(
        (message) => isWell() && hear(message),
        () => isWell() && onGap(),
      ),
    )
    this.#ears.add(ear)
    return () => {
      this.#ears.delete(ear)
      stop()
    }
  }

  heartbeat(node: string, ttlMs: number, keepMs: number): Promise<void> {
    return this.#call(() => this.#backend.heartbeat(node, ttlMs, keepMs))
  }

  silence(nodes: readonly string[]): Promise<readonly (number | null)[]> {
    return this.#call(() => this.#backend.silence(nodes))
  }

  claim(name: string, ttlMs: number): Promise<boolean> {
    return this.#call(() => this.#backend.claim(name, ttlMs))
  }

  count(name: string, windowMs: number): Promise<number> {
    return this.#call(() => this.#backend.count(name, windowMs))
  }

  async close(): Promise<void> {}

  /** What is written is on its way for a while, and so is the answer to what was read. */
  async #delay(): Promise<void> {
    if (!this.isSlow) return
    this.delayed += 1
    await new Promise<void>((resolve) => void this.#clock.after(SLOW_MS, resolve))
    this.delayed -= 1
  }

  async #call<T>(method: () => Promise<T>): Promise<T> {
    if (this.#health === 'gone') return new Promise<never>(() => {})
    if (this.#health === 'away') throw new Error('the backend is away')
    this.waiting += 1
    try {
      return await method()
    } finally {
      if (this.health !== 'gone') this.waiting -= 1
      // A process that is gone hears no answer.
      else await new Promise<never>(() => {})
    }
  }
}
