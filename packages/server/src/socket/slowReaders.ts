// Connections that do not read as fast as is sent: left out of broadcasts while too much waits for them, given the newest
// of what they missed when they are back, sent away when they stay stuck.
import { LIMITS, type Snapshot } from '@progress/protocol'
import type { Entry } from '../backend/contract'
import type { Node } from '../node'
import type { Signals } from '../observe/signals'
import type { Connection } from './connection'
import { leaveRoom, SLOW_ROOM } from './rooms'
import { SlowReader } from './slowReader'
import type { PacketLike } from './socketLike'
import type { Life } from './watches'

/** What is needed to watch readers. */
export interface SlowReaderParts {
  readonly node: Node
  readonly signals: Signals
  /** Sends the log lines after one. */
  readonly sendLog: (connection: Connection, session: Life, after: number) => Promise<void>
}

/** From here on a connection is slow. */
export const HIGH_BYTES = 256 * 1_024
/** From here on it is not any more. */
export const LOW_BYTES = 64 * 1_024
/** More than this is not held for anybody who is slow. */
export const HELD_BYTES = 1_024 * 1_024
/** Not a byte has left for so long. */
const STUCK_MS = 2 * LIMITS.syncIntervalMs
/** Something has waited all the time, and it has not compared positions although it used to. */
const SILENT_MS = 3 * LIMITS.syncIntervalMs
const CALM_LOOK_MS = 1_000
const SLOW_LOOK_MS = LIMITS.throttleMs

/** The readers of one server. One timer for all of them, none while nobody is connected. */
export class SlowReaders {
  readonly #parts: SlowReaderParts
  readonly #readers = new Map<Connection, SlowReader>()
  readonly #slow = new Set<SlowReader>()
  readonly #unlisten: () => void
  #cancelLook: (() => void) | undefined

