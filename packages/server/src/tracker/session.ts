// A session's life as pure functions: a snapshot, a change and the time come in, the next snapshot comes out. Where
// nothing that is visible changed, the same snapshot comes back. An ended one never changes.
import {
  type ActiveSnapshot,
  boundedText,
  type CancelledSnapshot,
  type CompletedSnapshot,
  type ErrorSnapshot,
  type Failure,
  isEnd,
  type Json,
  LIMITS,
  type Metadata,
  type Snapshot,
} from '@progress/protocol'

/** An end. */
export type EndSnapshot = CompletedSnapshot | ErrorSnapshot | CancelledSnapshot

/** What a session begins with. All of it has been checked. */
export interface Opening {
  readonly sessionId: string
  readonly operation: string
  readonly epoch: string
  readonly at: number
  readonly metadata: Metadata
  readonly attempt?: number
  readonly queued?: boolean
  readonly cancellable?: boolean
  readonly total?: number
  readonly unit?: string
  readonly message?: string
  readonly truncated?: boolean
}

/** What may change while it is active. Absent = unchanged. Numbers are finite; metadata has been sanitised and merged. */
export interface Change {
  readonly progress?: number
  /** `null`: no longer known. */
  readonly current?: number | null
  readonly total?: number | null
  readonly unit?: string
  readonly phase?: string
  readonly message?: string
  readonly metadata?: Metadata
  readonly truncated?: boolean
  readonly indeterminate?: boolean
  readonly queued?: boolean
  readonly attempt?: number
  readonly worker?: ActiveSnapshot['worker']
  readonly cancellable?: boolean
  readonly cancelRequested?: { readonly at: number; readonly reason?: string }
  /** `null`: no longer known. */
  readonly ratePerSecond?: number | null
  readonly etaMs?: number | null
  /** `progress` may fall. */
  readonly allowRegress?: boolean
}

/** How it ended. */
export type End =
  | {
      readonly status: 'completed'
      readonly message?: string
      readonly metadata?: Metadata
      readonly result?: Json
      readonly truncated?: boolean
    }
  | {
      readonly status: 'error'
      readonly message?: string
      readonly metadata?: Metadata
      readonly error: Failure
      readonly truncated?: boolean
    }
  | {
      readonly status: 'cancelled'
      readonly message?: string
      readonly metadata?: Metadata
      readonly reason?: string
      readonly truncated?: boolean
    }

/** The first state of a session. */
export function open(opening: Opening): ActiveSnapshot {
  const { sessionId, operation, epoch, at, metadata } = opening
  return Object.freeze({
    sessionId,
    operation: boundedText(operation, LIMITS.nameChars),
    epoch,
    revision: 1,
    status: 'active',
    progress: 0,
    metadata,
    attempt: opening.attempt ?? 1,
    worker: 'alive',
    cancellable: opening.cancellable ?? false,
    createdAt: at,
    timestamp: at,
    ...(opening.queued && { queued: true }),
    ...(opening.total !== undefined && { current: 0, total: opening.total }),
    ...(opening.unit && { unit: boundedText(opening.unit, LIMITS.nameChars) }),
    ...(opening.message !== undefined && { message: boundedText(opening.message, LIMITS.messageChars) }),
    ...(opening.truncated && { truncated: true }),
  } satisfies ActiveSnapshot)
}

/** The next state. `progress` is clamped to 0..100 and does not fall, unless the change says that it may. */
export function advance(before: ActiveSnapshot, change: Change, at: number): ActiveSnapshot {
  const after: Mutable<ActiveSnapshot> = { ...before }
  const progress = progressOf(before, change)
  if (progress !== undefined) after.progress = progress
  if (change.unit) after.unit = boundedText(change.unit, LIMITS.nameChars)
  if (change.phase) after.phase = boundedText(change.phase, LIMITS.nameChars)
  if (change.message !== undefined) after.message = boundedText(change.message, LIMITS.messageChars)
  if (change.metadata !== undefined) after.metadata = change.metadata
  if (change.attempt !== undefined) after.attempt = change.attempt
  if (change.worker !== undefined) after.worker = change.worker
  if (change.cancellable !== undefined) after.cancellable = change.cancellable
  if (change.cancelRequested !== undefined) after.cancelRequested = asked(change.cancelRequested)
  flag(after, 'indeterminate', change.indeterminate)
  flag(after, 'queued', change.queued)
  flag(after, 'truncated', change.truncated)
  known(after, 'current', change.current)
  known(after, 'total', change.total)
  known(after, 'ratePerSecond', change.ratePerSecond)
  known(after, 'etaMs', change.etaMs)
  if (same(before, after)) return before
  after.revision = before.revision + 1
  after.timestamp = Math.max(before.timestamp, at)
  return Object.freeze(after)
}

