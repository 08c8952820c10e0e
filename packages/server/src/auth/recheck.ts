// Connections come in and are looked at again and again: whose login is over is told so, and disconnected.
import { type KnownCode, LIMITS, type ProgressBye } from '@progress/protocol'
import type { Node } from '../node'
import type { Connection } from '../socket/connection'
import type { Authentication } from './authenticate'
import { type Caller, isOf, type Revoked } from './principal'
import { Turns } from './turns'

/** What a recheck asks, and whom it tells. */
export interface RecheckParts {
  readonly node: Pick<Node, 'clock' | 'signals' | 'listen'>
  readonly authentication: Authentication
  /** All connections, as they are when it looks. */
  connections(): Iterable<Connection>
  /** Asks again for all that a connection watches: its caller's roles, or an app's own rule, may have changed. */
  reauthorise(connection: Connection): unknown
  /** Every 30 seconds: for those who hold no connection. */
  onTick?(): void
}

/** How many logins are read at the same time. */
const AT_MOST = 20

/**
 * Looks at every login again: each 30 seconds, at the moment when it says that it expires, and when it is revoked. One
 * that is over gets `progress-bye` (`EXPIRED`, `REVOKED`, or `UNAVAILABLE` where it could not be read), and is disconnected.
 */
export class Recheck {
  readonly #parts: RecheckParts
  readonly #turns = new Turns<Connection>(AT_MOST, (connection) => this.#look(connection))
  readonly #unlisten: () => void
  /** Who was revoked a moment ago, and when: a handshake may have read the login just before. */
  readonly #revoked = new Map<Revoked, number>()
  #cancelRound = (): void => {}
  #cancelExpiry = (): void => {}
  #expiryAt = Number.POSITIVE_INFINITY
  #stopped = false

  constructor(parts: RecheckParts) {
    this.#parts = parts
    this.#unlisten = parts.node.listen({ revoked: (whose) => this.revoke(whose) })
    this.#roundLater()
  }

  /** Somebody has connected: the login's expiry counts. Where it was revoked a moment ago, it is looked at once more. */
  attend(caller: Caller): void {
    if (this.#stopped) return
    this.#wakeAt(expiryOf(caller))
    if (!this.#wasRevoked(caller)) return
    for (const connection of this.#parts.connections()) {
      if (connection.caller.userId === caller.userId) this.#turns.add(connection)
    }
  }

  /** Ends the connections of a user, or of one login, at once. */
  revoke(whose: Revoked): void {
    if (this.#stopped) return
    this.#remember(whose)
    for (const connection of [...this.#parts.connections()]) {
      if (isOf(connection.caller, whose)) this.#end(connection, 'REVOKED')
    }
  }

  /** Stops for good. Twice is harmless. */
  stop(): void {
    this.#stopped = true
    this.#cancelRound()
    this.#cancelExpiry()
    this.#turns.clear()
    this.#unlisten()
  }

  #roundLater(): void {
    this.#cancelRound = this.#parts.node.clock.after(LIMITS.recheckMs, () => {
      this.#roundLater()
      for (const connection of this.#parts.connections()) this.#turns.add(connection)
      void this.#tell('recheck', () => this.#parts.onTick?.())
    })
  }

  async #look(connection: Connection): Promise<void> {
    const verdict = await this.#parts.authentication.judge({ ...connection.request, fresh: true })
    if (this.#stopped || !connection.socket.connected) return
    if (typeof verdict === 'string') return this.#end(connection, verdict === 'UNAVAILABLE' ? verdict : 'EXPIRED')
    if (verdict.userId !== connection.caller.userId) return this.#end(connection, 'REVOKED')
    connection.caller = verdict
    this.#wakeAt(expiryOf(verdict))
    await this.#tell('reauthorise', () => this.#parts.reauthorise(connection))
  }

  #end({ socket }: Connection, code: KnownCode): void {
    const { signals } = this.#parts.node
    if (!socket.connected) return
    signals.tell('refused', { code, reason: 'the login is over' })
    try {
      socket.emit('progress-bye', { code } satisfies ProgressBye)
      socket.disconnect(true)
    } catch (cause) {
      signals.tell('handler-failed', { where: 'disconnect', cause }) // the app's, and no reason to spare the next one
    }
  }

  /** One timer for all: the next expiry. One that lies beyond the next round is set there. */
  #wakeAt(at: number): void {
    const { clock } = this.#parts.node
    const ms = at - clock.now()
    if (at >= this.#expiryAt || ms > LIMITS.recheckMs) return
    this.#cancelExpiry()
    this.#expiryAt = at
    this.#cancelExpiry = clock.after(Math.max(0, ms), () => this.#expire())
  }

  #expire(): void {
    const now = this.#parts.node.clock.now()
    this.#expiryAt = Number.POSITIVE_INFINITY
    for (const connection of this.#parts.connections()) {
      const at = expiryOf(connection.caller)
      if (at <= now) this.#turns.add(connection)
      // Of those that are being looked at, it is set when that is done.
      else if (!this.#turns.has(connection)) this.#wakeAt(at)
    }
  }

  #remember(whose: Revoked): void {
    const now = this.#parts.node.clock.now()
    for (const [one, at] of this.#revoked) if (at < now - LIMITS.authenticateMs) this.#revoked.delete(one)
    this.#revoked.set(whose, now)
  }

  #wasRevoked(caller: Caller): boolean {
    const since = this.#parts.node.clock.now() - LIMITS.authenticateMs
    return [...this.#revoked].some(([whose, at]) => at >= since && isOf(caller, whose))
  }

  async #tell(where: string, handler: () => unknown): Promise<void> {
    try {
      await handler()
    } catch (cause) {
      this.#parts.node.signals.tell('handler-failed', { where, cause })
    }
  }
}

function expiryOf({ expiresAt }: Caller): number {
  return expiresAt ?? Number.POSITIVE_INFINITY
}
