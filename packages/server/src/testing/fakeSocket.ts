// The server's end of one fake connection. What is emitted is handed to its peer as text, at once; how long it is on its
// way is the peer's affair.
import { type IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { SocketLike } from '../socket/socketLike'
import { FakeConn } from './fakeConn'

/** Whoever is at the other end. What arrives comes as JSON: `[event, payload]`. */
export interface FakePeer {
  opened?(): void
  refused?(refusal: Error): void
  event(text: string): void
  /** The server has ended it, or the line broke; Socket.IO's word for which. */
  ended?(reason: string): void
}

/** The server that it belongs to, which keeps the rooms. */
export interface FakeHome {
  /** An id that no other connection has. */
  nextId(): string
  add(socket: FakeSocket): void
  remove(socket: FakeSocket): void
  join(socket: FakeSocket, room: string): void
  leave(socket: FakeSocket, room: string): void
  roomsOf(socket: FakeSocket): readonly string[]
}

/** What a client shows when it dials. */
export interface FakeHandshake {
  readonly auth?: unknown
  readonly headers?: IncomingHttpHeaders
}

type Handler = (...args: unknown[]) => void

/** The server's end of one connection. It is in when `open` was called. */
export class FakeSocket implements SocketLike {
  readonly id: string
  readonly request = new IncomingMessage(new Socket())
  readonly handshake: { readonly auth: unknown; readonly headers: IncomingHttpHeaders }
  readonly conn: FakeConn
  /** All that runs over the same engine connection. */
  readonly client = { nsps: new Map<string, FakeSocket>() }
  connected = false
  readonly handlers = new Map<string, Handler[]>()
  readonly #io: FakeHome
  readonly #peer: FakePeer

  constructor(io: FakeHome, peer: FakePeer, { auth = {}, headers = {} }: FakeHandshake = {}, conn = new FakeConn()) {
    this.#io = io
    this.#peer = peer
    this.id = io.nextId()
    this.conn = conn
    this.conn.onEnd = () => this.end('forced close')
    this.handshake = { auth, headers: { ...headers } }
    this.request.headers = this.handshake.headers
  }

  /** The rooms that it is in; the one with its own id is among them. */
  get rooms(): readonly string[] {
    return this.#io.roomsOf(this)
  }

  /** It is let in; `false` where its line is gone already. */
  open(): boolean {
    if (this.conn.readyState !== 'open') return false
    this.connected = true
    this.client.nsps.set('/', this)
    this.#io.add(this)
    this.#peer.opened?.()
    return true
  }

  /** It is not let in. */
  refuse(refusal: Error): void {
    this.#peer.refused?.(refusal)
  }

  join(room: string): void | Promise<void> {
    if (this.connected) this.#io.join(this, room)
  }

  leave(room: string): void | Promise<void> {
    this.#io.leave(this, room)
  }

  emit(event: string, payload?: unknown): boolean {
    this.deliver(JSON.stringify([event, payload]))
    return true
  }

  on(event: string, listener: (...args: never[]) => void): this {
    this.handlers.set(event, [...(this.handlers.get(event) ?? []), listener as Handler])
    return this
  }

  /** The server ends it; with `close`, the engine's connection, too. */
  disconnect(close = false): this {
    this.end('server namespace disconnect')
    if (close) this.conn.close()
    return this
  }

  /** It ends, in Socket.IO's words. Twice is harmless. */
  end(reason: string): void {
    if (!this.connected) return
    this.connected = false
    this.client.nsps.delete('/')
    this.#io.remove(this)
    if (reason !== 'client namespace disconnect') this.#peer.ended?.(saidToClient(reason))
    this.hear('disconnect', [reason])
  }

  /** To the client. */
  deliver(text: string): void {
    if (this.connected) this.#peer.event(text)
  }

  /** From the client. A handler that throws throws here. */
  hear(event: string, args: readonly unknown[]): void {
    for (const handler of this.handlers.get(event) ?? []) handler(...args)
  }
}

/** A client is told less: who ended it, not why. */
function saidToClient(reason: string): string {
  return reason === 'server namespace disconnect' ? 'io server disconnect' : 'transport close'
}
