// Compares positions with the server now and then, and notices when it has fallen silent.
import { type Clock, type CommandAnswer, LIMITS, type Positions, type TransportLink } from '@progress/protocol/wire'
import type { Standing } from './line'
import { PATIENCE_MS } from './machine'

/** What is compared, and with whom. */
export interface SyncerParts {
  readonly clock: Clock
  random(): number
  standing(): Standing | undefined
  /** Grows with all that comes in. */
  heard(): number
  /** What is known; `undefined` where nothing is wanted. */
  known(): { readonly positions: Positions; readonly mine: boolean } | undefined
  take(answer: CommandAnswer<'sync-progress'>): void
  /** Nothing was heard since it was asked. */
  silent(): void
}

/** Asks every 10 s at the latest, and on demand. */
export class Syncer {
  readonly #parts: SyncerParts
  #cancelNext: (() => void) | undefined
  #cancelDeadline: (() => void) | undefined
  /** Over this link a comparison was asked for, and not answered yet. */
  #unanswered: TransportLink | undefined

  constructor(parts: SyncerParts) {
    this.#parts = parts
  }

  /** A link stands: compares from now on. */
  start(): void {
    this.stop()
    const { clock, random } = this.#parts
    // Earlier rather than later, and not all clients at the same moment.
    const ms = LIMITS.syncIntervalMs * (1 - random() / 5)
    this.#cancelNext = clock.after(ms, () => this.#due())
  }

  /** Compares at once. */
  now(): void {
    const { standing, known } = this.#parts
    this.start()
    const link = standing()?.link
    const what = known()
    if (!link || !what) return
    this.#expectWord()
    this.#unanswered = link
    link.send('sync-progress', [what.positions, { mine: what.mine }], (answer) => {
      this.#unanswered = undefined
      this.#parts.take(answer)
    })
  }

  stop(): void {
    this.#cancelNext?.()
    this.#cancelDeadline?.()
    this.#cancelNext = this.#cancelDeadline = undefined
  }

  /** Still no answer to the last one: what is pushed may arrive, but nothing that is asked for does. */
  #due(): void {
    const { standing, silent } = this.#parts
    const link = standing()?.link
    if (link && link === this.#unanswered) silent()
    else this.now()
  }

  #expectWord(): void {
    const { clock, heard, silent } = this.#parts
    const before = heard()
    this.#cancelDeadline?.()
    this.#cancelDeadline = clock.after(PATIENCE_MS, () => {
      if (heard() === before) silent()
    })
  }
}
