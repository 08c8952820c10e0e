// What one handle listens to: it ends one by one, or all at once.

/** The subscriptions of a handle. */
export class Subscriptions {
  readonly #stops = new Set<() => void>()

  /** Adds a listener to a set; the answer takes it out. */
  add<T>(listeners: Set<T>, listener: T): () => void {
    listeners.add(listener)
    return this.keep(() => void listeners.delete(listener))
  }

  /** Keeps something that ends with the others; the answer ends it. */
  keep(end: () => void): () => void {
    const stop = (): void => {
      if (this.#stops.delete(stop)) end()
    }
    this.#stops.add(stop)
    return stop
  }

  /** Ends all of them. */
  end(): void {
    for (const stop of [...this.#stops]) stop()
  }
}
