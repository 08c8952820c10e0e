// A job as a session: returned = completed, thrown = error, aborted = cancelled. Whatever happens, there is exactly one end.
import { type FailureResult, failureOf, isProgressError, type Json, jsonBytes, LIMITS } from '@progress/protocol'
import type { Signals } from '../observe/signals'
import { runWith } from './ambient'
import type { Cell, Control } from './cell'
import type { Attempt } from './checks'
import type { Dropped } from './dropped'
import { Scope } from './scope'
import type { Sessions } from './sessions'
import type { Task } from './task'
import { TaskHandle } from './taskHandle'

/** What a run needs. */
export interface RunParts {
  readonly sessions: Sessions
  readonly signals: Signals
  readonly dropped: Dropped
  readonly cell: Cell
  readonly control: Control
  readonly attempt: Attempt
  /** Settles when it is known whose place the session takes; rejects where it may take none. */
  readonly placed?: Promise<void> | undefined
  now(): number
  /** The same answer, or a rejection where it takes too long. */
  inTime<T>(answer: Promise<T> | T): Promise<T>
  newReference(): string
}

/**
 * Runs the job to its end; it begins when its place is known, a microtask later at the earliest, so that whoever called has
 * the run in hand. Rejects with the job's own error, or where the session may take no place with that one: then it never began.
 */
export async function runJob<R>(parts: RunParts, job: (task: Task) => R | Promise<R>): Promise<R> {
  const { sessions, cell } = parts
  cell.running = true
  const task = makeTask(parts)
  try {
    await parts.placed
    const value = await runWith(task, () => job(task))
    const published = await publish(parts, value)
    if (published.odd) parts.dropped.tell(cell.snapshot.sessionId, published.odd, cell.snapshot.epoch)
    sessions.end(cell, {
      status: 'completed',
      ...(published.result !== undefined && { result: published.result }),
      ...(published.odd && { truncated: true }),
    })
    return value
  } catch (error) {
    endBadly(parts, error)
    throw error
  } finally {
    cell.running = false
  }
}

function makeTask({ sessions, cell, control, attempt, now, dropped }: RunParts): Task {
  const context = {
    sessions,
    cell,
    control,
    now,
    attempt: attempt.number,
    odd: (reason: string) => dropped.tell(cell.snapshot.sessionId, reason, cell.snapshot.epoch),
  }
  const scope = new Scope()
  if (cell.snapshot.total !== undefined) scope.total = cell.snapshot.total
  return new TaskHandle(context, scope, cell.operation?.phases ?? {}, true) as unknown as Task
}

function endBadly(parts: RunParts, error: unknown): void {
  const { sessions, signals, cell, control, attempt } = parts
  if (wasCancelled(control, error)) {
    sessions.refresh(cell) // who asked, and why, may still wait for its window
    const reason = cell.snapshot.status === 'active' ? cell.snapshot.cancelRequested?.reason : undefined
    sessions.end(cell, { status: 'cancelled', ...(reason !== undefined && { reason }) })
    return
  }
  const reference = parts.newReference()
  const { sessionId } = cell.snapshot
  signals.tell('job-failed', { sessionId, reference, cause: error })
  if (attempt.number < attempt.of && !control.controller.signal.aborted) {
    sessions.requeue(cell)
    return
  }
  const { failure, truncated } = tellable(error, reference)
  sessions.end(cell, { status: 'error', error: failure, message: failure.message, truncated })
}

function wasCancelled({ controller }: Control, error: unknown): boolean {
  if (!controller.signal.aborted) return false
  if (error === controller.signal.reason) return true
  try {
    if (isProgressError(error)) return error.code === 'CANCELLED'
    return error instanceof Error && error.name === 'AbortError'
  } catch {
    return false // a proxy or a getter that throws
  }
}

/** A job can throw what cannot even be read: the session ends all the same. */
function tellable(error: unknown, reference: string): FailureResult {
  try {
    return failureOf(error, reference)
  } catch {
    return failureOf(undefined, reference)
  }
}

interface Published {
  readonly result?: Json
  /** Why there is none, although one was declared. */
  readonly odd?: string
}

/** What of a job's value the operation declares, as JSON. A job is never failed by the form of its value. */
async function publish({ cell, inTime }: RunParts, value: unknown): Promise<Published> {
  const schema = cell.operation?.result?.['~standard']
  if (!schema) return {}
  try {
    const answer = (await inTime(schema.validate(value))) as {
      value?: unknown
      issues?: readonly unknown[]
    }
    if (answer.issues)
      return { odd: 'the job returned something other than its operation declares: no result is published' }
    const text = JSON.stringify(answer.value)
    if (text === undefined) return {}
    const result = JSON.parse(text) as Json
    return jsonBytes(result) > LIMITS.resultBytes
      ? { odd: `a result is at most ${LIMITS.resultBytes} bytes: none is published` }
      : { result }
  } catch {
    return { odd: 'the result could not be said in JSON, or not checked in time: none is published' }
  }
}
