// One connection between a viewer and a process: what is on its way is in two queues, which flow, stand still or lose what
// is in them. Socket.IO keeps the order of one connection; a proxy at message level need not, and the client must bear it.
import type { Clock } from '@progress/protocol'
import type { FakeListener } from '../../testing/fakeClient'
import type { FakeServer } from '../../testing/fakeServer'
import { type FakePeer, FakeSocket } from '../../testing/fakeSocket'

/** How things are on the way, as long as that lasts. */
export interface WayState {
  /** What is sent stays on its way. */
  isHeld: boolean
  /** What is sent vanishes, and neither end notices: a black hole. */
  isMute: boolean
}

/** After so long without a word, Socket.IO's server takes a connection for dead. */
const PING_TIMEOUT_MS = 45_000

interface Parcel {
  readonly open: () => void
  readonly isEvent: boolean
}

/** The client's end, as a client holds it. */
export interface SocketEnd {
  send(event: string, args: readonly unknown[], answer?: (answer: unknown) => void): void
  /** Says goodbye; nothing is heard after it. */
  disconnect(): void
}

/** Where a wire leads to. */
export interface FarEnd {
  readonly io: FakeServer
  readonly clock: Clock
  /** Its lines to clients break with it; the answer takes the wish back. */
  onCrash(broken: () => void): () => void
}

/** What a wire belongs to. */
export interface WireParts {
  readonly host: FarEnd
  readonly state: WayState
  readonly auth: unknown
  readonly listener: FakeListener
  /** The server has sent something. */
  sent(event: string, payload: unknown): void
}

/** In place of a connection where nobody is: the dial comes to nothing. */
export function deadEnd(listener: FakeListener): SocketEnd {
  let isOver = false
  queueMicrotask(() => !isOver && listener.refused?.('the server could not be reached', undefined))
  return {
    send: () => {},
    disconnect: () => {
      isOver = true
    },
  }
}

/** A connection. */
export class Wire implements SocketEnd {
  readonly #parts: WireParts
  readonly #socket: FakeSocket
  readonly #forget: () => void
  #toClient: Parcel[] = []
  #toServer: (() => void)[] = []
  /** The client hears nothing more. */
  #isOver = false
  #pumping = false
  #stopPing = (): void => {}

  constructor(parts: WireParts) {
    this.#parts = parts
    const { host, auth } = parts
    const peer: FakePeer = {
      opened: () => this.#toThem(() => parts.listener.opened?.()),
      refused: (refusal) => {
        const text = JSON.stringify({ message: refusal.message, data: Reflect.get(refusal, 'data') })
        this.#toThem(() => {
          const { message, data } = JSON.parse(text) as { message: string; data: unknown }
          this.#end()
          parts.listener.refused?.(message, data)
        })
      },
      event: (text) => {
        const [name, payload] = JSON.parse(text) as [string, unknown]
        parts.sent(name, payload)
        this.#toThem(() => parts.listener.event?.(name, payload), true)
      },
      ended: (reason) => {
        this.#stopPing()
        this.#toThem(() => this.#told(reason))
      },
    }
    this.#socket = new FakeSocket(host.io, peer, { auth: JSON.parse(JSON.stringify(auth)) as unknown })
    this.#forget = host.onCrash(() => this.cut())
    this.#toUs(() => void host.io.enter(this.#socket))
  }

  /** What the server has sent and the client has not got. */
  get inFlight(): number {
    return this.#toClient.length
  }

  send(event: string, args: readonly unknown[], answer?: (answer: unknown) => void): void {
    if (this.#isOver) return
    const sent = JSON.parse(JSON.stringify(args)) as unknown[]
    let isAnswered = false
    const ack = (...said: unknown[]): void => {
      if (isAnswered || !this.#socket.connected) return
      isAnswered = true
      const text = JSON.stringify(said)
      this.#toThem(() => answer?.((JSON.parse(text) as unknown[])[0]))
    }
    this.#toUs(() => {
      if (this.#socket.connected) this.#socket.hear(event, answer ? [...sent, ack] : sent)
    })
  }

  disconnect(): void {
    if (this.#isOver) return
    const { state, host } = this.#parts
    this.#end()
    if (state.isMute && this.#socket.connected) {
      this.#stopPing = host.clock.after(PING_TIMEOUT_MS, () => this.#drop())
      return
    }
    queueMicrotask(() => {
      this.#socket.end('client namespace disconnect')
      this.#socket.conn.close()
    })
  }

  /** The line breaks: what is on its way is lost, and both ends are told. */
  cut(): void {
    this.#toClient = []
    this.#toServer = []
    const { isMute } = this.#parts.state
    this.#drop()
    if (!isMute) queueMicrotask(() => this.#told('transport close'))
  }

  /** Brings the next so many of what is held. */
  deliver(count: number): void {
    for (const { open } of this.#toClient.splice(0, count)) queueMicrotask(open)
    if (this.#toClient.length === 0) for (const open of this.#toServer.splice(0, count)) queueMicrotask(open)
  }

  /** The next event that is held is there twice. */
  duplicate(): void {
    const at = this.#toClient.findIndex(({ isEvent }) => isEvent)
    const parcel = this.#toClient[at]
    if (parcel) this.#toClient.splice(at, 0, parcel)
  }

  /** The next event that is held comes last. */
  reorder(): void {
    const at = this.#toClient.findIndex(({ isEvent }) => isEvent)
    if (at >= 0) this.#toClient.push(...this.#toClient.splice(at, 1))
  }

  /** The next event that is held never arrives. */
  lose(): void {
    const at = this.#toClient.findIndex(({ isEvent }) => isEvent)
    if (at >= 0) this.#toClient.splice(at, 1)
  }

  /** What was held goes on. */
  resume(): void {
    this.#pump()
  }

  /** Is anybody at either end? */
  get isAlive(): boolean {
    return !this.#isOver || this.#socket.connected
  }

  /** Who listens to the connection at the server's end. */
  get listenerCount(): number {
    return this.#socket.conn.listenerCount
  }

  #toThem(open: () => void, isEvent = false): void {
    if (this.#isOver || this.#parts.state.isMute) return
    this.#toClient.push({ open: () => this.#isOver || open(), isEvent })
    this.#pump()
  }

  #toUs(open: () => void): void {
    if (this.#parts.state.isMute) return
    this.#toServer.push(open)
    this.#pump()
  }

  /** One after the other, each in a turn of its own. */
  #pump(): void {
    if (this.#pumping || this.#parts.state.isHeld) return
    const next = this.#toClient.shift()?.open ?? this.#toServer.shift()
    if (!next) return
    this.#pumping = true
    queueMicrotask(() => {
      this.#pumping = false
      next()
      this.#pump()
    })
  }

  #drop(): void {
    this.#stopPing()
    this.#forget()
    this.#socket.end('transport close')
    this.#socket.conn.close()
  }

  #told(reason: string): void {
    if (this.#isOver) return
    this.#end()
    this.#parts.listener.ended?.(reason)
  }

  #end(): void {
    this.#isOver = true
    this.#toClient = []
  }
}
