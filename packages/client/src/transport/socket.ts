// By Socket.IO, with its own reconnection off: when to dial is decided in one place, and that is not here.
import type {
  CommandName,
  ProgressBye,
  TransportClose,
  TransportLink,
  TransportListener,
} from '@progress/protocol/wire'
import { io, type Socket } from 'socket.io-client'
import { DIAL_MS } from '../connection/machine'
import type { Connection } from '../connection/status'
import type { Address } from './address'
import { whyOf } from './requests'

export type { Socket } from 'socket.io-client'

/** What dialling needs. */
export interface SocketParts {
  readonly address: Address
  /** Where Socket.IO is mounted. */
  readonly path: string
  /** Asked at each dial; absent where cookies say who it is. */
  readonly auth: (() => Promise<string | null>) | undefined
  /** How it is connected has changed. */
  changed(): void
}

/** Dials, one socket at a time. */
export class SocketDialer {
  readonly #parts: SocketParts
  #socket: Socket | undefined

  constructor(parts: SocketParts) {
    this.#parts = parts
  }

  /** The newest one; `undefined` before the first dial. */
  get socket(): Socket | undefined {
    return this.#socket
  }

  via(): Connection['transport'] {
    const name = this.#socket?.io.engine?.transport?.name
    if (name === undefined) return null
    return name === 'polling' ? 'long-polling' : 'websocket'
  }

  open(listener: TransportListener): TransportLink {
    try {
      return new SocketLink(this.#dial(), listener, this.#parts)
    } catch (error) {
      // Told a moment later, as everything is.
      queueMicrotask(() => listener.closed(whyOf(error)))
      return { send: () => {}, close: () => {} }
    }
  }

  #dial(): Socket {
    const { address, path, auth } = this.#parts
    const socket = io(address.origin().origin, {
      path,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnection: false,
      forceNew: true,
      autoConnect: false,
      timeout: DIAL_MS,
      withCredentials: auth === undefined,
    })
    this.#socket = socket
    return socket
  }
}

class SocketLink implements TransportLink {
  readonly #socket: Socket
  readonly #listener: TransportListener
  readonly #parts: SocketParts
  #bye: ProgressBye | undefined
  #isOver = false

  constructor(socket: Socket, listener: TransportListener, parts: SocketParts) {
    this.#socket = socket
    this.#listener = listener
    this.#parts = parts
    socket.on('connect', () => this.#opened())
    socket.on('connect_error', (error: Error & { data?: unknown }) => this.#closed(refusalIn(error)))
    socket.on('disconnect', (reason) => this.#closed(this.#byeOr(reason)))
    socket.onAny((name: string, payload: unknown) => this.#event(name, payload))
    void this.#connect()
  }

  send(command: CommandName, args: readonly unknown[], answer?: (answer: never) => void): void {
    // An option that is left out stays out: `undefined` would arrive as `null`.
    const said = args.filter((arg) => arg !== undefined)
    if (answer) this.#socket.emit(command, ...said, (value: never) => !this.#isOver && answer(value))
    else this.#socket.emit(command, ...said)
  }

  close(): void {
    this.#isOver = true
    this.#socket.off().offAny()
    this.#socket.disconnect()
  }

  /** A token that cannot be had is no refusal: it may be had the next time. */
  async #connect(): Promise<void> {
    try {
      const token = await this.#parts.auth?.()
      if (this.#isOver) return
      if (token) this.#socket.auth = { token }
      this.#socket.connect()
    } catch (error) {
      this.#closed(whyOf(error))
    }
  }

  #opened(): void {
    this.#socket.io.engine.on('upgrade', () => this.#parts.changed())
    this.#listener.opened()
  }

  #closed(why: TransportClose): void {
    if (this.#isOver) return
    this.close()
    this.#listener.closed(why)
  }

  #event(name: string, payload: unknown): void {
    if (name === 'progress-bye') this.#bye = payload as ProgressBye
    else this.#listener.event(name, payload)
  }

  #byeOr(reason: string): TransportClose {
    const { code, retryAfterMs } = this.#bye ?? {}
    if (typeof code !== 'string') return { message: reason }
    return { code, message: reason, ...(typeof retryAfterMs === 'number' && { retryAfterMs }) }
  }
}

/** What the server's refusal says; without a code the dial came to nothing some other way. */
function refusalIn(error: Error & { data?: unknown }): TransportClose {
  const data = typeof error.data === 'object' && error.data !== null ? (error.data as Record<string, unknown>) : {}
  const { code, retryAfterMs } = data
  if (typeof code !== 'string') return { message: error.message }
  return { code, message: error.message, ...(typeof retryAfterMs === 'number' && { retryAfterMs }) }
}
