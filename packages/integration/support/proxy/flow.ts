// One direction of a connection: bytes of one socket reach the other late, slowly, in pieces, or for the time being not at all.
import type { Socket } from 'node:net'
import type { Shape } from './faults'

/** What a flow asks while it flows. */
export interface FlowParts {
  readonly to: Socket
  /** How bytes travel now. */
  shape(): Shape
  /** Nothing arrives for now. */
  isHeld(): boolean
  /** 0 <= random < 1 */
  random(): number
}

type Item = { readonly bytes: Buffer; readonly dueAt: number } | 'end' | 'close'

/** So much is read ahead; the rest stays with whoever sends it. */
const AHEAD_BYTES = 65_536
/** Bytes per second are counted out in portions for so long. */
const PORTION_MS = 50

/** Carries bytes, in their order. */
export class Flow {
  readonly #from: Socket
  readonly #parts: FlowParts
  readonly #items: Item[] = []
  #bytes = 0
  #lastDueAt = 0
  #isPumping = false
  #poke: () => void = () => {}

  constructor(from: Socket, parts: FlowParts) {
    this.#from = from
    this.#parts = parts
    from.on('end', () => this.#push('end'))
    from.on('close', () => this.#push('close'))
  }

  /** Bytes that have come. */
  take(bytes: Buffer): void {
    if (bytes.length === 0) return
    const { latencyMs = 0, jitterMs = 0 } = this.#parts.shape()
    const lateMs = latencyMs + jitterMs * (2 * this.#parts.random() - 1)
    this.#lastDueAt = Math.max(this.#lastDueAt, performance.now() + lateMs)
    this.#bytes += bytes.length
    if (this.#bytes > AHEAD_BYTES) this.#from.pause()
    this.#push({ bytes, dueAt: this.#lastDueAt })
  }

  /** The faults are other ones now. */
  changed(): void {
    this.#poke()
  }

  #push(item: Item): void {
    this.#items.push(item)
    if (this.#isPumping) return
    this.#isPumping = true
    void this.#pump()
  }

  async #pump(): Promise<void> {
    for (let item = this.#items[0]; item; item = this.#items[0]) {
      while (this.#parts.isHeld()) await this.#wait(undefined)
      if (item === 'end') this.#parts.to.end()
      else if (item === 'close') this.#parts.to.destroySoon()
      else await this.#carry(item)
      this.#items.shift()
    }
    this.#isPumping = false
  }

  async #carry({ bytes, dueAt }: Exclude<Item, string>): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      await this.#untilDue(dueAt)
      const { bytesPerSecond, sliceBytes = bytes.length } = this.#parts.shape()
      const portion = bytesPerSecond === undefined ? bytes.length : Math.ceil((bytesPerSecond * PORTION_MS) / 1_000)
      const piece = bytes.subarray(from, from + Math.max(1, Math.min(sliceBytes, portion)))
      from += piece.length
      await this.#write(piece)
      if (bytesPerSecond !== undefined) await this.#wait((piece.length / bytesPerSecond) * 1_000)
      else if (sliceBytes < bytes.length) await new Promise<void>((resolve) => setImmediate(resolve))
    }
    this.#bytes -= bytes.length
    if (this.#bytes <= AHEAD_BYTES) this.#from.resume()
  }

  async #untilDue(dueAt: number): Promise<void> {
    for (;;) {
      const { latencyMs = 0 } = this.#parts.shape()
      const lateMs = latencyMs > 0 ? dueAt - performance.now() : 0
      if (this.#parts.isHeld()) await this.#wait(undefined)
      else if (lateMs > 0) await this.#wait(lateMs)
      else return
    }
  }

  /** Waits for the other side, too, where it does not read. */
  async #write(piece: Buffer): Promise<void> {
    const { to } = this.#parts
    if (to.destroyed || !to.writable) return
    if (to.write(piece)) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        to.off('drain', done).off('close', done)
        resolve()
      }
      to.on('drain', done).on('close', done)
    })
  }

  /** Until the time is over, or the faults change. */
  #wait(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.#poke(), ms)
      this.#poke = () => {
        clearTimeout(timer)
        this.#poke = () => {}
        resolve()
      }
    })
  }
}
