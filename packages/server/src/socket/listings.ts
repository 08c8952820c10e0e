// Who lists the sessions of which owner: in the owner's room, and findable by the owner.
import type { Connection } from './connection'
import { leaveRoom, ownerRoom } from './rooms'

/** The connections that list. */
export class Listings {
  readonly #byOwner = new Map<string, Set<Connection>>()

  /** Owners whose sessions somebody lists. */
  get size(): number {
    return this.#byOwner.size
  }

  /** Those who list the sessions of an owner. */
  of(owner: string): Iterable<Connection> {
    return this.#byOwner.get(owner) ?? []
  }

  /** Resolves when the connection is in the room of its own sessions, or is gone. */
  async enter(connection: Connection): Promise<void> {
    const { socket, caller } = connection
    const { userId } = caller
    connection.listing = true
    this.#byOwner.set(userId, (this.#byOwner.get(userId) ?? new Set()).add(connection))
    await socket.join(ownerRoom(userId))
    if (!socket.connected) this.leave(connection)
  }

  leave(connection: Connection): void {
    const { socket, caller } = connection
    const { userId } = caller
    connection.listing = false
    const others = this.#byOwner.get(userId)
    others?.delete(connection)
    if (others?.size === 0) this.#byOwner.delete(userId)
    leaveRoom(socket, ownerRoom(userId))
  }
}
