// A Socket.IO server's two surfaces, rooms and sockets, without a network: what goes through is JSON, and nothing arrives
// before the code that sent it has returned.
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { EmitterLike, EngineSocketLike, RoomsLike, SocketLike, SocketServerLike } from '../socket/socketLike'

/** Rooms, and emitting to them. */
export class FakeRooms implements RoomsLike, SocketServerLike {
  readonly rooms = new Map<string, Set<string>>()
  readonly sockets = { adapter: { rooms: this.rooms } }
  readonly engine = {}
  readonly #byId = new Map<string, FakeSocket>()

  get local(): EmitterLike {
    return this.to('')
  }

  use(): this {
    return this
  }

  to(room: string): EmitterLike {
    return this.#emitter([room], [])
  }

  add(socket: FakeSocket): void {
    this.#byId.set(socket.id, socket)
  }

  remove(socket: FakeSocket): void {
    this.#byId.delete(socket.id)
    for (const room of [...this.rooms.keys()]) this.leave(socket, room)
  }

  join(socket: FakeSocket, room: string): void {
    const members = this.rooms.get(room) ?? new Set()
    members.add(socket.id)
    this.rooms.set(room, members)
  }

  leave(socket: FakeSocket, room: string): void {
    const members = this.rooms.get(room)
    members?.delete(socket.id)
    if (members?.size === 0) this.rooms.delete(room)
  }

  #emitter(rooms: readonly string[], except: readonly string[]): EmitterLike {
    return {
      to: (room) => this.#emitter([...rooms, room], except),
      except: (room) => this.#emitter(rooms, [...except, room]),
      emit: (event, payload) => {
        const left = new Set(except.flatMap((room) => [...(this.rooms.get(room) ?? [])]))
        const ids = new Set(rooms.flatMap((room) => [...(this.rooms.get(room) ?? [])]))
        const text = JSON.stringify(payload) // once for all of them, as Socket.IO does
        for (const id of ids) if (!left.has(id)) this.#byId.get(id)?.deliver(event, text)
        return true
      },
    }
  }
}

/** What a fake socket's client hears. */
export interface FakePeer {
  event(name: string, payload: unknown): void
  disconnected(): void
}

type Handler = (...args: unknown[]) => void

/** The server's end of one connection. */
export class FakeSocket implements SocketLike {
  readonly request = new IncomingMessage(new Socket())
  readonly handshake = { auth: {}, headers: {} }
  readonly conn: EngineSocketLike = {
    writeBuffer: [],
    on: () => {},
    off: () => {},
    close: () => this.disconnect(),
  }
  connected = true
  readonly #handlers = new Map<string, Handler[]>()

  constructor(
    readonly id: string,
    private readonly io: FakeRooms,
    private readonly peer: FakePeer,
  ) {
    io.add(this)
  }

  join(room: string): void {
    if (this.connected) this.io.join(this, room)
  }

  leave(room: string): void {
    this.io.leave(this, room)
  }

  emit(event: string, payload: unknown): boolean {
    this.deliver(event, JSON.stringify(payload))
    return true
  }

  on(event: string, listener: (...args: never[]) => void): this {
    const handlers = this.#handlers.get(event) ?? []
    handlers.push(listener as Handler)
    this.#handlers.set(event, handlers)
    return this
  }

  /** The line breaks, whoever broke it. */
  disconnect(): this {
    if (!this.connected) return this
    this.connected = false
    this.io.remove(this)
    this.#tell('disconnect', ['transport close'])
    later(() => this.peer.disconnected())
    return this
  }

  /** To the client. */
  deliver(event: string, text: string): void {
    later(() => {
      if (this.connected) this.peer.event(event, JSON.parse(text))
    })
  }

  /** From the client. An answer arrives only while the line stands. */
  receive(command: string, args: readonly unknown[], answer?: (answer: unknown) => void): void {
    const sent = JSON.parse(JSON.stringify(args)) as unknown[]
    const ack = (value: unknown): void => {
      const text = JSON.stringify(value)
      later(() => {
        if (this.connected) answer?.(JSON.parse(text))
      })
    }
    later(() => {
      if (this.connected) this.#tell(command, answer ? [...sent, ack] : sent)
    })
  }

  #tell(event: string, args: unknown[]): void {
    for (const handler of this.#handlers.get(event) ?? []) handler(...args)
  }
}

function later(run: () => void): void {
  void Promise.resolve().then(run)
}
