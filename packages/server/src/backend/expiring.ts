// Values under names, each for a while. What has run out is gone for whoever asks, and is cleared away in bulk.
import type { Clock } from '@progress/protocol'

/** So many are held before the first look for what has run out. */
const CLEARED_ABOVE = 1_000

/** A map that forgets. It holds at most twice what is alive, and the cost of a `set` does not grow with it. */
export class Expiring<T> {
  readonly #clock: Clock
  readonly #held = new Map<string, { readonly value: T; readonly until: number }>()
  #clearedAbove = CLEARED_ABOVE

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The value, unless its time has run out. */
  get(name: string): T | undefined {
    const held = this.#held.get(name)
    if (!held) return undefined
    if (held.until > this.#clock.now()) return held.value
    this.#held.delete(name)
    return undefined
  }

  /** Keeps a value for `ttlMs`, in place of the one before. */
  set(name: string, value: T, ttlMs: number): void {
    if (this.#held.size >= this.#clearedAbove) this.#clear()
    this.#held.set(name, { value, until: this.#clock.now() + ttlMs })
  }

  #clear(): void {
    const now = this.#clock.now()
    for (const [name, { until }] of this.#held) if (until <= now) this.#held.delete(name)
    this.#clearedAbove = Math.max(CLEARED_ABOVE, 2 * this.#held.size)
  }
}
