// The time of one run of the model: it stands still until it is moved on, and everything that waits on promises, or on a
// backend that works on its own, has its turn between two timers.
import type { Clock } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'

/** A clock that is moved by hand; a thousand runs a second go by it. */
export class RunClock extends ManualClock {
  /** Is anybody still at work whom only real time brings on? */
  readonly #isBusy: () => boolean

  constructor(isBusy: () => boolean) {
    super()
    this.#isBusy = isBusy
  }

  /** Lets everything happen that needs no time. */
  override async settle(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#isBusy())
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
