// Sessions that have ended and stay a moment: one timer for all, and nothing is kept of those that had to go before.
import type { Clock } from '@progress/protocol'
import type { Cell } from './cell'

/** Ended sessions in the order of their end, each for the same span. */
export class Lingering {
  readonly #clock: Clock
  readonly #spanMs: number
  readonly #over: (cell: Cell) => boolean
  /** When each has ended; the oldest first. */
  readonly #endedAt = new Map<Cell, number>()
  /** What the timer was set for. */
  #dueAt = 0
  #cancel: (() => void) | undefined
  #stopped = false

  /** @param over told when a session has stayed for its span; `false`: it is still needed, and stays for another one */
  constructor(clock: Clock, spanMs: number, over: (cell: Cell) => boolean) {
    this.#clock = clock
    this.#spanMs = spanMs
    this.#over = over
  }

  /** Has ended now. After `stop` it stays. */
  add(cell: Cell, now: number): void {
    this.#endedAt.set(cell, now)
    if (!this.#stopped && !this.#cancel) this.#arm(now + this.#spanMs, this.#spanMs)
  }

  /** Is kept no longer. */
  delete(cell: Cell): void {
    this.#endedAt.delete(cell)
  }

  /** Who has ended first, and when. */
  get oldest(): { readonly cell: Cell; readonly endedAt: number } | undefined {
    const [first] = this.#endedAt
    return first && { cell: first[0], endedAt: first[1] }
  }

  /** Ends nobody's stay any more. */
  stop(): void {
    this.#stopped = true
    this.#cancel?.()
    this.#cancel = undefined
  }

  #arm(dueAt: number, waitMs: number): void {
    this.#dueAt = dueAt
    this.#cancel = this.#clock.after(waitMs, () => {
      this.#cancel = undefined
      this.#sweep(this.#clock.now())
    })
  }

  #sweep(now: number): void {
    // What the timer was set for is due, even when the machine's clock was put back meanwhile.
    const horizon = Math.max(now, this.#dueAt)
    for (const [cell, endedAt] of this.#endedAt) {
      const dueAt = endedAt + this.#spanMs
      if (dueAt > horizon) {
        this.#arm(dueAt, Math.min(this.#spanMs, Math.max(0, dueAt - now)))
        return
      }
      this.#endedAt.delete(cell)
      if (!this.#over(cell)) this.#endedAt.set(cell, horizon)
    }
  }
}
