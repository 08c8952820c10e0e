// Which sessions a process holds, by id and by owner.
import type { Cell } from './cell'
import { OwnerIndex } from './ownerIndex'

/** The sessions of one process, as they are looked up. */
export class Shelf {
  readonly #cells = new Map<string, Cell>()
  readonly #byOwner = new OwnerIndex<Cell>()

  /** How many are held. */
  get size(): number {
    return this.#cells.size
  }

  get(sessionId: string): Cell | undefined {
    return this.#cells.get(sessionId)
  }

  all(): Iterable<Cell> {
    return this.#cells.values()
  }

  /** All of an owner's. */
  of(owner: string): Iterable<Cell> {
    return this.#byOwner.of(owner)
  }

  /** Puts a session in. Whoever has its id is taken out before. */
  put(cell: Cell): void {
    const { sessionId } = cell.snapshot
    const before = this.#cells.get(sessionId)
    if (before) this.take(before)
    this.#cells.set(sessionId, cell)
    this.#byOwner.add(cell.owner, cell)
  }

  /** Takes a session out, if it is still the one that has its id. */
  take(cell: Cell): void {
    const { sessionId } = cell.snapshot
    if (this.#cells.get(sessionId) !== cell) return
    this.#cells.delete(sessionId)
    this.#byOwner.delete(cell.owner, cell)
  }
}
