// The surface of Socket.IO that rooms and commands use, without a network: what is sent stands in a list at once.
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { ServerEventName } from '@progress/protocol'
import type { EmitterLike, EngineSocketLike, PacketLike, RoomsLike, SocketLike, SocketServerLike } from './socketLike'

/** A server: rooms, and who is in them. */
export class DoubleIo implements RoomsLike, SocketServerLike {
  readonly rooms = new Map<string, Set<string>>()
  readonly sockets = { adapter: { rooms: this.rooms } }
  readonly engine = {}
  readonly connected = new Map<string, DoubleSocket>()
  made = 0

  get local(): EmitterLike {
    return this.#emitter([], [])
  }

  use(): this {
    return this
  }

  to(room: string): EmitterLike {
    return this.local.to(room)
  }

  /** How many rooms somebody is in. */
  get roomCount(): number {
    return this.rooms.size
  }

  #emitter(rooms: readonly string[], except: readonly string[]): EmitterLike {
    return {
      to: (room) => this.#emitter([...rooms, room], except),
      except: (room) => this.#emitter(rooms, [...except, room]),
      emit: (event, payload) => {
        const left = new Set(except.flatMap((room) => [...(this.rooms.get(room) ?? [])]))
        const ids = new Set(rooms.flatMap((room) => [...(this.rooms.get(room) ?? [])]))
        for (const id of ids) if (!left.has(id)) this.connected.get(id)?.emit(event, payload)
      },
    }
  }
}

/** The engine's end of a connection: what a stalled reader does not take stays in it. */
export class DoubleConn implements EngineSocketLike {
  writeBuffer: PacketLike[] = []
  readonly transport = { socket: { bufferedAmount: 0, terminate: () => void this.terminations++ } }
  terminations = 0
  closed = 0
  stalled = false
  readonly #listeners = new Map<string, Set<(packet: PacketLike) => void>>()

  on(event: string, listener: (...args: never[]) => void): void {
    const listeners = this.#listeners.get(event) ?? new Set()
    listeners.add(listener as (packet: PacketLike) => void)
    this.#listeners.set(event, listeners)
  }

  off(event: string, listener: (...args: never[]) => void): void {
    this.#listeners.get(event)?.delete(listener as (packet: PacketLike) => void)
  }

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0)
  }

  close(): void {
    this.closed += 1
  }

  send(data: string, type = 'message'): void {
    const packet = { type, data }
    for (const listener of this.#listeners.get('packetCreate') ?? []) listener(packet)
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
    for (const listener of this.#listeners.get('flush') ?? []) listener({})
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

/** The server's end of one connection, and its client's hands. */
export class DoubleSocket implements SocketLike {
  readonly request = new IncomingMessage(new Socket())
  readonly handshake = { auth: {}, headers: {} }
  readonly conn = new DoubleConn()
  readonly id: string
  connected = true
  readonly sent: Sent[] = []
  readonly handlers = new Map<string, ((...args: unknown[]) => void)[]>()

  constructor(private readonly io: DoubleIo) {
    this.id = `socket-${++io.made}`
    io.connected.set(this.id, this)
  }

  get rooms(): string[] {
    return [...this.io.rooms].filter(([, ids]) => ids.has(this.id)).map(([room]) => room)
  }

  join(room: string): void | Promise<void> {
    if (!this.connected) return
    const members = this.io.rooms.get(room) ?? new Set()
    members.add(this.id)
    this.io.rooms.set(room, members)
  }

  leave(room: string): void {
    const members = this.io.rooms.get(room)
    members?.delete(this.id)
    if (members?.size === 0) this.io.rooms.delete(room)
  }

  emit(event: string, payload: unknown): void {
    if (!this.connected) return
    this.sent.push({ event, payload })
    this.conn.send(JSON.stringify([event, payload]))
  }

  on(event: string, listener: (...args: never[]) => void): void {
    const handlers = this.handlers.get(event) ?? []
    handlers.push(listener as (...args: unknown[]) => void)
    this.handlers.set(event, handlers)
  }

  disconnect(): void {
    if (!this.connected) return
    this.connected = false
    for (const room of this.rooms) this.leave(room)
    this.io.connected.delete(this.id)
    this.receive('disconnect', 'transport close')
  }

  /** The client sends; a handler that throws throws here. */
  receive(event: string, ...args: unknown[]): void {
    for (const handler of this.handlers.get(event) ?? []) handler(...args)
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
