// Messages on their way to a client: some come twice, some late, some not at all. What keeps a connection alive is let
// through, and lets out what was held back.
import type { Faults } from './faults'
import { type Piece, PieceReader } from './pieces'

/** So many messages may be overtaken by one. */
const WINDOW = 5

/** What a mangler asks, and whom it tells. */
export interface ManglerParts {
  /** How messages are mangled now; absent: not at all. */
  how(): Faults['mangle']
  /** 0 <= random < 1 */
  random(): number
  /** An answer was left out: nothing can follow on this connection. */
  lost(): void
}

/** The server's side of one connection. */
export class Mangler {
  readonly #parts: ManglerParts
  readonly #reader = new PieceReader()
  readonly #window: Buffer[] = []
  /** Messages and answers that were left out. */
  dropped = 0
  /** Those that came twice, or were overtaken. */
  moved = 0

  constructor(parts: ManglerParts) {
    this.#parts = parts
  }

  /** What goes on of it. */
  take(chunk: Buffer): Buffer {
    return Buffer.concat(this.#reader.take(chunk).flatMap((piece) => this.#mangled(piece)))
  }

  /** What was held back to be overtaken, once nothing is to be mangled any more. */
  release(): Buffer {
    return this.#parts.how() ? Buffer.alloc(0) : Buffer.concat(this.#letOut())
  }

  #mangled({ bytes, kind }: Piece): readonly Buffer[] {
    const how = this.#parts.how()
    if (!how || kind === 'other') return [...this.#letOut(), bytes]
    const { duplicate, reorder, dropShare = 0 } = how
    if (this.#parts.random() < dropShare) {
      this.dropped += 1
      if (kind === 'answer') this.#parts.lost()
      return []
    }
    const copies = duplicate ? [bytes, bytes] : [bytes]
    if (duplicate) this.moved += 1
    // What comes by HTTP is one answer, which is in order or is none.
    if (!reorder || kind !== 'frame') return copies
    this.#window.push(...copies)
    return this.#window.length < WINDOW ? [] : this.#next(copies.length)
  }

  #letOut(): readonly Buffer[] {
    const out: Buffer[] = []
    while (this.#window.length > 0) out.push(...this.#next(1))
    return out
  }

  #next(count: number): readonly Buffer[] {
    const at = Math.floor(this.#parts.random() * this.#window.length)
    if (at > 0) this.moved += 1
    return this.#window.splice(at, count)
  }
}
