// What a server sends on one connection, cut into what belongs together: whole frames of a WebSocket, whole events of a
// stream, whole answers. Bytes come in, the same bytes come out, in pieces.

/** Bytes that are of use together only. */
export interface Piece {
  readonly bytes: Buffer
  /**
   * `frame`: an event or an acknowledgement of Socket.IO. `event`: of a stream. `answer`: of HTTP, whole. `other`: what keeps a
   * connection alive.
   */
  readonly kind: 'frame' | 'event' | 'answer' | 'other'
}

type Mode =
  | { readonly name: 'head' }
  /** An answer whose length is known; its head is among the bytes. */
  | { readonly name: 'answer'; readonly bytes: number }
  | { readonly name: 'chunks'; readonly isStream: boolean }
  | { readonly name: 'frames' }
  /** Nothing is known of it: it goes on as it comes. */
  | { readonly name: 'raw' }

interface Cut extends Piece {
  readonly next: Mode
}

const HEAD: Mode = { name: 'head' }
const HEAD_END = '\r\n\r\n'
const LINE_END = '\r\n'
/** An event or an acknowledgement of Socket.IO. */
const MESSAGE = /^4[23]/

/** Reads one connection. Frames are unmasked, whole, and not compressed, as our server sends them. */
export class PieceReader {
  #rest: Buffer = Buffer.alloc(0)
  #mode: Mode = HEAD

  /** The pieces that are complete with it. */
  take(chunk: Buffer): readonly Piece[] {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    const pieces: Piece[] = []
    for (let cut = this.#cut(); cut; cut = this.#cut()) {
      this.#rest = this.#rest.subarray(cut.bytes.length)
      this.#mode = cut.next
      if (cut.bytes.length > 0) pieces.push(cut)
    }
    return pieces
  }

  #cut(): Cut | undefined {
    const [rest, mode] = [this.#rest, this.#mode]
    if (rest.length === 0) return undefined
    switch (mode.name) {
      case 'head':
        return cutHead(rest)
      case 'answer':
        if (rest.length < mode.bytes) return undefined
        return { bytes: rest.subarray(0, mode.bytes), kind: 'answer', next: HEAD }
      case 'chunks':
        return cutChunk(rest, mode)
      case 'frames':
        return cutFrame(rest, mode)
      case 'raw':
        return { bytes: rest, kind: 'other', next: mode }
      default:
        mode satisfies never
        return undefined
    }
  }
}

function cutHead(rest: Buffer): Cut | undefined {
  const end = rest.indexOf(HEAD_END)
  if (end < 0) return undefined
  const bytes = rest.subarray(0, end + HEAD_END.length)
  const text = rest.toString('latin1', 0, end)
  const status = Number(text.split(' ', 2)[1])
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? Number.NaN)
  if (status === 101) return { bytes, kind: 'other', next: { name: 'frames' } }
  if (status === 204 || status === 304) return { bytes, kind: 'answer', next: HEAD }
  // Nothing goes on before the whole answer is there.
  if (length >= 0)
    return { bytes: rest.subarray(0, 0), kind: 'other', next: { name: 'answer', bytes: bytes.length + length } }
  if (!/\r\ntransfer-encoding: *chunked/i.test(text)) return { bytes, kind: 'other', next: { name: 'raw' } }
  return {
    bytes,
    kind: 'other',
    next: { name: 'chunks', isStream: /\r\ncontent-type: *text\/event-stream/i.test(text) },
  }
}

/** A chunk is one event, or something that keeps the stream alive. */
function cutChunk(rest: Buffer, mode: Extract<Mode, { name: 'chunks' }>): Cut | undefined {
  const line = rest.indexOf(LINE_END)
  if (line < 0) return undefined
  const length = Number.parseInt(rest.toString('latin1', 0, line), 16)
  const end = line + LINE_END.length + length + LINE_END.length
  if (rest.length < end) return undefined
  const bytes = rest.subarray(0, end)
  if (length === 0) return { bytes, kind: 'other', next: HEAD }
  return { bytes, kind: mode.isStream && bytes.includes('\ndata:') ? 'event' : 'other', next: mode }
}

function cutFrame(rest: Buffer, mode: Mode): Cut | undefined {
  if (rest.length < 2) return undefined
  const short = (rest[1] ?? 0) & 127
  const start = short === 126 ? 4 : short === 127 ? 10 : 2
  if (rest.length < start) return undefined
  const length = short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short
  if (rest.length < start + length) return undefined
  const isMessage = MESSAGE.test(rest.toString('latin1', start, start + Math.min(length, 4)))
  return { bytes: rest.subarray(0, start + length), kind: isMessage ? 'frame' : 'other', next: mode }
}
