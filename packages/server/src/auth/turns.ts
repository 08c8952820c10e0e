// Things to be looked at come in; each is looked at once, so many at a time. One that takes long holds up no other.

/** A queue that holds each thing at most once. */
export class Turns<T extends object> {
  readonly #atMost: number
  readonly #look: (one: T) => Promise<void>
  readonly #waiting = new Set<T>()
  readonly #running = new Set<T>()

  /** @param look is not to reject */
  constructor(atMost: number, look: (one: T) => Promise<void>) {
    this.#atMost = atMost
    this.#look = look
  }

  /** Is it waiting, or being looked at? */
  has(one: T): boolean {
    return this.#waiting.has(one) || this.#running.has(one)
  }

  /** Adds it, unless it is there already. */
  add(one: T): void {
    if (this.has(one)) return
    this.#waiting.add(one)
    this.#next()
  }

  /** Forgets those that wait. */
  clear(): void {
    this.#waiting.clear()
  }

  #next(): void {
    for (const one of this.#waiting) {
      if (this.#running.size >= this.#atMost) return
      this.#waiting.delete(one)
      this.#running.add(one)
      void this.#look(one).finally(() => {
        this.#running.delete(one)
        this.#next()
      })
    }
  }
}
