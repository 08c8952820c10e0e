// A fact comes in, an event goes out to the watchers on this node. Nothing is encoded where nobody watches.
import type { LogLine, ProgressLog, ServerEventName, Snapshot } from '@progress/protocol'
import type { Entry } from '../backend/contract'
import { SLOW_ROOM, sessionRoom } from './rooms'
import type { RoomsLike, SocketServerLike } from './socketLike'

const EVENT_OF: Readonly<Record<Snapshot['status'], ServerEventName>> = Object.freeze({
  active: 'progress-update',
  completed: 'progress-complete',
  error: 'progress-error',
  cancelled: 'progress-cancelled',
})

/** The event that tells of a snapshot. */
export function eventOf(snapshot: Snapshot): ServerEventName {
  return EVENT_OF[snapshot.status]
}

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
    const from = lines[0]?.line
    if (from === undefined || !this.#isWatched(sessionId)) return
    this.#emit(sessionId, 'progress-log', logPayload(sessionId, epoch, from, lines, gap))
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

/** Lines as they travel: the first has its number, the others follow. */
export function logPayload(
  sessionId: string,
  epoch: string,
  from: number,
  lines: readonly LogLine[],
  gap: number,
): ProgressLog {
  const entries = lines.map(({ text, level, at }) => ({ text, level, at }))
  return { sessionId, epoch, from, lines: entries, ...(gap > 0 && { gap }) }
}
