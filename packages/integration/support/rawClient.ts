// A Socket.IO client by hand, over a TCP connection that reads only when it is told to, and can send what no client would.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const TEXT = 1
const CLOSE = 8
/** Set beside `TEXT` in a message that says that it is compressed. */
export const COMPRESSED = 0x40 | TEXT

/** The client's end of a WebSocket. */
export class RawClient {
  /** Text messages that have come, as they are. */
  readonly messages: string[] = []
  /** Bytes that were read off the line. */
  received = 0
  closed = false
  readonly #tcp: Socket
  #rest = Buffer.alloc(0)

  private constructor(tcp: Socket) {
    this.#tcp = tcp
    tcp.on('data', (chunk: Buffer) => this.#read(chunk))
    tcp.on('close', () => {
      this.closed = true
    })
    tcp.on('error', () => {})
  }

  /** Opens a WebSocket; `auth` is what the CONNECT of Socket.IO carries. `null` sends none. More headers end in `\r\n`. */
  static async open(port: number, auth: object | null, headers = ''): Promise<RawClient> {
    const tcp = connect(port, '127.0.0.1')
    await once(tcp, 'connect')
    tcp.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n' +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${headers}\r\n`,
    )
    let head = ''
    while (!head.includes('\r\n\r\n')) head += String((await once(tcp, 'data'))[0])
    const client = new RawClient(tcp)
    const rest = Buffer.from(head.slice(head.indexOf('\r\n\r\n') + 4), 'latin1')
    client.#read(rest)
    if (auth) client.send(`40${JSON.stringify(auth)}`)
    return client
  }

  /** Reads nothing more: what the server sends stays with it. */
  stall(): void {
    this.#tcp.pause()
  }

  resume(): void {
    this.#tcp.resume()
  }

  /** Sends one text message: an Engine.IO packet. */
  send(text: string | Buffer, opcode = TEXT): void {
    const payload = Buffer.from(text)
    const mask = randomBytes(4)
    const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
    this.#tcp.write(Buffer.concat([header(opcode, payload.length), mask, masked]))
  }

  /** Sends a Socket.IO event, with the number of an acknowledgement or without. */
  emit(args: readonly unknown[], ack?: number): void {
    this.send(`42${ack ?? ''}${JSON.stringify(args)}`)
  }

  /** Events of one name, in their order. */
  heard<T = Record<string, unknown>>(event: string): T[] {
    return this.messages.flatMap((message) => {
      if (!message.startsWith('42[')) return []
      const [name, payload] = JSON.parse(message.slice(2)) as [string, T]
      return name === event ? [payload] : []
    })
  }

  close(): void {
    this.#tcp.destroy()
  }

  #read(chunk: Buffer): void {
    this.received += chunk.length
    this.#rest = Buffer.concat([this.#rest, chunk])
    for (let frame = take(this.#rest); frame; frame = take(this.#rest)) {
      this.#rest = this.#rest.subarray(frame.bytes)
      if (frame.opcode === CLOSE) this.#tcp.end()
      else this.messages.push(frame.text)
    }
  }
}

function header(opcode: number, length: number): Buffer {
  const first = 0x80 | opcode
  if (length < 126) return Buffer.from([first, 0x80 | length])
  if (length < 65_536) return Buffer.from([first, 0x80 | 126, length >> 8, length & 255])
  const long = Buffer.alloc(10)
  long[0] = first
  long[1] = 0x80 | 127
  long.writeBigUInt64BE(BigInt(length), 2)
  return long
}

function take(buffer: Buffer): { readonly opcode: number; readonly text: string; readonly bytes: number } | null {
  if (buffer.length < 2) return null
  const short = (buffer[1] ?? 0) & 127
  const start = short === 126 ? 4 : short === 127 ? 10 : 2
  if (buffer.length < start) return null
  const length = short === 126 ? buffer.readUInt16BE(2) : short === 127 ? Number(buffer.readBigUInt64BE(2)) : short
  if (buffer.length < start + length) return null
  const text = buffer.subarray(start, start + length).toString()
  return { opcode: (buffer[0] ?? 0) & 15, text, bytes: start + length }
}
