// One watch: a handle on a session that may be shared with others.
import {
  type AnyOperation,
  type CancelAnswer,
  ProgressError,
  type ResultOf,
  type Snapshot,
} from '@progress/protocol/wire'
import { tellAll } from '../report'
import type { Session } from './session'
import { Subscriptions } from './subscriptions'
import type { Watch } from './watches'
import { type End, gone, isOver, type LogItem, type WatchState } from './watchState'

/** What a watch asks of its client. */
export interface WatchParts {
  cancel(id: string, reason: string | undefined): Promise<CancelAnswer>
  onEnd(session: Session, listener: (end: End) => void): () => void
  left(session: Session): void
}

/** What a watch reads after `leave()`. */
const LEFT = gone('LEFT')

/** A watch. The types of the operation are the caller's word: nothing of them exists here. */
export class SessionWatch implements Watch {
  readonly #parts: WatchParts
  readonly #session: Session
  readonly #subscriptions = new Subscriptions()
  /** Told when this one watch is left, which is no change of the session. */
  readonly #own = new Set<(state: WatchState) => void>()
  #finished: Promise<End> | undefined
  /** What it reads since it was left. */
  #last: WatchState | undefined

  constructor(session: Session, parts: WatchParts) {
    this.#session = session
    this.#parts = parts
  }

  get id(): string {
    return this.#session.id
  }

  get state(): WatchState {
    return this.#last ?? this.#session.state
  }

  get finished(): Promise<End> {
    this.#finished ??= new Promise((resolve) => {
      const stop = this.subscribe((state) => {
        if (!isOver(state)) return
        resolve(state as End)
        queueMicrotask(() => stop())
      })
    })
    return this.#finished
  }

  subscribe(listener: (state: WatchState) => void): () => void {
    // Its own function: the same listener may be given twice.
    const tell = (state: WatchState): void => listener(state)
    const stop = this.#until(this.#session.states, tell)
    const stopOwn = this.#until(this.#own, tell)
    tellAll(new Set([tell]), this.state)
    return () => {
      stop()
      stopOwn()
    }
  }

  onLog(listener: (item: LogItem) => void): () => void {
    const { logs, view } = this.#session
    const tell = (item: LogItem): void => listener(item)
    const replayed = new Set([tell])
    for (const item of view.log) tellAll(replayed, item)
    return this.#until(logs, tell)
  }

  onEnd(listener: (end: End) => void): () => void {
    if (this.#last) return () => {}
    return this.#subscriptions.keep(this.#parts.onEnd(this.#session, (end) => listener(end)))
  }

  async result(): Promise<ResultOf<AnyOperation>> {
    const end = await this.finished
    if (end.status === 'completed') return end.result
    if (end.status === 'error') throw failed(end)
    const code = end.status === 'cancelled' ? 'CANCELLED' : end.code
    throw new ProgressError(code, (end.status === 'cancelled' && end.reason) || `the work is ${end.status}`)
  }

  cancel(reason?: string): Promise<CancelAnswer> {
    return this.#parts.cancel(this.id, reason)
  }

  leave(): void {
    if (this.#last) return
    const { state } = this.#session
    // An end stays what it is; all else is gone for whoever left.
    this.#last = isOver(state) ? state : LEFT
    const told = new Set(this.#own)
    this.#subscriptions.end()
    if (this.#last !== state) tellAll(told, LEFT)
    this.#parts.left(this.#session)
  }

  [Symbol.dispose](): void {
    this.leave()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Snapshot, void> {
    let wake = (): void => {}
    let newest: WatchState | undefined
    const stop = this.subscribe((state) => {
      if (newest && isOver(newest)) return // an end is not passed over, whatever follows it
      newest = state
      wake()
    })
    try {
      for (;;) {
        const state = newest
        newest = undefined
        if (state && 'epoch' in state) yield state
        if (state && isOver(state)) return
        if (!newest) await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      stop()
    }
  }

  #until<T>(listeners: Set<T>, listener: T): () => void {
    return this.#last ? () => {} : this.#subscriptions.add(listeners, listener)
  }
}

function failed({ error }: Extract<Snapshot, { status: 'error' }>): ProgressError {
  const { code, message, retryable, details } = error
  return new ProgressError(code, message, { retryable, ...(details && { details }) })
}
