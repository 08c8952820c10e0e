// What a caller may see and ask for, the same on every transport: sockets and HTTP both come here, and only here.
import {
  type CancelAnswer,
  comparePositions,
  ERRORS,
  isEnd,
  type KnownCode,
  type ProgressGone,
  parsePosition,
  type Snapshot,
} from '@progress/protocol'
import type { Authorization } from '../auth/ownership'
import type { Caller } from '../auth/principal'
import type { Entry, StoredLog } from '../backend/contract'
import type { Node } from '../node'

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
    const entry = await this.#node.read(sessionId)
    return entry && (await this.maySee(caller, entry)) ? entry.snapshot : null
  }

  /** May the caller see this? Asked again whenever a session is made, and on each recheck. */
  maySee(caller: Caller, entry: Entry): Promise<boolean> {
    return this.#authorization.may(caller, entry, 'view')
  }

  /** All of the caller's own, running and ended, newest first. */
  async list(caller: Caller): Promise<readonly Snapshot[]> {
    const entries = await this.#node.listByOwner(caller.userId)
    const snapshots = await this.#visible(caller, entries)
    return snapshots.sort((a, b) => b.createdAt - a.createdAt || (a.sessionId < b.sessionId ? -1 : 1))
  }

  /** Compares what a viewer has with what is. `mine`: the caller's own count as asked for, too. */
  async sync(caller: Caller, positions: Readonly<Record<string, string>>, mine: boolean): Promise<Synced> {
    const snapshots: Snapshot[] = []
    const gone: ProgressGone[] = []
    const asked = await Promise.all(
      Object.entries(positions).map(async ([sessionId, position]) => ({
        sessionId,
        position,
        snapshot: await this.view(caller, sessionId),
      })),
    )
    for (const { sessionId, position, snapshot } of asked) {
      if (!snapshot) gone.push({ sessionId, code: 'NOT_FOUND' })
      else if (isBehind(position, snapshot)) snapshots.push(snapshot)
    }
    if (mine)
      for (const own of await this.list(caller)) if (!Object.hasOwn(positions, own.sessionId)) snapshots.push(own)
    return { snapshots, gone }
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

  async #visible(caller: Caller, entries: readonly Entry[]): Promise<Snapshot[]> {
    const seen = await Promise.all(entries.map((entry) => this.maySee(caller, entry)))
    return entries.filter((_, index) => seen[index]).map(({ snapshot }) => snapshot)
  }
}

/** Is there anything newer than this position? A position that is none is behind everything. */
export function isBehind(position: string, snapshot: Snapshot): boolean {
  const held = parsePosition(position)
  return held === null || comparePositions(held, snapshot) < 0
}

function refused(code: KnownCode): CancelAnswer {
  return { ok: false, code, message: ERRORS[code].sentence }
}
