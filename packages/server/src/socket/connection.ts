// One authenticated connection: whose it is, and what it watches and waits for.
import type { AuthRequest } from '../auth/authenticate'
import type { Caller } from '../auth/principal'
import type { SocketLike } from './socketLike'

/** A connection of a caller. */
export interface Connection {
  readonly socket: SocketLike
  /** Replaced when the login is looked at again. */
  caller: Caller
  /** What it showed at the handshake, to look at its login again. */
  readonly request: AuthRequest
  /** Sessions whose room it is in. */
  readonly watched: Set<string>
  /** Ids that it has joined and that were not there, or not the caller's to see. */
  readonly awaited: Set<string>
  /** In the room of the caller's own sessions. */
  listing: boolean
  /** When it last compared positions; absent as long as it never did. */
  syncedAt?: number
}
