// Asks a job to stop, wherever it runs. What is answered with ok, the process of the job has taken in.
import {
  type CancelAnswer,
  type Clock,
  comparePositions,
  cutText,
  ERRORS,
  type KnownCode,
  LIMITS,
  ProgressError,
} from '@progress/protocol'
import type { Backend, Entry, Message } from '../backend/contract'
import { inTime } from '../inTime'
import type { Signals } from '../observe/signals'
import type { Cell } from '../tracker/cell'
import { isGiven, say } from '../tracker/checks'
import { isActive } from '../tracker/session'
import type { Sessions } from '../tracker/sessions'
import type { FactBoard } from './facts'
import type { StoreReader } from './storeReader'

/** What cancelling needs. */
export interface CancellingOptions {
  readonly backend: Backend
  readonly clock: Clock
  readonly signals: Signals
  readonly sessions: Sessions
  readonly facts: FactBoard
  readonly store: StoreReader
}

/** Carries the wish to cancel to the job. */
export class Cancelling {
  readonly #options: CancellingOptions

  constructor(options: CancellingOptions) {
    this.#options = options
  }

  /** Asks the job of this session, in this process or another. Never rejects. */
  async request(sessionId: string, why?: string): Promise<CancelAnswer> {
    const { sessions, signals } = this.#options
    const reason = isGiven(why) ? cutText(say(why), LIMITS.reasonChars) : undefined
    const cell = sessions.get(sessionId)
    if (cell) return this.#ask(cell, reason)
    try {
      return await this.#askElsewhere(sessionId, reason)
    } catch (cause) {
      signals.tell('store-failed', { where: 'cancel', cause })
      return refused('UNAVAILABLE')
    }
  }

  /** Another process asks. */
  hear(sessionId: string, reason: string | undefined): void {
    const cell = this.#options.sessions.get(sessionId)
    if (cell) this.#ask(cell, reason)
  }

  #ask(cell: Cell, reason: string | undefined): CancelAnswer {
    const { clock, sessions } = this.#options
    const { control, snapshot } = cell
    if (!isActive(snapshot) || !control || control.shields > 0) return refused('NOT_CANCELLABLE')
    if (control.controller.signal.aborted) return { ok: true }
    cell.wish({ cancelRequested: { at: clock.now(), ...(reason !== undefined && { reason }) } })
    sessions.wake(cell)
    sessions.yield(cell) // whoever asks from elsewhere waits to hear of it
    control.controller.abort(new ProgressError('CANCELLED', reason ?? ERRORS.CANCELLED.sentence))
    return { ok: true }
  }

  async #askElsewhere(sessionId: string, reason: string | undefined): Promise<CancelAnswer> {
    const { facts, store } = this.#options
    const news = new News(facts, sessionId) // from now on: an answer that is slow may be older than what is told meanwhile
    try {
      const entry = news.orNewer(await store.get(sessionId))
      if (!entry) return refused('NOT_FOUND')
      if (!isActive(entry.snapshot) || !entry.snapshot.cancellable) return refused('NOT_CANCELLABLE')
      if (entry.snapshot.cancelRequested) return { ok: true }
      const message = { kind: 'cancel', sessionId, ...(reason !== undefined && { reason }) } as const
      if (await this.#send(message, entry, news)) return { ok: true }
    } finally {
      news.stop()
    }
    throw new ProgressError('UNAVAILABLE', 'The process that runs the job has not taken the cancel in')
  }

  /** Answers whether it has arrived: a message is lost where the other process cannot hear just now. */
  async #send(message: Message, asked: Entry, news: News): Promise<boolean> {
    const { backend, clock, store } = this.#options
    await inTime(clock, backend.send(message))
    if (
      await isInTime(
        clock,
        news.until((entry) => isTakenIn(entry, asked)),
      )
    )
      return true
    const entry = await store.get(asked.snapshot.sessionId) // perhaps it is this process that does not hear
    return entry !== null && isTakenIn(entry, asked)
  }
}

/** What is told of a session from now on. */
class News {
  readonly stop: () => void
  #newest: Entry | undefined
  #hear = (_entry: Entry): void => {}

  constructor(facts: FactBoard, sessionId: string) {
    const hear = (entry: Entry): void => {
      if (entry.snapshot.sessionId !== sessionId) return
      this.#newest = entry
      this.#hear(entry)
    }
    this.stop = facts.listen({ made: hear, changed: hear }, 'later')
  }

  /** This, or what was told, where that is newer. */
  orNewer(found: Entry | null): Entry | null {
    const told = this.#newest
    return told && (!found || comparePositions(told.snapshot, found.snapshot) > 0) ? told : found
  }

  /** Resolves once it is so. */
  until(isSo: (entry: Entry) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#hear = (entry) => {
        if (isSo(entry)) resolve()
      }
      if (this.#newest) this.#hear(this.#newest)
    })
  }
}

async function isInTime(clock: Clock, promise: Promise<void>): Promise<boolean> {
  try {
    await inTime(clock, promise)
    return true
  } catch {
    return false
  }
}

/** Does it show that its job was asked, or that there is no job to ask any more? */
function isTakenIn({ snapshot }: Entry, { snapshot: asked }: Entry): boolean {
  if (snapshot.epoch !== asked.epoch) return snapshot.epoch > asked.epoch
  return !isActive(snapshot) || snapshot.cancelRequested !== undefined
}

function refused(code: KnownCode): CancelAnswer {
  return { ok: false, code, message: ERRORS[code].sentence }
}
