// What a job holds, as types.
import type { Metadata } from '@progress/protocol'
import type { TrackOptions } from './iterate'

/** Counts while you iterate, and throws between two items when the work was cancelled. */
export interface Track {
  <T>(source: readonly T[] | Iterable<T>, options?: TrackOptions<T>): Iterable<T>
  <T>(source: AsyncIterable<T>, options?: TrackOptions<T>): AsyncIterable<T>
}

/** What `task.update` takes. Absent = unchanged. */
export interface TaskUpdate<M extends Metadata = Metadata> {
  /** 0..100; of the phase, inside of one. */
  readonly progress?: number
  readonly current?: number
  readonly total?: number
  readonly unit?: string
  readonly message?: string
  readonly metadata?: Partial<M>
  /** Nobody can know how far it is. */
  readonly indeterminate?: boolean
}

/** The handle that a job holds. None of its methods throws because of what is passed, a viewer or a backend. */
export interface Task<M extends Metadata = Metadata, P extends string = string> {
  readonly id: string
  /**
   * Aborted when somebody asks to cancel, with a `ProgressError` `CANCELLED` as its reason. A listener on it must not throw:
   * Node ends the process for that.
   */
  readonly signal: AbortSignal
  /** Which try this is; from 1. */
  readonly attempt: number
  /** `by` more units are done (default 1). The hot one: no allocation, no clock. */
  advance(by?: number): void
  /** All else, by name, so that 60 per cent and 60 rows cannot be mixed up. */
  update(change: TaskUpdate<M>): void
  /** Counts while you iterate, and throws between two items when the work was cancelled. An array brings its own total. */
  track: Track
  /** One of the declared phases: its own 0..100 is scaled by its weight. Throws a `TypeError` for a phase that was not declared. */
  phase<T>(name: P, body: (task: Task<M, never>) => T): T
  phase<T, const Sub extends string>(
    name: P,
    options: { readonly phases: { readonly [name in Sub]: number } },
    body: (task: Task<M, Sub>) => T,
  ): T
  /** A line of output. */
  log(text: string, level?: 'info' | 'warn' | 'error'): void
  /** While it runs, the job cannot be cancelled, and the button says so. */
  shield<T>(body: () => T): T
}
