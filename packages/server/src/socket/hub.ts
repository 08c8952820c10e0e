// All that is served over one Socket.IO server: commands, batches for owners, and an eye on those who read too slowly.
import type { AuthRequest } from '../auth/authenticate'
import type { Caller } from '../auth/principal'
import type { Node } from '../node'
import type { Desk } from '../viewing/desk'
import { OwnerBatches } from './batch'
import { Commands } from './commands'
import type { Connection } from './connection'
import type { WindowLimit } from './intake'
import { SlowReaders } from './slowReaders'
import type { SocketLike, SocketServerLike } from './socketLike'

/** What a hub needs. */
export interface HubParts {
  readonly io: SocketServerLike
  readonly node: Node
  readonly desk: Desk
  readonly limits: { readonly commandsPerMinute: number; readonly watchedPerConnection: number }
  readonly limit: WindowLimit
}

/** How often some connections are asked to leave while a server drains. */
const DRAIN_STEP_MS = 100
/** When to try again for those who come while it does. */
const COME_BACK_MS = 1_000

/** The connections of one Socket.IO server. */
export class Hub {
  readonly #node: Node
  readonly #commands: Commands
  readonly #batches: OwnerBatches
  readonly #slow: SlowReaders
  #isClosing = false

  constructor({ io, node, desk, limits, limit }: HubParts) {
    this.#node = node
    this.#commands = new Commands({ node, desk, signals: node.signals, limits, limit })
    this.#slow = new SlowReaders({
      node,
      signals: node.signals,
      sendLog: (connection, session, after) => this.#commands.sendLog(connection, session, after),
    })
    this.#batches = new OwnerBatches({
      io,
      node,
      desk,
      listing: (owner) => this.#commands.listing(owner),
      slow: this.#slow,
    })
  }

  /** Those that are served now. */
  get connections(): Iterable<Connection> {
    return this.#commands.connections()
  }

  /** Serves an authenticated connection until it ends. One that comes while the server goes is sent on. */
  accept(socket: SocketLike, caller: Caller, request: AuthRequest): void {
    if (this.#isClosing) sendOn(socket, COME_BACK_MS)
    else this.#slow.add(this.#commands.serve(socket, caller, request))
  }

  /** Asks anew whether a connection may see what it watches. Never rejects. */
  reauthorise(connection: Connection): Promise<void> {
    return this.#commands.reauthorise(connection)
  }

  /** Asks all clients to come back elsewhere, spread over `drainMs`, and stops. */
  async close(drainMs: number): Promise<void> {
    this.#isClosing = true
    const leaving = [...this.connections]
    const steps = Math.max(1, Math.ceil(drainMs / DRAIN_STEP_MS))
    const share = Math.ceil(leaving.length / steps)
    for (let step = 0; step < steps && leaving.length > 0; step++) {
      if (step > 0) await this.#pause(DRAIN_STEP_MS)
      for (const { socket } of leaving.splice(0, share)) sendOn(socket, 0)
    }
    this.#batches.stop()
    this.#slow.stop()
    this.#commands.stop()
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#node.clock.after(ms, resolve))
  }
}

function sendOn(socket: SocketLike, retryAfterMs: number): void {
  socket.emit('progress-bye', { code: 'DRAINING', retryAfterMs })
  socket.disconnect(true)
}