  constructor(parts: SlowReaderParts) {
    this.#parts = parts
    const changed = (entry: Entry): void => this.#changed(entry)
    this.#unlisten = parts.node.listen({
      made: changed, // of another process, by its first change that is heard here
      changed,
      logged: (sessionId, epoch, { lines }) => this.#logged(sessionId, epoch, lines[0]?.line),
    })
  }

  /** Connections that are watched. */
  get size(): number {
    return this.#readers.size
  }

  /** Watches a connection until it ends. */
  add(connection: Connection): void {
    const { socket } = connection
    const { conn } = socket
    if (!socket.connected) return
    const reader = new SlowReader(connection, this.#now())
    const onPacket = (packet: PacketLike): void => this.#onPacket(reader, packet)
    const onFlush = (): void => reader.flushed()
    conn.on('packetCreate', onPacket)
    conn.on('flush', onFlush)
    socket.on('disconnect', () => {
      conn.off('packetCreate', onPacket)
      conn.off('flush', onFlush)
      this.#remove(reader)
    })
    this.#readers.set(connection, reader)
    this.#cancelLook ??= this.#lookAfter(CALM_LOOK_MS)
  }

  /** A batch went out to all but those who are slow. */
  missedBatch(owner: string, sessions: readonly Snapshot[]): void {
    for (const { connection } of this.#slow) {
      if (connection.listing && connection.caller.userId === owner) this.keepBatch(connection, sessions)
    }
  }

  /** Keeps for one who is slow what it would be sent; `false` for all others. */
  keepBatch(connection: Connection, sessions: readonly Snapshot[]): boolean {
    const missed = this.#readers.get(connection)?.missed
    for (const snapshot of sessions) missed?.own.set(snapshot.sessionId, snapshot)
    return missed !== undefined
  }

  /** Watches nobody any more, and leaves no timer. */
  stop(): void {
    this.#unlisten()
    this.#cancelLook?.()
    this.#cancelLook = undefined
    this.#readers.clear()
    this.#slow.clear()
  }

  #now(): number {
    return this.#parts.node.clock.now()
  }

  #remove(reader: SlowReader): void {
    this.#readers.delete(reader.connection)
    this.#slow.delete(reader)
    if (this.#readers.size > 0) return
    this.#cancelLook?.()
    this.#cancelLook = undefined
  }

  #onPacket(reader: SlowReader, packet: PacketLike): void {
    const before = reader.held
    const bytes = reader.queue(packet)
    // One large answer to a reader that keeps up is no sign of anything: what counts is what waits before it.
    if (before <= HIGH_BYTES || packet.type !== 'message' || !this.#readers.has(reader.connection)) return
    if (before + bytes > HELD_BYTES) this.#sendAway(reader)
    else this.#becomeSlow(reader)
  }

  #becomeSlow(reader: SlowReader): void {
    if (reader.missed) return
    const { socket, caller } = reader.connection
    reader.missed = { sessions: new Map(), own: new Map(), logs: new Map() }
    reader.movedAt = this.#now()
    this.#slow.add(reader)
    void Promise.resolve(socket.join(SLOW_ROOM)).catch(() => {})
    this.#parts.signals.tell('slow', { userId: caller.userId, bytes: reader.held, disconnected: false })
    this.#cancelLook?.()
    this.#cancelLook = this.#lookAfter(SLOW_LOOK_MS)
  }

  #lookAfter(ms: number): () => void {
    return this.#parts.node.clock.after(ms, () => {
      const now = this.#now()
      for (const reader of [...this.#readers.values()]) this.#look(reader, now)
      if (this.#readers.size === 0) this.#cancelLook = undefined
      else this.#cancelLook = this.#lookAfter(this.#slow.size > 0 ? SLOW_LOOK_MS : CALM_LOOK_MS)
    })
  }

  #look(reader: SlowReader, now: number): void {
    reader.look(now)
    if (isSilent(reader, now) || (reader.missed && now - reader.movedAt >= STUCK_MS)) this.#sendAway(reader)
    else if (!reader.missed && reader.held > HIGH_BYTES) this.#becomeSlow(reader)
    else if (reader.missed && reader.held <= LOW_BYTES && reader.catchUp(reader.missed, LOW_BYTES)) this.#isBack(reader)
  }

  #isBack(reader: SlowReader): void {
    const { connection, missed } = reader
    reader.missed = undefined
    this.#slow.delete(reader)
    leaveRoom(connection.socket, SLOW_ROOM)
    for (const [sessionId, { epoch, from }] of missed?.logs ?? []) {
      void this.#parts.sendLog(connection, { sessionId, epoch }, from - 1)
    }
  }

  #sendAway(reader: SlowReader): void {
    const { socket, caller } = reader.connection
    const bytes = reader.held
    this.#remove(reader)
    const wire = socket.conn.transport?.socket
    socket.emit('progress-bye', { code: 'SLOW' })
    this.#parts.signals.tell('slow', { userId: caller.userId, bytes, disconnected: true })
    socket.disconnect(true)
    socket.conn.close(true) // without waiting for what it does not read
    wire?.terminate?.()
  }

  #changed({ snapshot }: Entry): void {
    for (const { missed, connection } of this.#slow) {
      if (connection.watched.has(snapshot.sessionId)) missed?.sessions.set(snapshot.sessionId, snapshot)
    }
  }

  #logged(sessionId: string, epoch: string, from: number | undefined): void {
    if (from === undefined) return
    for (const { missed, connection } of this.#slow) {
      if (!missed || !connection.watched.has(sessionId)) continue
      if (missed.logs.get(sessionId)?.epoch !== epoch) missed.logs.set(sessionId, { epoch, from })
    }
  }
}

function isSilent({ connection, pendingSince }: SlowReader, now: number): boolean {
  const { syncedAt } = connection
  return syncedAt !== undefined && pendingSince !== undefined && now - Math.max(syncedAt, pendingSince) >= SILENT_MS
}
