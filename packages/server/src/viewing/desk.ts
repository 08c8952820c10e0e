// What a caller may see and ask for, the same on every transport: sockets and HTTP both come here, and only here.
import {
  type CancelAnswer,
  comparePositions,
  ERRORS,
  isEnd,
  type KnownCode,
  LIMITS,
  type ProgressGone,
  parsePosition,
  type Snapshot,
} from '@progress/protocol'
import type { Authorization } from '../auth/ownership'
import type { Caller } from '../auth/principal'
import type { Entry, StoredLog } from '../backend/contract'
import type { Node } from '../node'
import { Room } from './room'

/** What a viewer has: session id -> position. */
export type Positions = Readonly<Record<string, string>>

/** The app's rule is asked about so many sessions at once. */
const ASKED_AT_ONCE = 100
/** How long ends of the caller's own are told again to who does not name them. */
const LATE_END_MS = 2 * LIMITS.syncIntervalMs

/** What a viewer has to be told of several sessions at once. */
export interface Synced {
  /** Those that are newer than what the viewer has. */
  readonly snapshots: readonly Snapshot[]
  /** Those that are not there, or not the viewer's to see. */
  readonly gone: readonly ProgressGone[]
}

/** The desk at which viewers ask. `null` and `gone` mean "not there" and "not yours" alike. Its methods reject where the backend does. */
export class Desk {
  readonly #node: Node
  readonly #authorization: Authorization

  constructor(node: Node, authorization: Authorization) {
    this.#node = node
    this.#authorization = authorization
  }

  /** Do owners see all of theirs, without being asked about one by one? */
  get isOwnerOnly(): boolean {
    return this.#authorization.isOwnerOnly
  }

  /** A session as this caller may see it, or `null`. */
  async view(caller: Caller, sessionId: string): Promise<Snapshot | null> {
    return this.#shown(caller, await this.#node.recent(sessionId))
  }

  /** May the caller see this? Asked again whenever a session is made, and on each recheck. */
  maySee(caller: Caller, entry: Entry): Promise<boolean> {
    return this.#authorization.may(caller, entry, 'view')
  }

  /** The caller's own: running ones, then ends, each newest first, as many as one answer may carry. */
  async list(caller: Caller): Promise<readonly Snapshot[]> {
    const entries = await this.#node.listByOwner(caller.userId)
    return (await this.listOf(caller, entries)).map(({ snapshot }) => snapshot)
  }

  /** The same list, of entries that were read already. */
  async listOf(caller: Caller, entries: readonly Entry[]): Promise<readonly Entry[]> {
    const ordered = [...entries].sort((a, b) => inOrder(a.snapshot, b.snapshot))
    const room = new Room()
    const listed: Entry[] = []
    for (let at = 0; at < ordered.length; at += ASKED_AT_ONCE) {
      for (const entry of await this.#visible(caller, ordered.slice(at, at + ASKED_AT_ONCE))) {
        if (!room.takes(entry.snapshot)) return listed
        listed.push(entry)
      }
    }
    return listed
  }

  /** Compares what a viewer has with what is. `own`: what it has of the caller's own, which count as asked for then. */
  async sync(caller: Caller, positions: Positions, own?: Positions): Promise<Synced> {
    const snapshots: Snapshot[] = []
    const gone: ProgressGone[] = []
    const asked = await Promise.all(
      Object.entries(positions).map(async ([sessionId, position]) => ({
        sessionId,
        position,
        snapshot: await this.#shown(caller, await this.#node.read(sessionId)),
      })),
    )
    for (const { sessionId, position, snapshot } of asked) {
      if (!snapshot) gone.push({ sessionId, code: 'NOT_FOUND' })
      else if (isBehind(position, snapshot)) snapshots.push(snapshot)
    }
    if (own) for (const { snapshot } of await this.#newsOf(caller, positions, own)) snapshots.push(snapshot)
    return { snapshots, gone }
  }

  /** Of the caller's own, beside those that were `compared`: what is named and behind, then what cannot be named. */
  async #newsOf(caller: Caller, compared: Positions, own: Positions): Promise<readonly Entry[]> {
    const entries = await this.#node.listByOwner(caller.userId)
    const others = entries.filter(({ snapshot }) => !Object.hasOwn(compared, snapshot.sessionId))
    const behind = others.filter(({ snapshot }) => isBehind(own[snapshot.sessionId] ?? '', snapshot))
    const named = behind.filter(({ snapshot }) => Object.hasOwn(own, snapshot.sessionId))
    // A client cannot name more than `LIMITS.syncEntries`. Older ends were in the list that it asked for when it entered.
    const since = this.#node.clock.now() - LATE_END_MS
    const unnamed = behind.filter(
      ({ snapshot }) => !Object.hasOwn(own, snapshot.sessionId) && (!isEnd(snapshot) || snapshot.timestamp >= since),
    )
    return [...(await this.#visible(caller, named)), ...(await this.listOf(caller, unnamed))]
  }

  /** Log lines after the one numbered `after`, of a session that this caller was shown. */
  readLog({ sessionId, epoch }: Pick<Snapshot, 'sessionId' | 'epoch'>, after: number): Promise<StoredLog> {
    return this.#node.readLog(sessionId, epoch, after)
  }

  /** Asks the job to stop, for a caller who may. Never rejects. */
  async cancel(caller: Caller, sessionId: string, reason?: string): Promise<CancelAnswer> {
    try {
      const entry = await this.#node.read(sessionId)
      if (!entry || !(await this.maySee(caller, entry))) return refused('NOT_FOUND')
      if (isEnd(entry.snapshot)) return refused('NOT_CANCELLABLE')
      if (!(await this.#authorization.may(caller, entry, 'cancel'))) return refused('NOT_CANCELLABLE')
      return await this.#node.requestCancel(sessionId, reason)
    } catch (cause) {
      this.#node.signals.tell('store-failed', { where: 'cancel', cause })
      return refused('UNAVAILABLE')
    }
  }

  async #shown(caller: Caller, entry: Entry | null): Promise<Snapshot | null> {
    return entry && (await this.maySee(caller, entry)) ? entry.snapshot : null
  }

  async #visible(caller: Caller, entries: readonly Entry[]): Promise<readonly Entry[]> {
    const seen = await Promise.all(entries.map((entry) => this.maySee(caller, entry)))
    return entries.filter((_, index) => seen[index])
  }
}

/** Is there anything newer than this position? A position that is none is behind everything. */
function isBehind(position: string, snapshot: Snapshot): boolean {
  const held = parsePosition(position)
  return held === null || comparePositions(held, snapshot) < 0
}

/** Running ones first, by when they began; then ends, by when they ended. */
function inOrder(a: Snapshot, b: Snapshot): number {
  const isOver = isEnd(a)
  if (isOver !== isEnd(b)) return isOver ? 1 : -1
  const later = isOver ? b.timestamp - a.timestamp : b.createdAt - a.createdAt
  return later || (a.sessionId < b.sessionId ? -1 : 1)
}

function refused(code: KnownCode): CancelAnswer {
  return { ok: false, code, message: ERRORS[code].sentence }
}
