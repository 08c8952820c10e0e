// The time of one run of the model: it stands still until it is moved on, and everything that waits on promises, or on a
// backend that works on its own, has its turn between two timers.
import type { Clock } from '@progress/protocol'

interface Timer {
  at: number
  readonly run: () => void
}

/** A clock that is moved by hand; a thousand runs a second go by it. */
export class RunClock implements Clock {
  /** In the order in which they were set; a timer that is due first is looked for. */
  readonly #timers = new Set<Timer>()
  /** Is anybody still at work whom only real time brings on? */
  readonly #isBusy: () => boolean
  #now: number

  constructor(isBusy: () => boolean, start: number = Date.UTC(2026, 0, 1)) {
    this.#isBusy = isBusy
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, ms), run }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size
  }

  /** Moves time on, and runs in order what falls due. */
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

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#isBusy())
  }

  #due(end: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) if (timer.at <= end && (!first || timer.at < first.at)) first = timer
    return first
  }
}

/** The time of one process: what was set on it never happens once it is gone. */
export class ProcessClock implements Clock {
  readonly #clock: Clock
  readonly #live = new Set<() => void>()
  #isGone = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  after(ms: number, run: () => void): () => void {
    if (this.#isGone) return () => {}
    const stop = this.#clock.after(ms, () => {
      this.#live.delete(stop)
      run()
    })
    this.#live.add(stop)
    return () => {
      this.#live.delete(stop)
      stop()
    }
  }

  /** Timers of this process that wait. */
  get pending(): number {
    return this.#live.size
  }

  /** The process is gone, and all its timers with it. */
  kill(): void {
    this.#isGone = true
    for (const stop of this.#live) stop()
    this.#live.clear()
  }
}
