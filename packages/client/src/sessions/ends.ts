// Which ends an application was told of: an end is told once, whatever is mounted anew, reconnected or polled.

/** So many ends are remembered; beyond that the oldest are forgotten. */
const REMEMBERED = 1_000

/** Ends that were told: of which session, and of which epoch of it; or that it is `gone`. */
export class Ends {
  readonly #told = new Set<string>()

  /** `true` the first time. */
  tell(sessionId: string, epoch: string): boolean {
    const end = `${sessionId} ${epoch}`
    if (this.#told.has(end)) return false
    this.#told.add(end)
    const [oldest] = this.#told
    if (this.#told.size > REMEMBERED && oldest !== undefined) this.#told.delete(oldest)
    return true
  }

  /** It may be told again. */
  forget(sessionId: string, epoch: string): void {
    this.#told.delete(`${sessionId} ${epoch}`)
  }
}
