// What belongs to whom, so that the list of one owner does not cost a look at everybody's.

/** Items by their owner; what has none is in no list. */
export class OwnerIndex<T extends object | string> {
  /** Most owners have one item: a set for each of them would cost more than all else of it. */
  readonly #held = new Map<string, T | ReadonlySet<T>>()

  /** All of an owner's, in the order in which they came. */
  of(owner: string): Iterable<T> {
    const held = this.#held.get(owner)
    if (held === undefined) return []
    return held instanceof Set ? held : [held as T]
  }

  /** It belongs to this owner from now on. The same twice is there once. */
  add(owner: string | null, item: T): void {
    if (owner === null) return
    const held = this.#held.get(owner)
    if (held instanceof Set) held.add(item)
    else this.#held.set(owner, held === undefined || held === item ? item : new Set([held as T, item]))
  }

  /** It belongs to this owner no longer. */
  delete(owner: string | null, item: T): void {
    if (owner === null) return
    const held = this.#held.get(owner)
    if (held instanceof Set) held.delete(item)
    if (held === item || (held instanceof Set && held.size === 0)) this.#held.delete(owner)
  }
}
