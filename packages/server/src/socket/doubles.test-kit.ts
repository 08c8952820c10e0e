// The doubles of `testing/`, for tests that look closer: what is sent stands in a list at once, what is received is handed
// over as it is, and the engine's buffer can fill up.
import type { ServerEventName } from '@progress/protocol'
import { FakeConn } from '../testing/fakeConn'
import { FakeServer } from '../testing/fakeServer'
import { FakeSocket } from '../testing/fakeSocket'
import type { PacketLike } from './socketLike'

/** A server: rooms, and who is in them. */
export class DoubleIo extends FakeServer {
  /** How many rooms somebody is in, beside those that each connection is in by itself. */
  get roomCount(): number {
    return this.rooms.size - this.size
  }
}

/** The engine's end of a connection: what a stalled reader does not take stays in it. */
export class DoubleConn extends FakeConn {
  readonly transport = { socket: { bufferedAmount: 0, terminate: () => void this.terminations++ } }
  terminations = 0
  closed = 0
  stalled = false

  override close(): void {
    this.closed += 1
  }

  send(data: string, type = 'message'): void {
    const packet: PacketLike = { type, data }
    this.tell('packetCreate', packet)
    this.writeBuffer.push(packet)
    this.#flush()
  }

  /** The reader takes everything. */
  resume(): void {
    this.stalled = false
    this.transport.socket.bufferedAmount = 0
    this.#flush()
  }

  /** As an engine does: one batch is under way, the others wait until it has left. */
  #flush(): void {
    if (this.stalled && this.transport.socket.bufferedAmount > 0) return
    this.tell('flush', {})
    const bytes = this.writeBuffer.reduce((sum, { data }) => sum + String(data).length, 0)
    this.writeBuffer = []
    if (this.stalled) this.transport.socket.bufferedAmount += bytes
  }
}

/** Something that a client was sent. */
export interface Sent {
  readonly event: string
  readonly payload: unknown
}

/** The server's end of one connection, and its client's hands. It is connected. */
export class DoubleSocket extends FakeSocket {
  declare readonly conn: DoubleConn
  readonly sent: Sent[]

  constructor(io: DoubleIo) {
    const conn = new DoubleConn()
    const sent: Sent[] = []
    const event = (text: string): void => {
      const [name, payload] = JSON.parse(text) as [string, unknown]
      sent.push({ event: name, payload })
      conn.send(text)
    }
    super(io, { event }, {}, conn)
    this.sent = sent
    this.open()
  }

  /** The rooms that it was put into: not the one with its own id. */
  override get rooms(): string[] {
    return super.rooms.filter((room) => room !== this.id)
  }

  /** The client sends; a handler that throws throws here. */
  receive(event: string, ...args: unknown[]): void {
    this.hear(event, args)
  }

  /** The client sends, and waits for the acknowledgement. */
  ask(event: string, ...args: unknown[]): Promise<Answer> {
    return new Promise((resolve) => this.receive(event, ...args, resolve))
  }

  /** Payloads of one event, in their order. */
  heard<T = Record<string, unknown>>(event: ServerEventName): T[] {
    return this.sent.filter((one) => one.event === event).map(({ payload }) => payload as T)
  }
}

/** What an acknowledgement may hold. */
export interface Answer {
  readonly success?: true
  readonly error?: { readonly code: string; readonly message: string }
  readonly status?: {
    readonly sessionId: string
    readonly revision: number
    readonly progress: number
    readonly epoch: string
  }
  readonly sessions?: readonly { readonly sessionId: string }[]
  readonly snapshots?: readonly { readonly sessionId: string; readonly progress: number }[]
  readonly gone?: readonly { readonly sessionId: string; readonly code: string }[]
}

/** A door that stays shut until it is opened: for what must take its time. */
export class Gate {
  #open = () => {}
  readonly passed = new Promise<void>((resolve) => {
    this.#open = resolve
  })
  open(): void {
    this.#open()
  }
}

/** Lets everything run that waits on settled promises. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
