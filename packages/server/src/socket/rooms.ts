// The names of rooms. Nobody but the server ever says one.
import type { SocketLike } from './socketLike'

/** The watchers of a session. */
export function sessionRoom(sessionId: string): string {
  return `progress-${sessionId}`
}

/** Those who list the sessions of an owner. */
export function ownerRoom(userId: string): string {
  return `progress-owner-${userId}`
}

/** Connections that cannot keep up: left out of broadcasts until they can. */
export const SLOW_ROOM = 'progress-slow'

/** Leaves a room, at once with the stock adapter. Never throws: where an adapter fails, the disconnect ends it. */
export function leaveRoom(socket: SocketLike, room: string): void {
  void Promise.resolve(socket.leave(room)).catch(() => {})
}
