// Joins, leaves and withdrawn rights: who is in the room of which session. Authorise, join, read again, send: in this
// order, so that nothing that happens in between is lost; what came in between is looked at after each wait.
import { LIMITS, type Snapshot } from '@progress/protocol'
import type { Node } from '../node'
import type { Signals } from '../observe/signals'
import type { Desk } from '../viewing/desk'
import { logPayload } from '../viewing/told'
import type { Connection } from './connection'
import { leaveRoom, sessionRoom } from './rooms'
import { codeOfFailure, fromStore } from './storeFailure'
import { type Decision, type Watch, WatchIndex } from './watchIndex'

/** What watching needs. */
export interface WatchParts {
  readonly node: Node
  readonly desk: Desk
  readonly signals: Signals
  readonly watchedPerConnection: number
}

/** One life of a session. */
export type Life = Pick<Snapshot, 'sessionId' | 'epoch'>

const NOT_FOUND = Object.freeze<Decision>({ code: 'NOT_FOUND' })
const LIMIT = Object.freeze<Decision>({ code: 'LIMIT' })
/** So many are read at once where something may have been missed. */
const READ_AT_ONCE = 100

/** The watches of all connections of a server. */
export class Watches {
  readonly #parts: WatchParts
  readonly #index = new WatchIndex()
  readonly #unlisten: () => void

