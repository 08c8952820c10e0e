// Messages of Socket.IO on their way to a client: some come twice, some late, some not at all. What keeps a connection alive
// is let through, and lets out what was held back.
import type { Faults } from './faults'

/** So many messages may be overtaken by one. */
const WINDOW = 5
const HEAD_END = '\r\n\r\n'
/** An event or an acknowledgement. */
const MESSAGE = /^4[23]/

/** The server's side of one WebSocket. Frames are unmasked, whole, and not compressed, as our server sends them. */
export class Mangler {
  readonly #how: NonNullable<Faults['mangle']>
  readonly #random: () => number
  readonly #window: Buffer[] = []
  #rest: Buffer = Buffer.alloc(0)
  #isOpen = false
  /** Messages that were left out. */
  dropped = 0

  constructor(how: NonNullable<Faults['mangle']>, random: () => number) {
    this.#how = how
    this.#random = random
  }

  /** What goes on of it. */
  take(chunk: Buffer): Buffer {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const out: Buffer[] = []
    if (!this.#isOpen) {
      const end = this.#rest.indexOf(HEAD_END)
      if (end < 0) return Buffer.alloc(0)
      out.push(this.#rest.subarray(0, end + HEAD_END.length))
      this.#rest = this.#rest.subarray(end + HEAD_END.length)
      this.#isOpen = true
    }
    for (let frame = frameOf(this.#rest); frame; frame = frameOf(this.#rest)) {
      this.#rest = this.#rest.subarray(frame.bytes.length)
      if (MESSAGE.test(frame.text)) out.push(...this.#message(frame.bytes))
      else out.push(...this.#window.splice(0), frame.bytes)
    }
    return Buffer.concat(out)
  }

  #message(bytes: Buffer): readonly Buffer[] {
    const { duplicate, reorder, dropShare = 0 } = this.#how
    if (this.#random() < dropShare) {
      this.dropped += 1
      return []
    }
    const copies = duplicate ? [bytes, bytes] : [bytes]
    if (!reorder) return copies
    this.#window.push(...copies)
    if (this.#window.length < WINDOW) return []
    return this.#window.splice(Math.floor(this.#random() * this.#window.length), copies.length)
  }
}

function frameOf(buffer: Buffer): { readonly bytes: Buffer; readonly text: string } | undefined {
  if (buffer.length < 2) return undefined
  const short = (buffer[1] ?? 0) & 127
  const start = short === 126 ? 4 : short === 127 ? 10 : 2
  if (buffer.length < start) return undefined
  const length = short === 126 ? buffer.readUInt16BE(2) : short === 127 ? Number(buffer.readBigUInt64BE(2)) : short
  if (buffer.length < start + length) return undefined
  return {
    bytes: buffer.subarray(0, start + length),
    text: buffer.toString('latin1', start, start + Math.min(length, 4)),
  }
}
