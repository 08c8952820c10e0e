// One timer and one queue for all sessions: windows are equally long, so the order in which they open is the order in
// which they close.
import type { Clock } from '@progress/protocol'

/** What stands in the queue: the throttle keeps its two fields, nobody else writes them. */
export interface Throttled {
  /** A window is open: what comes now waits for its end. */
  waiting: boolean
  windowEndsAt: number
}

/** Leading and trailing: whoever opens a window has just been sent; at its end `close` sends what came in between. */
export class Throttle<T extends Throttled> {
  readonly #clock: Clock
  readonly #windowMs: number
  readonly #close: (item: T, now: number) => boolean
  #queue: (T | undefined)[] = []
  #head = 0
  #cancel: (() => void) | undefined
  #stopped = false

  /** @param close told when an item's window ends; `true` opens the next one at once */
  constructor(clock: Clock, windowMs: number, close: (item: T, now: number) => boolean) {
    this.#clock = clock
    this.#windowMs = windowMs
    this.#close = close
  }

  /** Opens a window for an item that has none. After `stop` it never ends. */
  open(item: T, now: number): void {
    item.waiting = true
    if (this.#stopped) return
    item.windowEndsAt = now + this.#windowMs
    this.#queue.push(item)
    this.#cancel ??= this.#clock.after(this.#windowMs, this.#tick)
  }

  /** Tells nobody anything any more. */
  stop(): void {
    this.#stopped = true
    this.#cancel?.()
    this.#cancel = undefined
    this.#queue = []
    this.#head = 0
  }

  readonly #tick = (): void => {
    this.#cancel = undefined
    const now = this.#clock.now()
    // The timer was set for the first: it is due, even when the machine's clock was put back meanwhile.
    const horizon = Math.max(now, this.#queue[this.#head]?.windowEndsAt ?? now)
    const end = this.#queue.length
    while (this.#head < end) {
      const item = this.#queue[this.#head]
      if (item && item.windowEndsAt > horizon) break
      this.#queue[this.#head++] = undefined
      if (!item) continue
      // Still waiting while it is told: what is wished by those who hear of it waits for the next window.
      if (this.#close(item, now)) this.open(item, now)
      else item.waiting = false
    }
    this.#compact()
    this.#arm(now)
  }

  #arm(now: number): void {
    this.#cancel?.() // set while the windows were reopened, for the last of them
    this.#cancel = undefined
    const next = this.#queue[this.#head]
    if (!next) return
    const wait = Math.min(this.#windowMs, Math.max(0, next.windowEndsAt - now))
    this.#cancel = this.#clock.after(wait, this.#tick)
  }

  /** Keeps the queue at most twice as long as what waits in it, at a cost that does not grow with it. */
  #compact(): void {
    if (this.#head * 2 < this.#queue.length) return
    this.#queue = this.#queue.slice(this.#head)
    this.#head = 0
  }
}
