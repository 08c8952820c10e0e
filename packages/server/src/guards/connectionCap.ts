// Connections are counted per user: one more than allowed is refused, and each is given back once.
import { LIMITS } from '@progress/protocol'

/** A connection may stay, until `release` is called; or it may not. */
export type Admission = { readonly ok: true; release(): void } | { readonly ok: false; readonly code: 'LIMIT' }

/** Counts the connections of each user, on this process. The newest is the one that is refused. */
export class ConnectionCap {
  readonly #limit: number
  readonly #counts = new Map<string, number>()

  /** @param limit connections of one user; default `LIMITS.connectionsPerUser`. Throws where it is no count. */
  constructor(limit: number = LIMITS.connectionsPerUser) {
    if (!(Number.isInteger(limit) && limit > 0) && limit !== Number.POSITIVE_INFINITY) {
      throw new TypeError('limits.connectionsPerUser is a whole number above 0, or Infinity for no limit.')
    }
    this.#limit = limit
  }

  /** Takes a place. `release` gives it back; calling it twice is harmless. */
  admit({ userId }: { readonly userId: string }): Admission {
    const count = this.#counts.get(userId) ?? 0
    if (count >= this.#limit) return { ok: false, code: 'LIMIT' }
    this.#counts.set(userId, count + 1)
    let held = true
    const release = (): void => {
      if (held) this.#giveBack(userId)
      held = false
    }
    return { ok: true, release }
  }

  /** Users who have a connection: 0 once all have gone. */
  get users(): number {
    return this.#counts.size
  }

  #giveBack(userId: string): void {
    const left = (this.#counts.get(userId) ?? 0) - 1
    if (left > 0) this.#counts.set(userId, left)
    else this.#counts.delete(userId)
  }
}