/** The last state. A completed session stands at 100; what is only known of running work is gone. */
export function end(before: ActiveSnapshot, how: End, at: number): EndSnapshot {
  const {
    worker: _w,
    cancellable: _c,
    cancelRequested: _r,
    queued: _q,
    ratePerSecond: _rate,
    etaMs: _eta,
    ...kept
  } = before
  const timestamp = Math.max(before.timestamp, at)
  const base = {
    ...kept,
    revision: before.revision + 1,
    timestamp,
    duration: timestamp - before.createdAt,
    metadata: how.metadata ?? before.metadata,
    ...(how.message !== undefined && { message: boundedText(how.message, LIMITS.messageChars) }),
    ...(how.truncated && { truncated: true as const }),
  }
  switch (how.status) {
    case 'completed': {
      const { indeterminate: _i, ...done } = base
      const full = before.total !== undefined && before.current !== undefined ? { current: before.total } : {}
      const result = how.result === undefined ? {} : { result: how.result }
      // A job without a result leaves the key out: nothing may stand on the wire that JSON would drop.
      return Object.freeze({ ...done, ...full, ...result, status: 'completed', progress: 100 } as CompletedSnapshot)
    }
    case 'error':
      return Object.freeze({ ...base, status: 'error', error: Object.freeze({ ...how.error }) })
    case 'cancelled': {
      const reason = how.reason === undefined ? {} : { reason: boundedText(how.reason, LIMITS.reasonChars) }
      return Object.freeze({ ...base, status: 'cancelled', ...reason })
    }
  }
}

/** Is it still going on? */
export function isActive(snapshot: Snapshot): snapshot is ActiveSnapshot {
  return !isEnd(snapshot)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function progressOf(before: ActiveSnapshot, change: Change): number | undefined {
  const wished = change.progress ?? fraction(change, before)
  if (wished === undefined) return undefined
  const clamped = Math.min(100, Math.max(0, wished))
  return change.allowRegress ? clamped : Math.max(before.progress, clamped)
}

function asked({ at, reason }: NonNullable<Change['cancelRequested']>): NonNullable<Change['cancelRequested']> {
  return Object.freeze({ at, ...(reason !== undefined && { reason: boundedText(reason, LIMITS.reasonChars) }) })
}

/** Where units are counted against a total, they say how far it is. */
function fraction(change: Change, before: ActiveSnapshot): number | undefined {
  const total = (change.total === undefined ? before.total : change.total) ?? 0
  return typeof change.current === 'number' && total > 0 ? (change.current * 100) / total : undefined
}

function flag(
  after: Mutable<ActiveSnapshot>,
  name: 'indeterminate' | 'queued' | 'truncated',
  value: boolean | undefined,
): void {
  if (value === true) after[name] = true
  else if (value === false) delete after[name]
}

type Known = 'current' | 'total' | 'ratePerSecond' | 'etaMs'

function known(after: Mutable<ActiveSnapshot>, name: Known, value: number | null | undefined): void {
  if (typeof value === 'number') after[name] = Math.max(0, value)
  else if (value === null) delete after[name]
}

function same(a: ActiveSnapshot, b: Mutable<ActiveSnapshot>): boolean {
  const keys = Object.keys(b) as (keyof ActiveSnapshot)[]
  return keys.length === Object.keys(a).length && keys.every((key) => Object.is(a[key], b[key]))
}
