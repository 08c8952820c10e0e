// A connection to the main namespace comes in; a caller comes out, or a refusal that the client can read.
import type { Clock, KnownCode } from '@progress/protocol'
import type { Signals } from '../observe/signals'
import type { EngineSocketLike, SocketLike, SocketServerLike } from '../socket/socketLike'
import { type ArrivalsServer, type EnteredNamespace, guardArrivals } from './arrivals'
import type { Authentication, AuthRequest } from './authenticate'
import { BoundLogins } from './boundLogin'
import { type EngineLike, guardEngine } from './engineGuard'
import { authRequestOf } from './nodeRequest'
import type { OriginRule } from './origin'
import type { Caller } from './principal'
import { refusal } from './refusal'

export { requireSharedBackend } from '../socket/adapter'

/** What the handshake asks, and whom it tells. */
export interface HandshakeParts {
  readonly authentication: Authentication
  readonly isAllowed: OriginRule
  readonly signals: Signals
  readonly clock: Clock
  /** May the caller have one more connection? `release` is called when it has ended, at least once. */
  admit(caller: Caller): { readonly ok: true; release(): void } | { readonly ok: false; readonly code: KnownCode }
  /** Somebody is connected. */
  onCaller(socket: SocketLike, caller: Caller, request: AuthRequest): void
}

/**
 * Guards the main namespace of a Socket.IO server, and all requests to its engine. Other namespaces stay the app's own.
 * Throws a `TypeError` where the server is not attached yet, or would let recovered connections in unasked.
 */
export function guardHandshake(io: SocketServerLike, parts: HandshakeParts): void {
  const server = requireGuardable(io)
  const logins = new BoundLogins(parts.authentication)
  const door = new Door(parts, logins)
  guardEngine(server.engine, { isAllowed: parts.isAllowed, logins, signals: parts.signals })
  guardArrivals(server, parts)
  server.use((socket, next) => {
    // Also what a later middleware of the app throws comes out here.
    door.enter(socket, next).catch((cause: unknown) => door.failed(socket, next, cause))
  })
  server.on('connection', (socket) => door.opened(socket))
}

/** A refused client hears why, and the app's other namespaces get this long to connect on the same engine connection. */
const REFUSED_MS = 1_000
/** A client that does not fetch the refusal is dropped without it. */
const DISCARD_MS = 5_000

interface GuardedServer extends Pick<ArrivalsServer, '_nsps'> {
  readonly engine: EngineLike & ArrivalsServer['engine']
  readonly opts?: { readonly connectionStateRecovery?: unknown }
  use(fn: (socket: EnteringSocket, next: (error?: Error) => void) => void): unknown
  on(event: 'connection', listener: (socket: EnteringSocket) => void): unknown
  on(event: 'new_namespace', listener: (namespace: EnteredNamespace) => void): unknown
}

interface EngineConnection extends Omit<EngineSocketLike, 'on'> {
  readonly readyState: string
  readonly request: SocketLike['request']
  once(event: 'close', listener: () => void): unknown
}

interface EnteringSocket extends Omit<SocketLike, 'conn'> {
  readonly conn: EngineConnection
  /** All that runs over the same engine connection. */
  readonly client: { readonly nsps: { readonly size: number } }
  /** As the seed has it. */
  userId?: unknown
}

/** One attempt to enter over an engine connection. */
interface Entry {
  readonly socket: EnteringSocket
  readonly request: AuthRequest
  /** Who it turned out to be; absent while that is being asked, and after a refusal. */
  caller?: Caller
  asking: boolean
  release(): void
}

class Door {
  readonly #parts: HandshakeParts
  readonly #logins: BoundLogins
  /** The newest entry of each engine connection. */
  readonly #entries = new WeakMap<EngineConnection, Entry>()
  /** Refused connections that are about to be closed, and how to let go of them before. */
  readonly #closing = new WeakMap<EngineConnection, () => void>()

  constructor(parts: HandshakeParts, logins: BoundLogins) {
    this.#parts = parts
    this.#logins = logins
  }

  /** Asks who it is. Calls `next` once, whatever happens. */
  async enter(socket: EnteringSocket, next: (error?: Error) => void): Promise<void> {
    const entry = this.#begin(socket)
    if (!entry) return next(refusal('BAD_REQUEST'))
    const verdict = await this.#parts.authentication.judge(entry.request)
    entry.asking = false
    if (socket.conn.readyState !== 'open') return next(refusal('UNAVAILABLE')) // it is gone, and nobody hears this
    const code = typeof verdict === 'string' ? verdict : this.#admit(entry, verdict)
    if (code) this.#refuse(socket, next, code)
    else next()
  }

