// A Socket.IO server's side of rooms and connections, without a network. `socketContract.test-kit.ts` holds it, and the
// sockets in it, to the real ones.
import type { EmitterLike, RoomsLike, SocketServerLike } from '../socket/socketLike'
import type { FakeConn } from './fakeConn'
import type { FakeHome, FakeSocket } from './fakeSocket'

/** Lets a connection in, or refuses it with an error, whose `data` its client is told. */
export type FakeMiddleware = (socket: FakeSocket, next: (refusal?: Error) => void) => void

/** Rooms, emitting to them, and the way in. */
export class FakeServer implements RoomsLike, SocketServerLike, FakeHome {
  readonly rooms = new Map<string, Set<string>>()
  readonly sockets = { adapter: { rooms: this.rooms } }
  /** What guards an engine finds it here: nobody comes by HTTP, so nothing is ever asked of it. */
  readonly engine = {
    clients: {},
    use: (): void => {},
    on: (event: string, listener: (conn: FakeConn) => void): void => {
      if (event === 'connection') this.#onEngine.push(listener)
    },
  }
  /** The one namespace that there is. */
  readonly _nsps = new Map([['/', this]])
  readonly #byId = new Map<string, FakeSocket>()
  readonly #middleware: FakeMiddleware[] = []
  readonly #onConnection: ((socket: FakeSocket) => void)[] = []
  readonly #onEngine: ((conn: FakeConn) => void)[] = []
  #made = 0

  /** To everybody. */
  get local(): EmitterLike {
    return this.#emitter([], [])
  }

  /** How many are connected. */
  get size(): number {
    return this.#byId.size
  }

  nextId(): string {
    this.#made += 1
    return `fake-${this.#made}`
  }

  use(middleware: FakeMiddleware): this {
    this.#middleware.push(middleware)
    return this
  }

  on(event: string, listener: (socket: FakeSocket) => void): this {
    if (event === 'connection') this.#onConnection.push(listener)
    return this
  }

  to(room: string): EmitterLike {
    return this.#emitter([room], [])
  }

  /** Asks the middleware, one after the other; then the connection is in, or refused, or gone meanwhile. */
  async enter(socket: FakeSocket): Promise<void> {
    for (const heard of this.#onEngine) heard(socket.conn)
    for (const middleware of this.#middleware) {
      const refusal = await new Promise<Error | undefined>((resolve) => middleware(socket, resolve))
      if (refusal) return socket.refuse(refusal)
    }
    if (!socket.open()) return
    for (const heard of this.#onConnection) heard(socket)
  }

  add(socket: FakeSocket): void {
    this.#byId.set(socket.id, socket)
    this.join(socket, socket.id)
  }

  remove(socket: FakeSocket): void {
    this.#byId.delete(socket.id)
    for (const room of this.roomsOf(socket)) this.leave(socket, room)
  }

  /** The rooms of a connection; the one with its own id is among them. */
  roomsOf({ id }: FakeSocket): string[] {
    return [...this.rooms].filter(([, members]) => members.has(id)).map(([room]) => room)
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
        const left = this.#idsIn(except)
        const ids = rooms.length === 0 ? new Set(this.#byId.keys()) : this.#idsIn(rooms)
        const text = JSON.stringify([event, payload]) // once for all of them, and now: what changes later is not sent
        for (const id of ids) if (!left.has(id)) this.#byId.get(id)?.deliver(text)
        return true
      },
    }
  }

  #idsIn(rooms: readonly string[]): Set<string> {
    return new Set(rooms.flatMap((room) => [...(this.rooms.get(room) ?? [])]))
  }
}