  constructor(parts: WatchParts) {
    this.#parts = parts
    const heard = (sessionId: string, epoch: string): void => this.#heard(sessionId, epoch)
    // Before all others: who may not see the new life of an id is out of its room before anything of it is sent.
    this.#unlisten = parts.node.listen(
      {
        made: ({ snapshot }) => heard(snapshot.sessionId, snapshot.epoch),
        changed: ({ snapshot }) => heard(snapshot.sessionId, snapshot.epoch),
        logged: heard,
        gap: () => void this.#readAgain(),
      },
      'first',
    )
  }

  /** What is held: 0 when nobody watches or waits. */
  get size(): number {
    return this.#index.size
  }

  /**
   * Decides about a join, and tells it by `deliver`: once, and never late: what has come in between, a leave or a withdrawn
   * right, is part of the decision. Resolves then.
   */
  join(connection: Connection, sessionId: string, deliver: (decision: Decision) => void): Promise<void> {
    const watch = this.#index.add(connection, sessionId)
    return new Promise((resolve) => {
      this.#decide(watch, (decision) => {
        watch.shown = 'snapshot' in decision
        deliver(decision)
        resolve()
      })
    })
  }

  /** Sends the log lines after the one numbered `after`, as long as the session is watched. Never rejects. */
  async sendLog(connection: Connection, session: Life, after: number): Promise<void> {
    const { sessionId, epoch } = session
    try {
      const { lines, gap } = await fromStore(this.#parts.desk.readLog(session, after))
      const payload = logPayload(sessionId, epoch, lines, gap)
      const isWatched = connection.watched.has(sessionId) && this.#index.find(connection, sessionId)?.epoch === epoch
      if (payload && isWatched) connection.socket.emit('progress-log', payload)
    } catch (cause) {
      codeOfFailure(this.#parts.signals, 'log', cause)
    }
  }

  /** Ends a watch, at once: a join of it that is under way comes to nothing. */
  leave(connection: Connection, sessionId: string): void {
    const watch = this.#index.find(connection, sessionId)
    if (watch) this.#drop(watch)
  }

  /** Ends all watches of a connection. */
  forget(connection: Connection): void {
    for (const watch of this.#index.of(connection)) this.#drop(watch)
  }

  /** Looks again at something that a connection waits for, as if it were made now. */
  lookAgain(connection: Connection, sessionId: string): void {
    const watch = this.#index.find(connection, sessionId)
    if (watch && !watch.deciding) this.#decide(watch, this.#admission(watch))
  }

  /** Asks anew about everything that a connection watches: what it may not see any more is left and told. Never rejects. */
  async reauthorise(connection: Connection): Promise<void> {
    const watches = this.#index.of(connection)
    for (const watch of watches) watch.turn += 1 // also what is being decided is asked anew
    for (const watch of watches) {
      if (!watch.deciding && connection.watched.has(watch.sessionId)) await this.#recheck(watch)
    }
  }

  /** Hears no more. */
  stop(): void {
    this.#unlisten()
  }

  /** Something may have been missed: what is watched is read, and heard as if it had been told. */
  async #readAgain(): Promise<void> {
    const { node, signals } = this.#parts
    const ids = this.#index.sessionIds
    try {
      for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
        const entries = await Promise.all(ids.slice(at, at + READ_AT_ONCE).map((id) => fromStore(node.read(id))))
        for (const entry of entries) if (entry) node.hear({ kind: 'changed', entry })
      }
    } catch (cause) {
      codeOfFailure(signals, 'gap', cause) // clients compare positions themselves, a few seconds later
    }
  }

  #heard(sessionId: string, epoch: string): void {
    for (const watch of this.#index.undecided(sessionId, epoch)) {
      this.#exit(watch)
      watch.turn += 1
      if (!watch.deciding) this.#decide(watch, this.#admission(watch))
    }
  }

  /** How a decision is told that nobody has just asked for. */
  #admission(watch: Watch): (decision: Decision) => void {
    const { connection, sessionId } = watch
    return (decision) => {
      if (!watch.wanted) return
      if ('snapshot' in decision) {
        watch.shown = true
        connection.socket.emit('progress-status', decision.snapshot)
        void this.sendLog(connection, decision.snapshot, -1)
      } else if (decision.code === 'LIMIT' || (decision.code === 'NOT_FOUND' && watch.shown)) {
        this.#drop(watch)
        connection.socket.emit('progress-gone', { sessionId, code: decision.code })
      }
    }
  }

  async #recheck(watch: Watch): Promise<void> {
    const { node, desk, signals } = this.#parts
    const { connection, sessionId, turn } = watch
    try {
      const entry = await fromStore(node.read(sessionId))
      const may = entry !== null && (await desk.maySee(connection.caller, entry))
      if (may || !watch.wanted || watch.turn !== turn) return
      this.#drop(watch)
      connection.socket.emit('progress-gone', { sessionId, code: 'NOT_FOUND' })
    } catch (cause) {
      codeOfFailure(signals, 'recheck', cause)
    }
  }

  #decide(watch: Watch, deliver: (decision: Decision) => void): void {
    watch.deliveries.push(deliver)
    if (!watch.deciding) void this.#run(watch)
  }

  async #run(watch: Watch): Promise<void> {
    watch.deciding = true
    let decision = NOT_FOUND
    let turn = watch.turn - 1
    while (watch.wanted && turn !== watch.turn) {
      turn = watch.turn
      decision = await this.#tryAttempt(watch)
    }
    // From here on nothing is waited for: what is told is what holds.
    watch.deciding = false
    if (!watch.wanted) decision = NOT_FOUND
    const { watched, awaited } = watch.connection
    if (!watched.has(watch.sessionId) && !awaited.has(watch.sessionId)) this.#index.remove(watch)
    for (const deliver of watch.deliveries.splice(0)) this.#deliver(deliver, decision)
  }

  #deliver(deliver: (decision: Decision) => void, decision: Decision): void {
    try {
      deliver(decision)
    } catch (cause) {
      codeOfFailure(this.#parts.signals, 'join', cause)
    }
  }

  async #tryAttempt(watch: Watch): Promise<Decision> {
    try {
      return await this.#attempt(watch)
    } catch (cause) {
      this.#exit(watch)
      return { code: codeOfFailure(this.#parts.signals, 'join', cause) }
    }
  }

  async #attempt(watch: Watch): Promise<Decision> {
    const { node, desk, watchedPerConnection } = this.#parts
    const { connection, sessionId, turn } = watch
    const { socket, watched, awaited } = connection
    const holds = (): boolean => watch.wanted && watch.turn === turn && socket.connected
    const entry = await fromStore(node.recent(sessionId))
    const may = entry !== null && holds() && (await desk.maySee(connection.caller, entry))
    if (!holds()) return NOT_FOUND
    if (!may) return this.#refuse(watch, entry?.snapshot.epoch)
    if (!watched.has(sessionId) && watched.size >= watchedPerConnection) return LIMIT
    watch.epoch = entry.snapshot.epoch
    awaited.delete(sessionId)
    watched.add(sessionId)
    await socket.join(sessionRoom(sessionId))
    if (!holds()) return this.#outAgain(watch)
    const fresh = await fromStore(node.recent(sessionId))
    if (!holds()) return this.#outAgain(watch)
    if (fresh?.snapshot.epoch === watch.epoch) return fresh
    watch.turn += 1 // a new life began, or the old one was forgotten
    return this.#outAgain(watch)
  }

  /** "Not there" and "not yours" alike: it is waited for. */
  #refuse(watch: Watch, epoch: string | undefined): Decision {
    const { awaited } = watch.connection
    this.#exit(watch)
    watch.epoch = epoch
    if (!awaited.has(watch.sessionId) && awaited.size >= LIMITS.awaitedPerConnection) return LIMIT
    awaited.add(watch.sessionId)
    return NOT_FOUND
  }

  /** Something came while the room was being joined. It stays joined only where a newer watch has joined it since. */
  #outAgain(watch: Watch): Decision {
    const { connection, sessionId } = watch
    const isCurrent = this.#index.find(connection, sessionId) === watch
    if (isCurrent || !connection.watched.has(sessionId)) this.#exit(watch)
    return NOT_FOUND
  }

  /** Leaves the room. As long as it is wanted, it is waited for. */
  #exit({ connection, sessionId, wanted }: Watch): void {
    if (connection.watched.delete(sessionId) && wanted) connection.awaited.add(sessionId)
    leaveRoom(connection.socket, sessionRoom(sessionId))
  }

  #drop(watch: Watch): void {
    watch.wanted = false
    this.#exit(watch)
    watch.connection.awaited.delete(watch.sessionId)
    this.#index.remove(watch)
  }
}