  /** Something threw: that lets nobody in. */
  failed(socket: EnteringSocket, next: (error: Error) => void, cause: unknown): void {
    this.#parts.signals.tell('handler-failed', { where: 'handshake', cause })
    this.#refuse(socket, next, 'HANDLER_ERROR')
  }

  /** It is connected, and every other middleware has let it pass, too. Whoever came another way is sent back. */
  opened(socket: EnteringSocket): void {
    const { signals, onCaller } = this.#parts
    const entry = this.#entries.get(socket.conn)
    if (entry?.socket !== socket || !entry.caller) {
      signals.tell('refused', { code: 'UNAUTHENTICATED', reason: 'did not come by the handshake' })
      socket.disconnect(true)
      return
    }
    const { userId } = entry.caller
    signals.tell('connected', { userId })
    socket.on('disconnect', (reason: unknown) => signals.tell('disconnected', { userId, reason: String(reason) }))
    try {
      onCaller(socket as unknown as SocketLike, entry.caller, entry.request)
    } catch (cause) {
      signals.tell('handler-failed', { where: 'connection', cause })
      socket.disconnect(true)
    }
  }

  #begin(socket: EnteringSocket): Entry | undefined {
    const { conn } = socket
    const previous = this.#entries.get(conn)
    if (previous?.asking) {
      // Twice at the same time would be one client with two sockets, of which it knows only one.
      conn.close()
      return undefined
    }
    previous?.release()
    const entry: Entry = { socket, request: requestOf(socket), asking: true, release: () => {} }
    this.#entries.set(conn, entry)
    if (!previous) conn.once('close', () => this.#gone(conn))
    return entry
  }

  /** What is gone is held by no timer: thousands may be refused while one of them runs. */
  #gone(conn: EngineConnection): void {
    this.#entries.get(conn)?.release()
    this.#closing.get(conn)?.()
  }

  /** The code of a refusal; `undefined` where the caller may come in. */
  #admit(entry: Entry, caller: Caller): KnownCode | undefined {
    const { socket } = entry
    const admission = this.#parts.admit(caller)
    if (!admission.ok) return admission.code
    entry.caller = caller
    entry.release = () => admission.release()
    socket.on('disconnect', entry.release)
    socket.userId = caller.principal.userId
    if (typeof tokenOf(socket) !== 'string') this.#logins.bind(socket.conn, caller)
    return undefined
  }

  #refuse(socket: EnteringSocket, next: (error: Error) => void, code: KnownCode): void {
    this.#parts.signals.tell('refused', { code, reason: 'handshake' })
    next(refusal(code))
    this.#closeSoon(socket)
  }

  /** A refused connection is closed by us: not every client does so itself. */
  #closeSoon({ conn, client }: EnteringSocket): void {
    if (this.#closing.has(conn)) return
    const { clock } = this.#parts
    const cancel = clock.after(REFUSED_MS, () => {
      this.#closing.delete(conn)
      if (client.nsps.size > 0) return
      this.#closing.set(
        conn,
        clock.after(DISCARD_MS, () => conn.close(true)),
      )
      conn.close(conn.writeBuffer.length === 0) // else when that has been written
    })
    this.#closing.set(conn, cancel)
  }
}

function requestOf(socket: EnteringSocket): AuthRequest {
  const claimed = tokenOf(socket)
  return authRequestOf(socket.request, typeof claimed === 'string' ? claimed : undefined)
}

/** The only thing that is read of what a client says of itself: a token has to be verified. */
function tokenOf({ handshake: { auth } }: EnteringSocket): unknown {
  return typeof auth === 'object' && auth !== null ? (auth as { token?: unknown }).token : undefined
}

function requireGuardable(io: SocketServerLike): GuardedServer {
  const server = io as unknown as GuardedServer & { readonly engine: EngineLike | undefined }
  if (!server.engine) {
    throw new TypeError(
      'The Socket.IO server is not attached yet. Write `new Server(httpServer)`, or call `io.attach(httpServer)` first.',
    )
  }
  if (server.opts?.connectionStateRecovery) {
    throw new TypeError(
      'connectionStateRecovery restores rooms without asking who it is, also after a logout. Leave it out of the options ' +
        'of `new Server()`: clients of ours come back to the present state by themselves.',
    )
  }
  return server as GuardedServer
}
