// What a watcher sees of a session: nothing yet, its state, or that it is gone.
import type {
  AnyOperation,
  CancelledSnapshot,
  Code,
  CompletedSnapshot,
  ErrorSnapshot,
  LogLine,
  Snapshot,
} from '@progress/protocol/wire'

/** Nothing known yet (or not made yet); `idle` only where no id was given. Both have what a bar needs. */
export interface Waiting {
  readonly status: 'idle' | 'waiting'
  readonly progress: 0
  readonly message?: undefined
}

/**
 * Not there, not yours, kept no longer, or left by `leave()`. The last word. An unknown id is `waiting` for `awaitMs`
 * first, on every transport alike.
 */
export interface Gone {
  readonly status: 'gone'
  readonly progress: 0
  readonly message?: undefined
  readonly code: Code
}

/** One `switch` over `status` draws everything. `progress` and `message` may be read without one. */
export type WatchState<Op = AnyOperation> = Waiting | Snapshot<Op> | Gone

/** How it ended. */
export type End<Op = AnyOperation> = Op extends AnyOperation
  ? CompletedSnapshot<Op> | ErrorSnapshot<Op> | CancelledSnapshot<Op> | Gone
  : never

/** A line of the job's output, or how many lines there were that are gone for good. */
export type LogItem = LogLine | { readonly gap: number }

/** Nothing known yet. */
export const WAITING: Waiting = Object.freeze({ status: 'waiting', progress: 0 })

/** No id was given. */
export const IDLE: Waiting = Object.freeze({ status: 'idle', progress: 0 })

/** The last word on an id. */
export function gone(code: Code): Gone {
  return Object.freeze({ status: 'gone', progress: 0, code })
}

/** Is this the last word, in this epoch? */
export function isOver<Op>(state: WatchState<Op>): state is WatchState<Op> & End<Op> {
  return state.status !== 'idle' && state.status !== 'waiting' && state.status !== 'active'
}
