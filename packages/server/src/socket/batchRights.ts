// What of an owner's sessions one connection may see, where the app has a rule of its own: asked once for each life of a
// session, and again as often as logins are looked at.
import { type Clock, LIMITS, type Snapshot } from '@progress/protocol'
import type { Entry } from '../backend/contract'
import type { Desk } from '../viewing/desk'
import type { Connection } from './connection'

interface Right {
  readonly epoch: string
  readonly until: number
  readonly may: Promise<boolean>
}

/** Answers that are remembered for one connection. */
const REMEMBERED = 1_000

/** Remembers for each connection what it may see. */
export class BatchRights {
  readonly #desk: Desk
  readonly #clock: Clock
  readonly #rights = new WeakMap<Connection, Map<string, Right>>()

  constructor(desk: Desk, clock: Clock) {
    this.#desk = desk
    this.#clock = clock
  }

  /** Those that this connection may see. Never rejects. */
  async visible(connection: Connection, entries: readonly Entry[]): Promise<Snapshot[]> {
    const rights = this.#rights.get(connection) ?? new Map<string, Right>()
    this.#rights.set(connection, rights)
    const seen = await Promise.all(entries.map((entry) => this.#may(connection, rights, entry)))
    return entries.filter((_, index) => seen[index]).map(({ snapshot }) => snapshot)
  }

  #may(connection: Connection, rights: Map<string, Right>, entry: Entry): Promise<boolean> {
    const { sessionId, epoch } = entry.snapshot
    const now = this.#clock.now()
    const before = rights.get(sessionId)
    if (before?.epoch === epoch && before.until > now) return before.may
    if (rights.size >= REMEMBERED) rights.clear()
    const may = this.#desk.maySee(connection.caller, entry)
    rights.set(sessionId, { epoch, until: now + LIMITS.recheckMs, may })
    return may
  }
}
