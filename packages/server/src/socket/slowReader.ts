// One connection's unsent bytes, and what it has missed because of them.
import type { Snapshot } from '@progress/protocol'
import { eventOf } from '../viewing/told'
import type { Connection } from './connection'
import { packets } from './packets'
import type { PacketLike } from './socketLike'

/** What a slow connection was left out of, the newest of each. */
export interface Missed {
  readonly sessions: Map<string, Snapshot>
  /** Of its owner, for those who list. */
  readonly own: Map<string, Snapshot>
  /** Session id -> the first line that was not sent. */
  readonly logs: Map<string, { readonly epoch: string; readonly from: number }>
}

/** Measures one connection. */
export class SlowReader {
  /** There while it is slow. */
  missed: Missed | undefined
  /** When bytes were last seen to leave. */
  movedAt: number
  /** Since when something has waited at each look. */
  pendingSince: number | undefined
  #queued: number
  #lastHeld = 0
  #lastInFlight = 0

  constructor(
    readonly connection: Connection,
    now: number,
  ) {
    this.movedAt = now
    this.#queued = connection.socket.conn.writeBuffer.reduce((sum, packet) => sum + bytesOf(packet), 0)
  }

  /** Bytes that the system has not taken yet: what the engine queues, and what the WebSocket holds. */
  get held(): number {
    return this.#queued + (this.connection.socket.conn.transport?.socket?.bufferedAmount ?? 0)
  }

  /** The engine queues a packet; answers its size. */
  queue(packet: PacketLike): number {
    const bytes = bytesOf(packet)
    this.#queued += bytes
    return bytes
  }

  /** The engine has handed on all that it had queued. */
  flushed(): void {
    this.#queued = 0
  }

  /** Looks at what has left since the last look. */
  look(now: number): void {
    const { held } = this
    const inFlight = this.connection.socket.conn.transport?.socket?._socket?._handle?.writeQueueSize ?? 0
    if (held === 0 || held < this.#lastHeld || inFlight < this.#lastInFlight) this.movedAt = now
    this.pendingSince = held === 0 ? undefined : (this.pendingSince ?? now)
    this.#lastHeld = held
    this.#lastInFlight = inFlight
  }

  /** Sends what was missed, as far as there is room; answers whether that was all. */
  catchUp(missed: Missed, room: number): boolean {
    const { socket, watched } = this.connection
    for (const [sessionId, snapshot] of missed.sessions) {
      if (this.held > room) return false
      missed.sessions.delete(sessionId)
      if (watched.has(sessionId)) socket.emit(eventOf(snapshot), snapshot)
    }
    for (const sessions of packets([...missed.own.values()])) {
      if (this.held > room) return false
      for (const { sessionId } of sessions) missed.own.delete(sessionId)
      if (this.connection.listing) socket.emit('progress-batch', { sessions })
    }
    return true
  }
}

function bytesOf({ data }: PacketLike): number {
  if (typeof data === 'string') return Buffer.byteLength(data)
  return ArrayBuffer.isView(data) || data instanceof ArrayBuffer ? data.byteLength : 0
}
