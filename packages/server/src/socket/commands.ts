// The five commands of a client, over Socket.IO: each is looked at as it comes, waits its turn, and is carried out. Nothing
// that a client sends, and nothing that fails on the way, gets out of here.
import { COMMANDS, type CommandArgs, type CommandName } from '@progress/protocol'
import type { AuthRequest } from '../auth/authenticate'
import type { Caller } from '../auth/principal'
import type { Node } from '../node'
import type { Signals } from '../observe/signals'
import type { Desk } from '../viewing/desk'
import type { Connection } from './connection'
import { createHandlers, type Handlers, type Turn, type Waiting } from './handlers'
import { rateLimited, type WindowLimit } from './intake'
import { Line } from './line'
import { Listings } from './listings'
import type { SocketLike } from './socketLike'
import { refusalOfFailure } from './storeFailure'
import { type Life, Watches } from './watches'

/** What commands need. */
export interface CommandParts {
  readonly node: Node
  readonly desk: Desk
  readonly signals: Signals
  readonly limits: { readonly commandsPerMinute: number; readonly watchedPerConnection: number }
  /** Asked with the id of the connection for each command. */
  readonly limit: WindowLimit
}

/** When to come back where too much waits. */
const SECOND_MS = 1_000

/** Carries out what the clients of one server ask for. */
export class Commands {
  readonly #parts: CommandParts
  readonly #watches: Watches
  readonly #listings = new Listings()
  readonly #handlers: Handlers
  readonly #lines = new Map<Connection, Line>()

  constructor(parts: CommandParts) {
    const { node, desk, signals, limits } = parts
    this.#parts = parts
    this.#watches = new Watches({ node, desk, signals, watchedPerConnection: limits.watchedPerConnection })
    this.#handlers = createHandlers({ node, desk, signals, watches: this.#watches, listings: this.#listings })
  }

  /** Serves an authenticated connection until it ends. */
  serve(socket: SocketLike, caller: Caller, request: AuthRequest): Connection {
    const { signals, limit, limits, node } = this.#parts
    const rooms = { watched: new Set<string>(), awaited: new Set<string>(), listing: false }
    const connection: Connection = { socket, caller, request, ...rooms }
    const { commandsPerMinute } = limits
    const line = new Line(connection, { limit, commandsPerMinute, signals, now: () => node.clock.now() })
    this.#lines.set(connection, line)
    for (const name of COMMANDS) socket.on(name, (...received: unknown[]) => this.#take(line, name, received))
    socket.on('disconnect', () => this.#forget(connection))
    if (!socket.connected) this.#forget(connection)
    return connection
  }

  /** Those that are served now. */
  connections(): IterableIterator<Connection> {
    return this.#lines.keys()
  }

  /** Those who list the sessions of an owner. */
  listing(owner: string): Iterable<Connection> {
    return this.#listings.of(owner)
  }

  /** What is held for connections: 0 when none is there. */
  get size(): number {
    return this.#lines.size + this.#watches.size + this.#listings.size
  }

  /** Asks anew whether a connection may see what it watches. What it may not is left, and `progress-gone`. Never rejects. */
  reauthorise(connection: Connection): Promise<void> {
    return this.#watches.reauthorise(connection)
  }

  /** Sends the log lines after the one numbered `after`, as long as the connection watches the session. Never rejects. */
  sendLog(connection: Connection, session: Life, after: number): Promise<void> {
    return this.#watches.sendLog(connection, session, after)
  }

  /** Forgets all connections, and hears no more. */
  stop(): void {
    for (const connection of [...this.#lines.keys()]) this.#forget(connection)
    this.#watches.stop()
  }

  #forget(connection: Connection): void {
    const line = this.#lines.get(connection)
    if (!line) return
    this.#lines.delete(connection)
    line.end()
    this.#watches.forget(connection)
    this.#listings.leave(connection)
  }

  #take(line: Line, name: CommandName, received: readonly unknown[]): void {
    if (!this.#lines.has(line.connection)) return
    try {
      if (name === 'leave-progress') this.#leave(line, received)
      else this.#enqueue(line, name, received)
    } catch (cause) {
      this.#parts.signals.tell('handler-failed', { where: name, cause })
    }
  }

  /** At once: it must not wait behind the join that it takes back. */
  #leave(line: Line, received: readonly unknown[]): void {
    const read = line.intake.read('leave-progress', received)
    if (!read) return
    const [sessionId] = read.args
    line.left(sessionId, line.arrive())
    this.#watches.leave(line.connection, sessionId)
    read.call.succeed({ success: true })
  }

  #enqueue<C extends Waiting>(line: Line, name: C, received: readonly unknown[]): void {
    const read = line.intake.read(name, received)
    if (!read) return
    const turn: Turn = { line, call: read.call, arrived: line.arrive() }
    if (line.queue.add(() => this.#carryOut(name, turn, read.args))) return
    line.intake.refuse(name, read.call, rateLimited(SECOND_MS))
  }

  async #carryOut<C extends Waiting>(name: C, turn: Turn, args: CommandArgs<C>): Promise<void> {
    const { call, line } = turn
    if (!this.#lines.has(line.connection)) return
    try {
      const handler: Handlers[C] = this.#handlers[name]
      const answer = await handler(turn, args)
      if (answer === null) return
      if ('error' in answer) line.intake.refuse(name, call, answer)
      else call.succeed(answer)
    } catch (cause) {
      line.intake.refuse(name, call, refusalOfFailure(this.#parts.signals, name, cause))
    }
  }
}
