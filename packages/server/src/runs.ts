// Begins jobs as sessions: what a run is made of, and whose place it takes.
import { randomUUID } from 'node:crypto'
import type { Operation } from '@progress/protocol'
import { DEFAULTS } from './defaults'
import { inTime } from './inTime'
import { makingOfRun } from './makings'
import type { Node } from './node'
import type { Cell } from './tracker/cell'
import { type Attempt, requireAttempt } from './tracker/checks'
import type { Dropped } from './tracker/dropped'
import { runJob } from './tracker/run'
import { isActive } from './tracker/session'
import type { Making } from './tracker/sessions'
import type { Task } from './tracker/task'
import type { Run, StartOptions } from './trackerOptions'

/** A job of any operation. */
export type Job<R> = (task: Task) => R | Promise<R>

/** Runs jobs on a node. */
export class Runs {
  readonly #node: Node
  readonly #dropped: Dropped
  readonly #asStrings: boolean

  constructor(node: Node, dropped: Dropped, asStrings: boolean) {
    this.#node = node
    this.#dropped = dropped
    this.#asStrings = asStrings
  }

  /** Begins a run. Throws where an option is unusable, or where a live session of another owner has the id. */
  begin<R>(what: Operation | string, options: StartOptions<Operation>, job: Job<R>): Run<R> {
    const attempt = requireAttempt(options.attempt)
    const making = { ...makingOfRun(what, options, this.#asStrings), attempt: attempt.number }
    const cell = this.#takeOn(making, options.id !== undefined)
    const placed = cell.hold && this.#node.place(cell)
    const promise = this.#start(cell, attempt, placed, job)
    promise.catch(() => {}) // it stands in the session and in the signals
    return Object.assign(promise, { id: making.sessionId })
  }

  /** Makes the session of a run that some process will begin later. Throws as `begin` does. */
  reserve(operation: Operation, options: StartOptions<Operation>): string {
    const making = { ...makingOfRun(operation, options, this.#asStrings), queued: true, cancellable: false }
    return this.#node.sessions.make(making).snapshot.sessionId
  }

  /**
   * A queued session of the same owner goes on in its epoch; anything else begins a new one. Where another process may know
   * the id, nobody is told before the backend has been asked.
   */
  #takeOn(making: Making, isIdGiven: boolean): Cell {
    const { sessions, isShared } = this.#node
    const before = sessions.get(making.sessionId)
    const waits = before && isActive(before.snapshot) && before.snapshot.queued && before.owner === making.owner
    const cell = waits ? before : sessions.make(making, isShared && isIdGiven)
    if (waits || cell.hold) this.#goOn(cell, making)
    if (waits) sessions.yield(cell)
    return cell
  }

  /** What this run changes of a session that waits in a queue; where it is a new one, it changes nothing. */
  #goOn(cell: Cell, { definition, allowRegress, attempt, metadata, total, unit, message }: Making): void {
    cell.operation = definition
    cell.allowRegress = allowRegress === true
    cell.wishMetadata(metadata)
    cell.wish({
      ...{ queued: false, cancellable: true, worker: 'alive' },
      ...(attempt !== undefined && { attempt }),
      ...(total !== undefined && { total }),
      ...(unit !== undefined && { unit }),
      ...(message !== undefined && { message }),
    })
  }

  #start<R>(cell: Cell, attempt: Attempt, placed: Promise<void> | undefined, job: Job<R>): Promise<R> {
    const { sessions, signals, clock } = this.#node
    cell.control ??= { controller: new AbortController(), shields: 0 }
    const { control } = cell
    const time = {
      now: () => clock.now(),
      inTime: <T>(answer: Promise<T> | T) => inTime(clock, answer, DEFAULTS.hookMs),
    }
    const parts = { sessions, signals, dropped: this.#dropped, cell, control, attempt, placed }
    return runJob({ ...parts, ...time, newReference: randomUUID }, job)
  }
}
