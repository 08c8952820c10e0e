// Questions to the backend, each with a bounded time to be answered in.
import type { Clock } from '@progress/protocol'
import type { Backend, Entry } from '../backend/contract'
import { inTime } from '../inTime'
import type { Signals } from '../observe/signals'

/** What reading needs. */
export interface StoreReaderOptions {
  readonly backend: Backend
  readonly clock: Clock
  readonly signals: Signals
}

/** Asks a backend that may be away. */
export class StoreReader {
  readonly #options: StoreReaderOptions

  constructor(options: StoreReaderOptions) {
    this.#options = options
  }

  /** The stored state of a session; `null` where there is none. Rejects where the backend does, or is too slow. */
  async get(sessionId: string): Promise<Entry | null> {
    const { backend, clock } = this.#options
    const [entry] = await inTime(clock, backend.get([sessionId]))
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
