// One session that is watched, by one component or by ten: what is known of it, and who listens.
import type { Code, ProgressLog, Snapshot } from '@progress/protocol/wire'
import { tellAll } from '../report'
import { UNKNOWN, type View, withLog, withSnapshot } from './view'
import { type End, type Gone, gone, isOver, type LogItem, WAITING, type WatchState } from './watchState'

/** One watched session. */
export class Session {
  readonly id: string
  readonly states = new Set<(state: WatchState) => void>()
  readonly logs = new Set<(item: LogItem) => void>()
  readonly ends = new Set<(end: End) => void>()
  /** So many watch it. */
  watchers = 0
  /** Joined by hand, as the seed does. */
  isHeld = false
  /** The server said that it is not there, over the present connection. */
  isMissing = false
  /** It is waited for: that it is not there is no last word yet. */
  isPatient = false
  /** The next join over the present connection is still to be sent, or sent again. */
  mustJoin = false
  /** Lines of output that were lost were asked for, and there is no answer yet. */
  isMending = false
  #view: View = UNKNOWN
  #gone: Gone | undefined

  constructor(id: string) {
    this.id = id
  }

  get view(): View {
    return this.#view
  }

  get state(): WatchState {
    return this.#gone ?? this.#view.snapshot ?? WAITING
  }

  /** Somebody wants to know. */
  get isWanted(): boolean {
    return (this.watchers > 0 || this.isHeld) && !this.#gone
  }

  /** Has ended, in this epoch. */
  get isOver(): boolean {
    return isOver(this.state)
  }

  /** Takes a state; `false` where it is no news. */
  take(snapshot: Snapshot): boolean {
    if (this.#gone) return false
    const view = withSnapshot(this.#view, snapshot)
    if (view === this.#view) return false
    this.#view = view
    this.isMissing = false
    tellAll(this.states, this.state)
    return true
  }

  /** Takes output; the lines that are new, or `missed` where some have to be asked for. */
  takeLog(log: ProgressLog): readonly LogItem[] | 'missed' {
    const taken = withLog(this.#view, log)
    if (taken === 'missed') return taken
    this.#view = taken.view
    for (const item of taken.news) tellAll(this.logs, item)
    return taken.news
  }

  /** The last word on it; `false` where it was said before, or has ended. */
  leave(code: Code): boolean {
    if (this.isOver) return false
    this.#gone = gone(code)
    tellAll(this.states, this.state)
    return true
  }
}
