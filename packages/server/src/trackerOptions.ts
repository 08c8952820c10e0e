// What a tracker is made with, what a session and a run begin with, and what a run answers: the types of the front door.
import type { Clock, MetadataOf, ResultOf, Snapshot } from '@progress/protocol'
import type { Backend } from './backend/contract'
import { DEFAULTS } from './defaults'
import type { Logger } from './observe/logger'
import type { Signal } from './observe/signals'
import type { Attempt, UserId } from './tracker/checks'

/** How a tracker is made. */
export interface TrackerOptions {
  /** What other processes share with this one. Default: this process's memory, which nobody else reads. */
  readonly backend?: Backend
  /** Shortest time between two updates of a session. Default 100. */
  readonly throttleMs?: number
  /** `'strings'`: every metadata value becomes a string of at most 200 characters, as in the seed. Default `'json'`. */
  readonly metadata?: 'json' | 'strings'
  /** Hears every signal; what it throws is dropped. */
  readonly onSignal?: (signal: Signal) => void
  /** Any structured logger. Default: none. */
  readonly logger?: Logger
  /** Where time comes from. Default: the machine. */
  readonly clock?: Clock
}

/** Whose a session is, and in what it is counted. */
export interface SessionOptions {
  /** Who may see and cancel it. Default `null`: anybody who is logged in may see it, nobody can cancel it. */
  readonly owner?: UserId | null
  readonly total?: number
  readonly unit?: string
  /** `progress` may fall. Default: it never does. */
  readonly allowRegress?: boolean
}

/** What a run begins with. */
export type StartOptions<Op> = {
  /** Who may see and cancel it. `null` says in so many words: anybody who is logged in may see it. */
  readonly owner: UserId | null
  /** Your own id (a form's, a queue's). Absent: a new one. The same id of the same owner again: a new epoch. */
  readonly id?: string | undefined
  readonly total?: number
  readonly unit?: string
  readonly message?: string
  /** `progress` may fall. Default: it never does. */
  readonly allowRegress?: boolean
  /** Queue retries: before the last one, a failure shows as `queued` again, not as the end. */
  readonly attempt?: Attempt
} & (Record<never, never> extends MetadataOf<Op>
  ? { readonly metadata?: MetadataOf<Op> }
  : { readonly metadata: MetadataOf<Op> })

/** What a job of this operation has to return. */
// biome-ignore lint/suspicious/noConfusingVoidType: void is how an operation without a result is typed
export type Returned<Op> = [ResultOf<Op>] extends [void] ? unknown : ResultOf<Op>

/** A job that runs: awaiting it gives the job's own value or error; a failure that nobody awaits ends no process. */
export interface Run<R> extends Promise<R> {
  readonly id: string
}

/** A snapshot with the seed's names beside ours. */
export type LocalSession = Snapshot & { readonly id: string; readonly lastUpdate: number }

/** The shortest time between two updates, or a `TypeError`. */
export function requireThrottle(throttleMs: number | undefined): number {
  if (throttleMs === undefined) return DEFAULTS.throttleMs
  if (Number.isFinite(throttleMs) && throttleMs >= 0) return throttleMs
  throw new TypeError('throttleMs is a number of milliseconds, 0 or more')
}
