// Time that only the test moves.
import type { Clock } from '../clock'

interface Timer {
  at: number
  readonly order: number
  readonly run: () => void
}

/** A clock that stands still until `advance` is called. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>()
  #now: number
  #order = 0

  /** @param start milliseconds since 1970; default 2026-01-01 */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: this.#order++, run }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Timers that wait: 0 after everything was closed. */
  get pending(): number {
    return this.#timers.size
  }

  /**
   * Moves time on and runs, in order, what falls due, also what that sets up on its way. Promises settle between two
   * timers. A timer that throws stops the walk there and rejects.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await this.settle()
    for (let next = this.#due(end); next; next = this.#due(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
      await this.settle()
    }
    this.#now = end
  }

  /** Sets the time without running anything, as when a machine's clock is corrected. Timers keep their distance. */
  jump(ms: number): void {
    this.#now += ms
    for (const timer of this.#timers) timer.at += ms
  }

  /** Lets everything that waits on settled promises run, however long the chains are. */
  settle(): Promise<void> {
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve()
      }
      port2.postMessage(null)
    })
  }

  #due(end: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.at > end) continue
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }
}
