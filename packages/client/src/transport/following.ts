// What an HTTP link follows: ids with the last position of each, and the caller's own.
import {
  type CommandAnswer,
  type CommandArgs,
  LIMITS,
  type Positioned,
  positionOf,
  type Snapshot,
} from '@progress/protocol/wire'
import { isSnapshot } from '../sessions/view'

type Joined = (answer: CommandAnswer<'join-progress'>) => void
type Listed = (answer: CommandAnswer<'list-progress'>) => void

interface Followed {
  position: Positioned | undefined
  /** The join is not answered yet. */
  answer: Joined | undefined
  /** The client has seen it before. */
  readonly isSeen: boolean
  /** Has ended, or was there and is no more: nothing more is to be asked. */
  isOver: boolean
}

/** The event that carries a state that is news. */
const EVENTS = {
  active: 'progress-update',
  completed: 'progress-complete',
  error: 'progress-error',
  cancelled: 'progress-cancelled',
} as const

/** The bookkeeping of a link that has no rooms. */
export class Following {
  readonly #ids = new Map<string, Followed>()
  readonly #event: (name: string, payload: unknown) => void
  isMine = false
  #listed: Listed | undefined

  /** @param event where news goes that answers nothing */
  constructor(event: (name: string, payload: unknown) => void) {
    this.#event = event
  }

  /** Those that have not ended. */
  get running(): readonly string[] {
    return [...this.#ids].filter(([, { isOver }]) => !isOver).map(([id]) => id)
  }

  get isEmpty(): boolean {
    return this.running.length === 0 && !this.isMine
  }

  /** `false`: it was followed already, or is one too many. */
  join([id, options]: CommandArgs<'join-progress'>, answer: Joined): boolean {
    if (this.#ids.get(id)?.isOver === false) return false
    if (this.running.length >= LIMITS.watchedPerConnection) {
      answer({ error: { code: 'LIMIT', message: `more than ${LIMITS.watchedPerConnection} at a time` } })
      return false
    }
    // Whatever the client has: only a state that is seen here says whether anything is still to come.
    const isSeen = options?.position !== undefined
    this.#ids.set(id, { position: undefined, answer, isSeen, isOver: false })
    return true
  }

  leave(id: string): void {
    this.#ids.delete(id)
  }

  list([options]: CommandArgs<'list-progress'>, answer: Listed): void {
    this.isMine = options?.watch !== false
    this.#listed = answer
  }

  position(id: string): string | undefined {
    const position = this.#ids.get(id)?.position
    return position && positionOf(position)
  }

  /** A state that somebody asked for; whatever came too late is passed over. */
  found(value: unknown): void {
    const followed = isSnapshot(value) && this.#ids.get(value.sessionId)
    if (!followed) return
    followed.position = value
    followed.isOver = value.status !== 'active'
    const answer = this.#answerOf(followed)
    if (answer) answer({ success: true, status: value })
    else this.#event(EVENTS[value.status], value)
  }

  missing(sessionId: string, code: string, message: string): void {
    const followed = this.#ids.get(sessionId)
    if (!followed) return
    followed.isOver = followed.isSeen || followed.position !== undefined
    const answer = this.#answerOf(followed)
    if (answer) answer({ error: { code, message } })
    else this.#event('progress-gone', { sessionId, code })
  }

  /** All of the caller's own. */
  listed(sessions: readonly Snapshot[]): void {
    const answer = this.#listed
    this.#listed = undefined
    if (answer) answer({ success: true, sessions: [...sessions] })
    else if (this.isMine) this.#event('progress-batch', { sessions })
  }

  #answerOf(followed: Followed): Joined | undefined {
    const { answer } = followed
    followed.answer = undefined
    return answer
  }
}
