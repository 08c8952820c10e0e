// Questions to the backend, each with a bounded time to be answered in, and what was lately answered.
import type { Clock } from '@progress/protocol'
import type { Backend, StoredEntry } from '../backend/contract'
import { inTime } from '../inTime'
import type { Signals } from '../observe/signals'
import { Recent } from './recent'

/** What reading needs. */
export interface StoreReaderOptions {
  readonly backend: Backend
  readonly clock: Clock
  readonly signals: Signals
  /** Is what others tell heard now? */
  isHearing(): boolean
}

/** Asks a backend that may be away. */
export class StoreReader {
  readonly recent: Recent
  readonly #options: StoreReaderOptions

  constructor(options: StoreReaderOptions) {
    this.#options = options
    const { clock, isHearing } = options
    this.recent = new Recent({ clock, isHearing, read: (sessionId) => this.get(sessionId) })
  }

  /** The stored state of a session; `null` where there is none. Rejects where the backend does, or is too slow. */
  async get(sessionId: string): Promise<StoredEntry | null> {
    const { backend, clock } = this.#options
    const [entry] = await inTime(clock, backend.get([sessionId]))
    if (entry) this.recent.take(entry) // what is found may be told next: nobody reads anything older after that
    return entry ?? null
  }

  /** The same of anything that was asked; `null`, and a signal, where the backend fails or is too slow. */
  async orNull<T>(where: string, answer: Promise<T>, waitMs?: number): Promise<T | null> {
    const { clock, signals } = this.#options
    try {
      return await inTime(clock, answer, waitMs)
    } catch (cause) {
      signals.tell('store-failed', { where, cause })
      return null
    }
  }
}
