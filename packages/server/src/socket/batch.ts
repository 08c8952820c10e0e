// Facts about owned sessions come in; one packet per owner and window goes out to those who list them. Nothing is gathered
// where nobody lists.
import { comparePositions, isEnd, LIMITS } from '@progress/protocol'
import type { Entry } from '../backend/contract'
import type { Node } from '../node'
import { Throttle, type Throttled } from '../tracker/throttle'
import type { Desk } from '../viewing/desk'
import { BatchRights } from './batchRights'
import type { Connection } from './connection'
import { packets } from './packets'
import { ownerRoom, SLOW_ROOM } from './rooms'
import type { SlowReaders } from './slowReaders'
import type { RoomsLike, SocketServerLike } from './socketLike'

/** What batches need. */
export interface BatchParts {
  readonly io: SocketServerLike
  readonly node: Node
  readonly desk: Desk
  /** Those who list the sessions of an owner. */
  readonly listing: (owner: string) => Iterable<Connection>
  /** Keeps for slow readers what they are not sent. */
  readonly slow: Pick<SlowReaders, 'missedBatch' | 'keepBatch'>
}

class Gathering implements Throttled {
  waiting = false
  windowEndsAt = 0
  readonly entries = new Map<string, Entry>()
  constructor(readonly owner: string) {}
}

/**
 * `progress-batch` to the rooms of owners. The first change after a quiet time goes out at once and opens a window of
 * `LIMITS.throttleMs`; what comes within it goes out at its end. An end goes out at once, with what waits.
 */
export class OwnerBatches {
  readonly #parts: BatchParts
  readonly #io: RoomsLike
  readonly #rights: BatchRights | undefined
  readonly #throttle: Throttle<Gathering>
  readonly #gatherings = new Map<string, Gathering>()
  readonly #unlisten: () => void

  constructor(parts: BatchParts) {
    const { io, node, desk } = parts
    this.#parts = parts
    this.#io = io as unknown as RoomsLike
    this.#rights = desk.isOwnerOnly ? undefined : new BatchRights(desk, node.clock)
    this.#throttle = new Throttle(node.clock, LIMITS.throttleMs, (gathering) => this.#closeWindow(gathering))
    const gather = (entry: Entry): void => this.#gather(entry)
    this.#unlisten = node.listen({ made: gather, changed: gather })
  }

  /** Owners for whom something is held: 0 when nothing has changed for a window. */
  get size(): number {
    return this.#gatherings.size
  }

  /** Hears no more, forgets what waits, and leaves no timer. */
  stop(): void {
    this.#unlisten()
    this.#throttle.stop()
    this.#gatherings.clear()
  }

  #gather(entry: Entry): void {
    const { owner, snapshot } = entry
    if (owner === null || !this.#isListed(owner)) return
    const gathering = this.#gatherings.get(owner) ?? new Gathering(owner)
    this.#gatherings.set(owner, gathering)
    const before = gathering.entries.get(snapshot.sessionId)
    if (!before || comparePositions(before.snapshot, snapshot) < 0) gathering.entries.set(snapshot.sessionId, entry)
    if (!gathering.waiting || isEnd(snapshot)) this.#send(gathering)
    if (!gathering.waiting) this.#throttle.open(gathering, this.#parts.node.clock.now())
  }

  #closeWindow(gathering: Gathering): boolean {
    if (gathering.entries.size > 0) {
      this.#send(gathering)
      return true
    }
    this.#gatherings.delete(gathering.owner)
    return false
  }

  #send({ owner, entries }: Gathering): void {
    const gathered = [...entries.values()]
    entries.clear()
    if (!this.#isListed(owner)) return
    if (this.#rights) {
      for (const connection of this.#parts.listing(owner)) void this.#sendTo(connection, gathered, this.#rights)
      return
    }
    const sessions = gathered.map(({ snapshot }) => snapshot)
    const emitter = this.#io.local.to(ownerRoom(owner)).except(SLOW_ROOM)
    for (const part of packets(sessions)) emitter.emit('progress-batch', { sessions: part })
    this.#parts.slow.missedBatch(owner, sessions)
  }

  /** Where the app has a rule of its own, an owner may not see all that is theirs: each connection is asked about. */
  async #sendTo(connection: Connection, entries: readonly Entry[], rights: BatchRights): Promise<void> {
    const sessions = await rights.visible(connection, entries)
    if (!connection.listing || sessions.length === 0 || this.#parts.slow.keepBatch(connection, sessions)) return
    for (const part of packets(sessions)) connection.socket.emit('progress-batch', { sessions: part })
  }

  /** A server that shows no rooms, such as a double, is always told. */
  #isListed(owner: string): boolean {
    const rooms = this.#io.sockets?.adapter?.rooms
    return rooms === undefined || rooms.has(ownerRoom(owner))
  }
}
