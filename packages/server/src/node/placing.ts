// A session that begins here under an id of the app's own: other processes may know it, and the backend is asked whose place
// it takes. Its job waits for the answer, and so does whoever watches.
import { ERRORS, ProgressError } from '@progress/protocol'
import type { Backend, Entry } from '../backend/contract'
import type { Signals } from '../observe/signals'
import type { Cell } from '../tracker/cell'
import { isActive } from '../tracker/session'
import type { Sessions } from '../tracker/sessions'
import type { Others } from './others'
import type { StoreReader } from './storeReader'

/** What placing needs. */
export interface PlacingOptions {
  readonly backend: Backend
  readonly signals: Signals
  readonly sessions: Sessions
  readonly others: Others
  readonly store: StoreReader
  /** A session was seen: whoever works on it is looked after. */
  note(entry: Entry): void
}

/** Finds their places for sessions that are held. */
export class Placing {
  readonly #options: PlacingOptions
  readonly #pending = new Set<Promise<unknown>>()

  constructor(options: PlacingOptions) {
    this.#options = options
  }

  /**
   * One that waits in a queue is gone on with; of any other a newer epoch is named. Rejects with `SESSION_CONFLICT`, and the
   * job never begins, where a live one has another owner. A backend that does not answer in time is done without.
   */
  place(cell: Cell): Promise<void> {
    const placed = this.#place(cell)
    const settled = placed.catch(() => {}).finally(() => this.#pending.delete(settled))
    this.#pending.add(settled)
    return placed
  }

  /** Resolves when all that are held have their place. Never rejects. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending)
  }

  async #place(cell: Cell): Promise<void> {
    const { backend, sessions, others, store } = this.#options
    const { sessionId } = cell.snapshot
    const entry = await store.orNull('get', store.get(sessionId))
    if (!entry || cell.gone) return sessions.release(cell)
    const { snapshot } = entry
    if (isActive(snapshot) && entry.owner !== cell.owner) throw this.#refuse(cell, entry)
    others.hear(entry)
    if (!isActive(snapshot) || !snapshot.queued) return sessions.release(cell, snapshot.epoch)
    const log = await store.orNull('readLog', backend.readLog(sessionId, snapshot.epoch, -1))
    sessions.resume(cell, snapshot, log?.lines ?? [])
  }

  #refuse(cell: Cell, entry: Entry): ProgressError {
    const { sessions, signals, note } = this.#options
    const error = new ProgressError('SESSION_CONFLICT', ERRORS.SESSION_CONFLICT.sentence)
    signals.tell('refused', { sessionId: cell.snapshot.sessionId, code: error.code, reason: error.message })
    note(entry)
    sessions.interrupt(cell, error)
    return error
  }
}
