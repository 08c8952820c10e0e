// All writes go through here: what one turn of the event loop asks for is one transaction, in the order in which it was
// asked. A promise is kept when its transaction is.
import type { Clock } from '@progress/protocol'
import { isBusy, type SqliteHandle, type SqliteStatement } from './handle'

/** Writes of one transaction, and how long they may take. More wait for the next turn: what blocks the event loop stays short. */
const WRITES = 100
const TURN_MS = 4
/** Another connection is writing: how long until the next try, and after how many a write counts as failed. */
const BUSY_WAIT_MS = 10
const TRIES = 100

interface Job {
  /** @param transaction the number of the one that it runs in */
  readonly run: (transaction: number) => unknown
  readonly done: (value: unknown) => void
  readonly failed: (cause: unknown) => void
  tries: number
}

/** Carries out writes, in their order. */
export class Writer {
  readonly #clock: Clock
  readonly #begin: SqliteStatement
  readonly #commit: SqliteStatement
  readonly #rollback: SqliteStatement
  #waiting: Job[] = []
  #isDue = false
  #transactions = 0

  constructor(handle: SqliteHandle, clock: Clock) {
    this.#clock = clock
    this.#begin = handle.prepare('BEGIN IMMEDIATE')
    this.#commit = handle.prepare('COMMIT')
    this.#rollback = handle.prepare('ROLLBACK')
  }

  /**
   * Runs a write in a transaction, all of it or nothing. `kept` hears what it gave when that is in the file, before the next
   * write of the transaction does. Rejects where SQLite fails, or is busy for too long.
   */
  write<T>(run: (transaction: number) => T, kept: (value: T) => void = () => {}): Promise<T> {
    return new Promise<T>((resolve, failed) => {
      const done = (value: unknown) => {
        kept(value as T) // what `run` gave
        resolve(value as T)
      }
      this.#waiting.push({ run, done, failed, tries: 0 })
      this.#soon()
    })
  }

  #soon(): void {
    if (this.#isDue || this.#waiting.length === 0) return
    this.#isDue = true
    setImmediate(() => this.#turn())
  }

  #turn(): void {
    this.#isDue = false
    const jobs = this.#waiting.splice(0, WRITES)
    try {
      this.#begin.run()
    } catch (cause) {
      this.#couldNotBegin(jobs, cause)
      return
    }
    this.#waiting.unshift(...this.#carryOut(jobs))
    this.#soon()
  }

  /** In a transaction that has begun. Gives back what time did not suffice for, or what is to be done again. */
  #carryOut(jobs: readonly Job[]): readonly Job[] {
    const until = this.#clock.now() + TURN_MS
    const values: unknown[] = []
    this.#transactions += 1
    try {
      for (const { run } of jobs) {
        values.push(run(this.#transactions))
        if (this.#clock.now() >= until) break
      }
    } catch (cause) {
      this.#undo()
      jobs[values.length]?.failed(cause) // one must not fail the others
      return jobs.filter((_, index) => index !== values.length)
    }
    return this.#keep(jobs, values)
  }

  #keep(jobs: readonly Job[], values: readonly unknown[]): readonly Job[] {
    const carriedOut = jobs.slice(0, values.length)
    try {
      this.#commit.run()
    } catch (cause) {
      this.#undo()
      for (const { failed } of carriedOut) failed(cause)
      return jobs.slice(values.length)
    }
    for (const [index, { done }] of carriedOut.entries()) done(values[index])
    return jobs.slice(values.length)
  }

  #undo(): void {
    try {
      this.#rollback.run()
    } catch {
      // A full disk, say, has ended the transaction already.
    }
  }

  /** Whoever has waited for too long is told; the others are first in line at the next try. */
  #couldNotBegin(jobs: readonly Job[], cause: unknown): void {
    const again: Job[] = []
    for (const job of jobs) {
      if (isBusy(cause) && ++job.tries < TRIES) again.push(job)
      else job.failed(cause)
    }
    this.#waiting = [...again, ...this.#waiting]
    if (again.length === 0) {
      this.#soon()
      return
    }
    this.#isDue = true
    this.#clock.after(BUSY_WAIT_MS, () => {
      this.#isDue = false
      this.#soon()
    })
  }
}
