// Who asks how often: a key comes in, yes or "not before so many milliseconds" goes out. The window slides; nothing waits.
import type { Clock } from '@progress/protocol'

/** May it go on? If not, `retryAfterMs` says from when on. */
export type Allowance = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }

/** Keys remembered at most; the one that has been quiet for longest goes first. */
const KEYS = 10_000

/** At most `limit` times within any `windowMs`, for each key alone. What is refused does not count. */
export class SlidingWindow {
  readonly #clock: Clock
  readonly #limit: number
  readonly #windowMs: number
  readonly #maxKeys: number
  /** When each key asked, the oldest first; keys in the order of their last time. */
  readonly #times = new Map<string, number[]>()

  constructor(clock: Clock, limit: number, windowMs: number, maxKeys: number = KEYS) {
    this.#clock = clock
    this.#limit = limit
    this.#windowMs = windowMs
    this.#maxKeys = maxKeys
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#times.size
  }

  /** Counts one, if there is room for it. */
  take(key: string): Allowance {
    const now = this.#clock.now()
    const times = this.#recent(key, now)
    const [first] = times
    if (times.length >= this.#limit) {
      return { ok: false, retryAfterMs: first === undefined ? this.#windowMs : first + this.#windowMs - now }
    }
    times.push(now)
    this.#times.delete(key)
    this.#times.set(key, times)
    this.#forget(now)
    return { ok: true }
  }

  #recent(key: string, now: number): number[] {
    const times = this.#times.get(key) ?? []
    if ((times.at(-1) ?? now) > now) return [] // the clock was set back: what it said before counts no more
    const since = now - this.#windowMs
    const fresh = times.findIndex((at) => at > since)
    if (fresh !== 0) times.splice(0, fresh === -1 ? times.length : fresh)
    return times
  }

  #forget(now: number): void {
    for (const [key, times] of this.#times) {
      const isQuiet = (times.at(-1) ?? 0) <= now - this.#windowMs
      if (!isQuiet && this.#times.size <= this.#maxKeys) return
      this.#times.delete(key)
    }
  }
}
