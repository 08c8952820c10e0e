// A fact comes in, an event goes out to the watchers on this node. Nothing is encoded where nobody watches.
import type { LogLine, ServerEventName } from '@progress/protocol'
import type { Entry } from '../backend/contract'
import { eventOf, logPayload } from '../viewing/told'
import { SLOW_ROOM, sessionRoom } from './rooms'
import type { RoomsLike, SocketServerLike } from './socketLike'

/** Sends to the rooms of one Socket.IO server, always to this node's own sockets: other nodes hear by the backend. */
export class Broadcast {
  readonly #io: RoomsLike

  constructor(io: SocketServerLike) {
    this.#io = io as unknown as RoomsLike
  }

  /** Tells the watchers of a session how it stands. */
  changed({ snapshot }: Entry): void {
    this.#emit(snapshot.sessionId, eventOf(snapshot), snapshot)
  }

  /** Tells them what its job wrote. */
  logged(sessionId: string, epoch: string, lines: readonly LogLine[], gap: number): void {
    const payload = this.#isWatched(sessionId) && logPayload(sessionId, epoch, lines, gap)
    if (payload) this.#emit(sessionId, 'progress-log', payload)
  }

  #emit(sessionId: string, event: ServerEventName, payload: unknown): void {
    if (!this.#isWatched(sessionId)) return
    this.#io.local.to(sessionRoom(sessionId)).except(SLOW_ROOM).emit(event, payload)
  }

  /** A server that shows no rooms, such as a double, is always told. */
  #isWatched(sessionId: string): boolean {
    const rooms = this.#io.sockets?.adapter?.rooms
    return rooms === undefined || rooms.has(sessionRoom(sessionId))
  }
}
