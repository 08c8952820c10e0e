// Who wants which session: found by the session when something happens to it, by the connection when that goes.
import type { KnownCode, Snapshot } from '@progress/protocol'
import type { Connection } from './connection'

/** What a join comes to. */
export type Decision = { readonly snapshot: Snapshot } | { readonly code: KnownCode }

/** One connection's wish to watch one session. */
export interface Watch {
  readonly connection: Connection
  readonly sessionId: string
  /** The epoch that was decided about last; absent as long as there was none. */
  epoch: string | undefined
  /** +1 whenever what is being decided has to be decided again. */
  turn: number
  /** Until the leave, or the disconnect. */
  wanted: boolean
  deciding: boolean
  /** Was a state of it sent? Then its going is told, too. */
  shown: boolean
  /** Who is told what is being decided. */
  deliveries: ((decision: Decision) => void)[]
}

interface Subject {
  /** The last epoch that was heard of: all its watches are decided for it, or are being decided. */
  epoch: string | undefined
  readonly watches: Set<Watch>
}

/** All watches of one server. Empty when nobody is connected. */
export class WatchIndex {
  readonly #subjects = new Map<string, Subject>()
  readonly #byConnection = new Map<Connection, Map<string, Watch>>()

  /** Session ids and connections that are held. */
  get size(): number {
    return this.#subjects.size + this.#byConnection.size
  }

  /** Of all that somebody watches or waits for, as they are now. */
  get sessionIds(): readonly string[] {
    return [...this.#subjects.keys()]
  }

  find(connection: Connection, sessionId: string): Watch | undefined {
    return this.#byConnection.get(connection)?.get(sessionId)
  }

  /** All of a connection's, as they are now. */
  of(connection: Connection): readonly Watch[] {
    return [...(this.#byConnection.get(connection)?.values() ?? [])]
  }

  /** The watch of this connection, a new one where there is none. */
  add(connection: Connection, sessionId: string): Watch {
    const before = this.find(connection, sessionId)
    if (before) return before
    const watch: Watch = {
      connection,
      sessionId,
      epoch: undefined,
      turn: 0,
      wanted: true,
      deciding: false,
      shown: false,
      deliveries: [],
    }
    entryOf(this.#byConnection, connection, () => new Map<string, Watch>()).set(sessionId, watch)
    entryOf(this.#subjects, sessionId, (): Subject => ({ epoch: undefined, watches: new Set() })).watches.add(watch)
    return watch
  }

  remove(watch: Watch): void {
    const { connection, sessionId } = watch
    const subject = this.#subjects.get(sessionId)
    subject?.watches.delete(watch)
    if (subject?.watches.size === 0) this.#subjects.delete(sessionId)
    const own = this.#byConnection.get(connection)
    if (own?.get(sessionId) === watch) own.delete(sessionId)
    if (own?.size === 0) this.#byConnection.delete(connection)
  }

  /** An epoch of a session is heard of: the watches that were not decided for it. Costs nothing when it is known. */
  undecided(sessionId: string, epoch: string): readonly Watch[] {
    const subject = this.#subjects.get(sessionId)
    if (!subject || subject.epoch === epoch) return NONE
    subject.epoch = epoch
    return [...subject.watches].filter((watch) => watch.epoch !== epoch)
  }
}

const NONE: readonly Watch[] = Object.freeze([])

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const before = map.get(key)
  if (before !== undefined) return before
  const made = make()
  map.set(key, made)
  return made
}
