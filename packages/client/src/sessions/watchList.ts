// Who watches what: ten watches of one id share one join, and a watch that is gone the same moment costs nothing.
import { type Clock, type CommandAnswer, LIMITS, requireSessionId, type TransportLink } from '@progress/protocol/wire'
import type { Session } from './session'
import type { SessionStore } from './sessionStore'
import { joinOptions, type View } from './view'
import { WAITING } from './watchState'

type Send = TransportLink['send']

/** A timer that is asked for more fires at once. */
const LONGEST_MS = 2 ** 31 - 1

/** What the list needs. */
export interface WatchListParts {
  readonly store: SessionStore
  readonly clock: Clock
  /** To every link. */
  readonly send: Send
  /** Asks the server how all that is watched stands. */
  compare(): void
  /** @param known the newest state when it was asked */
  joined(session: Session, answer: CommandAnswer<'join-progress'>, isByHand: boolean, known: View['snapshot']): void
  trace(text: string): void
}

/** Counts watches, and joins and leaves for them. */
export class WatchList {
  readonly #parts: WatchListParts
  /** Joined over every link that there is. */
  readonly #joined = new Set<Session>()
  readonly #waits = new Map<Session, { readonly until: number; cancel(): void }>()
  readonly #dirty = new Set<Session>()
  #isClosed = false

  constructor(parts: WatchListParts) {
    this.#parts = parts
  }

  /** One more watches this. Throws a `TypeError` where it can be no id. */
  enter(id: string, awaitMs: number = LIMITS.awaitMs): Session {
    const session = this.#open(id)
    session.watchers += 1
    if (!session.view.snapshot) this.#await(session, awaitMs)
    // It may have begun anew since, which a way that asks and asks no more of what has ended would not tell.
    if (session.isOver && this.#joined.has(session)) session.mustJoin = true
    this.#changed(session)
    return session
  }

  /** One less. */
  leave(session: Session): void {
    session.watchers -= 1
    this.#changed(session)
  }

  /** Joined by hand: once, however often it is said. */
  hold(id: string): void {
    const session = this.#open(id)
    if (session.isHeld) {
      this.#join(session, this.#parts.send, true)
      return
    }
    session.isHeld = true
    if (!session.view.snapshot) this.#await(session, LIMITS.awaitMs)
    this.#changed(session)
  }

  /** Left by hand. */
  release(id: string): void {
    const session = this.#parts.store.get(id)
    if (!session?.isHeld) return
    session.isHeld = false
    this.#changed(session)
  }

  /** A new link: all that is watched is joined over it. What is new is joined at the end of this turn, over all links. */
  greet(link: TransportLink): void {
    for (const session of this.#joined) {
      if (!session.isWanted) continue
      session.isMissing = false
      this.#join(session, (command, args, answer) => link.send(command, args, answer))
    }
  }

  /** Joins again what lost lines of output: once, however many come after them. */
  mendLog(session: Session): void {
    if (session.isMending) return
    session.isMending = true
    this.#join(session, this.#parts.send)
  }

  /** Joins again what was refused for the moment. */
  mend(): void {
    for (const session of this.#parts.store.all()) {
      if (!session.mustJoin || !session.isWanted) continue
      session.mustJoin = false
      this.#join(session, this.#parts.send)
    }
  }

  /** The server has said its last word on it. */
  finished(session: Session): void {
    this.#changed(session)
  }

  /** Waits for nothing any more. */
  close(): void {
    this.#isClosed = true
    for (const { cancel } of this.#waits.values()) cancel()
    this.#waits.clear()
  }

  #open(id: string): Session {
    return this.#parts.store.open(requireSessionId(id))
  }

  /** What comes and goes within one turn cancels out. */
  #changed(session: Session): void {
    if (this.#dirty.size === 0) queueMicrotask(() => this.#flush())
    this.#dirty.add(session)
  }

  #flush(): void {
    // Leaves first: of two lives of one id the old one goes before the new one comes.
    const dirty = [...this.#dirty].sort((a, b) => Number(a.isWanted) - Number(b.isWanted))
    this.#dirty.clear()
    for (const session of dirty) this.#settle(session)
  }

  #settle(session: Session): void {
    const { send, store, trace } = this.#parts
    const isJoined = this.#joined.has(session)
    if (session.isWanted && (!isJoined || session.mustJoin)) {
      session.mustJoin = false
      this.#joined.add(session)
      this.#join(session, send)
    }
    if (session.isWanted) return
    if (isJoined) {
      trace(`leave ${session.id}`)
      this.#joined.delete(session)
      send('leave-progress', [session.id])
    }
    this.#waits.get(session)?.cancel()
    if (session.watchers === 0) store.drop(session)
  }

  #join(session: Session, send: Send, isByHand = false): void {
    this.#parts.trace(`join ${session.id}`)
    const { snapshot: known } = session.view
    send('join-progress', [session.id, joinOptions(session.view)], (answer) => {
      session.isMending = false
      this.#parts.joined(session, answer, isByHand, known)
    })
  }

  /** The longest of several waits counts. */
  #await(session: Session, ms: number): void {
    if (this.#isClosed) return
    const { clock, store, compare } = this.#parts
    const until = clock.now() + ms
    const known = this.#waits.get(session)
    if (known && known.until >= until) return
    known?.cancel()
    session.isPatient = true
    const stop = clock.after(Math.min(ms, LONGEST_MS), () => {
      this.#waits.delete(session)
      store.giveUp(session)
      if (session.state === WAITING) compare() // nobody could say: a stream says nothing of what is not there
    })
    const cancel = (): void => {
      stop()
      this.#waits.delete(session)
    }
    this.#waits.set(session, { until, cancel })
  }
}
