// All sessions that are watched: what the server says comes in, and reaches those who watch, in order and once.
import {
  type Code,
  type CommandAnswer,
  isRetryable,
  type LogLine,
  type ProgressGone,
  type Snapshot,
} from '@progress/protocol/wire'
import type { Emitter } from '../emitter'
import { tellAll } from '../report'
import { Ends } from './ends'
import { Session } from './session'
import { isLog, isSnapshot, isState } from './view'
import { type End, isOver } from './watchState'

/** Whom the store tells. */
export interface StoreParts {
  readonly emitter: Emitter
  /** Lines of this session's output were lost on the way: they should be asked for. */
  missed(session: Session): void
  /** It is not wanted any more, for the server has said its last word on it. */
  finished(session: Session): void
}

/** What an end is remembered under where there is no epoch. */
const GONE = 'gone'

/** The sessions of one client. */
export class SessionStore {
  readonly #parts: StoreParts
  readonly #sessions = new Map<string, Session>()
  /** Of the client's events. */
  readonly #told = new Ends()
  /** Of those who asked to be called at the end. */
  readonly #heard = new Ends()

  constructor(parts: StoreParts) {
    this.#parts = parts
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id)
  }

  /** The one with this id, made where there is none that is still of use. */
  open(id: string): Session {
    const known = this.#sessions.get(id)
    if (known && known.state.status !== 'gone') return known
    const session = new Session(id)
    this.#sessions.set(id, session)
    return session
  }

  /** Nobody wants it any more. */
  drop(session: Session): void {
    if (this.#sessions.get(session.id) === session) this.#sessions.delete(session.id)
  }

  all(): IterableIterator<Session> {
    return this.#sessions.values()
  }

  /** A state, by whichever way. `isStatus`: how it stands, rather than what is new. */
  take(value: unknown, isStatus: boolean): void {
    if (!isState(value)) return
    const session = this.#sessions.get(value.sessionId)
    if (!session?.isWanted) return
    const before = session.view.snapshot
    if (session.take(value)) this.#tell(session, before, value, isStatus || before?.epoch !== value.epoch)
  }

  /** Output of a job. */
  takeLog(value: unknown): void {
    if (!isLog(value)) return
    const session = this.#sessions.get(value.sessionId)
    if (!session?.isWanted) return
    const news = session.takeLog(value)
    if (news === 'missed') {
      this.#parts.missed(session)
      return
    }
    const lines = news.filter((item): item is LogLine => 'line' in item)
    if (lines.length > 0) this.#parts.emitter.tell('progressLog', { sessionId: session.id, lines })
  }

  /** Kept no longer, a right withdrawn, or not there yet. */
  takeGone({ sessionId, code }: ProgressGone): void {
    const session = this.#sessions.get(sessionId)
    if (session?.isWanted) this.#missing(session, code)
  }

  /**
   * The answer to a join; what may be tried again is, at the next opportunity.
   * @param known the newest state when it was asked
   */
  joined(
    session: Session,
    answer: CommandAnswer<'join-progress'>,
    isByHand: boolean,
    known: Snapshot | undefined,
  ): void {
    if (this.#sessions.get(session.id) !== session || !session.isWanted) return
    if ('error' in answer) this.#refused(session, answer.error.code, known)
    else if (isSnapshot(answer.status) && answer.status.sessionId === session.id)
      this.#stands(session, answer.status, isByHand)
  }

  #stands(session: Session, status: Snapshot, isByHand: boolean): void {
    const before = session.view.snapshot
    if (session.take(status)) this.#tell(session, before, status, true)
    else if (isByHand && before) this.#parts.emitter.tell('progressStatus', before)
  }

  /** It was waited for long enough: what is not there now is gone. Where nobody could say, the next answer decides. */
  giveUp(session: Session): void {
    session.isPatient = false
    if (session.isMissing) this.end(session, 'NOT_FOUND')
  }

  /** Nobody can say how these stand: that one was not there before does not count any more. */
  doubt(ids: Iterable<string>): void {
    for (const id of ids) {
      const session = this.#sessions.get(id)
      if (session) session.isMissing = false
    }
  }

  /** The last word on a session. */
  end(session: Session, code: Code): void {
    if (!session.leave(code)) return
    this.#tellEnd(session)
    this.#parts.finished(session)
  }

  /** Calls at the end of an epoch: of each one once, whoever listens anew; those who listen at that moment are all called. */
  onEnd(session: Session, listener: (end: End) => void): () => void {
    session.ends.add(listener)
    this.#tellEnd(session)
    return () => void session.ends.delete(listener)
  }

  /**
   * That it is not there has no position: where a state has come since it was asked, it may be older than that, and is asked
   * again at the next opportunity.
   */
  isOvertaken(session: Session, known: Snapshot | undefined): boolean {
    if (session.view.snapshot === known) return false
    session.mustJoin = true
    return true
  }

  #refused(session: Session, code: Code, known: Snapshot | undefined): void {
    if (code === 'NOT_FOUND') {
      if (!this.isOvertaken(session, known)) this.#missing(session, code)
    } else if (isRetryable(code)) {
      session.mustJoin = true
      this.doubt([session.id])
    } else this.end(session, code)
  }

  #missing(session: Session, code: Code): void {
    session.isMissing = true
    if (session.view.snapshot || !session.isPatient) this.end(session, code)
  }

  #tell(session: Session, before: Snapshot | undefined, snapshot: Snapshot, isStatus: boolean): void {
    const { emitter } = this.#parts
    if (!before) this.#heard.forget(session.id, GONE) // it is there again, and may be gone again
    if (isStatus) emitter.tell('progressStatus', snapshot)
    else if (snapshot.status === 'active') emitter.tell('progress', snapshot)
    if (snapshot.status === 'active') return
    if (this.#told.tell(session.id, snapshot.epoch)) tellEnded(emitter, snapshot)
    this.#tellEnd(session)
  }

  #tellEnd(session: Session): void {
    const { state, ends } = session
    if (!isOver(state) || ends.size === 0) return
    const epoch = state.status === 'gone' ? GONE : state.epoch
    if (this.#heard.tell(session.id, epoch)) tellAll(ends, state as End)
  }
}

function tellEnded(emitter: Emitter, snapshot: Snapshot): void {
  switch (snapshot.status) {
    case 'completed':
      emitter.tell('progressComplete', snapshot)
      return
    case 'error':
      emitter.tell('progressError', snapshot)
      return
    case 'cancelled':
      emitter.tell('progressCancelled', snapshot)
      return
    case 'active':
      return
    default:
      snapshot satisfies never
  }
}
