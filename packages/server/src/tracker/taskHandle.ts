// The handle that a job holds. What is called in hot loops only writes fields; all else goes through the cell's wishes.
import type { Metadata } from '@progress/protocol'
import { runWith } from './ambient'
import type { Cell, Control } from './cell'
import { isGiven, say } from './checks'
import { type Counter, type TrackOptions, track } from './iterate'
import type { Scope } from './scope'
import type { Change } from './session'
import type { Sessions } from './sessions'
import type { Task, TaskUpdate } from './task'

/** What all handles of one run share. */
export interface RunContext {
  readonly sessions: Sessions
  readonly cell: Cell
  readonly control: Control
  readonly attempt: number
  now(): number
  odd(reason: string): void
}

type PhaseOptions = { readonly phases: { readonly [name: string]: number } }

/** The handle of a stretch of a job's way. */
export class TaskHandle implements Task, Counter {
  readonly #context: RunContext
  readonly #cell: Cell
  readonly #scope: Scope
  readonly #phases: ReadonlyMap<string, Scope>
  /** Only the outermost phase is named in the snapshot: it is the one that was declared for both sides. */
  readonly #names: boolean

  constructor(context: RunContext, scope: Scope, phases: PhaseOptions['phases'], names: boolean) {
    this.#context = context
    this.#cell = context.cell
    this.#scope = scope
    this.#phases = scope.divide(phases)
    this.#names = names
  }

  get id(): string {
    return this.#cell.snapshot.sessionId
  }

  get signal(): AbortSignal {
    return this.#context.control.controller.signal
  }

  get attempt(): number {
    return this.#context.attempt
  }

  advance(by = 1): void {
    if (typeof by !== 'number' || !(by >= 0 && by <= Number.MAX_VALUE)) {
      this.#context.odd('advance() takes a finite number of units, 0 or more')
      return
    }
    const cell = this.#cell
    this.#scope.counted += by
    cell.scope = this.#scope
    cell.dirty = true
    if (!cell.waiting) this.#context.sessions.wake(cell)
  }

  update(change: TaskUpdate): void {
    try {
      this.#update(change)
    } catch {
      this.#context.odd('update() could not read what it was given')
    }
  }

  track<T>(source: readonly T[] | Iterable<T>, options?: TrackOptions<T>): Iterable<T>
  track<T>(source: AsyncIterable<T>, options?: TrackOptions<T>): AsyncIterable<T>
  track<T>(
    source: readonly T[] | Iterable<T> | AsyncIterable<T>,
    options?: TrackOptions<T>,
  ): Iterable<T> | AsyncIterable<T> {
    return track(source, this, options)
  }

  /** Part of `track`: what is iterated begins. */
  begin(total: number | undefined, unit: string | undefined): void {
    const whole = isNumber(total) ? { total: this.#scope.expect(total) } : total !== undefined && { total }
    this.update({ ...whole, ...(unit !== undefined && { unit }) })
  }

  /** Part of `track`: between two items. */
  throwIfCancelled(): void {
    const { controller, shields } = this.#context.control
    if (shields === 0) controller.signal.throwIfAborted()
  }

  phase<T>(
    name: string,
    bodyOrOptions: PhaseOptions | ((task: Task<Metadata, never>) => T),
    body?: (task: Task) => T,
  ): T {
    const scope = this.#phases.get(name)
    if (!scope) {
      const known = [...this.#phases.keys()].join(', ') || 'none'
      throw new TypeError(`The phase '${name}' was not declared. Declared are: ${known}`)
    }
    const run = (typeof bodyOrOptions === 'function' ? bodyOrOptions : body) as (task: Task) => T
    const phases = typeof bodyOrOptions === 'function' ? {} : bodyOrOptions.phases
    this.#enter(name, scope)
    const task = new TaskHandle(this.#context, scope, phases, false) as unknown as Task
    const result = runWith(task, () => run(task))
    if (!isThenable(result)) {
      this.#finish(scope)
      return result
    }
    return Promise.resolve(result).then((value) => {
      this.#finish(scope)
      return value
    }) as T
  }

  log(text: string, level: 'info' | 'warn' | 'error' = 'info'): void {
    this.#context.sessions.log(this.#cell, say(text), level, this.#context.now())
  }

  shield<T>(body: () => T): T {
    this.#shift(1)
    let result: T
    try {
      result = body()
    } catch (error) {
      this.#shift(-1)
      throw error
    }
    if (!isThenable(result)) {
      this.#shift(-1)
      return result
    }
    const release = () => this.#shift(-1)
    return Promise.resolve(result).finally(release) as T
  }

  #update({ progress, current, total, unit, message, metadata, indeterminate }: TaskUpdate): void {
    const { odd } = this.#context
    const wished: Mutable<Change> = {}
    if (isNumber(progress)) wished.progress = this.#scope.scaled(progress)
    else if (progress !== undefined) odd('progress takes a finite number')
    if (isNumber(current)) this.#count(current)
    else if (current !== undefined) odd('current takes a finite number')
    if (isNumber(total)) this.#scope.total = Math.max(0, total)
    else if (total !== undefined) odd('total takes a finite number')
    if (isGiven(unit)) wished.unit = say(unit)
    if (isGiven(message)) wished.message = say(message)
    if (indeterminate !== undefined) wished.indeterminate = Boolean(indeterminate)
    if (isNumber(current) || isNumber(total))
      Object.assign(wished, this.#scope.shown(), isNumber(progress) && { progress: wished.progress })
    if (metadata !== undefined) this.#cell.wishMetadata(metadata)
    this.#cell.wish(wished)
    if (!this.#cell.waiting) this.#context.sessions.wake(this.#cell)
  }

  #count(current: number): void {
    this.#scope.counted = 0
    this.#scope.current = Math.max(0, current)
    this.#cell.scope = this.#scope
  }

  #enter(name: string, scope: Scope): void {
    scope.reset()
    this.#cell.scope = scope
    const units = { current: null, total: null } as const
    this.#cell.wish({ progress: scope.start, ...units, ...(this.#names && { phase: name }) })
    if (!this.#cell.waiting) this.#context.sessions.wake(this.#cell)
  }

  #finish(scope: Scope): void {
    this.#cell.wish({ progress: scope.start + scope.span })
    if (!this.#cell.waiting) this.#context.sessions.wake(this.#cell)
  }

  #shift(by: 1 | -1): void {
    const { control, sessions } = this.#context
    control.shields += by
    this.#cell.wish({ cancellable: control.shields === 0 })
    if (!this.#cell.waiting) sessions.wake(this.#cell)
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isThenable<T>(value: T): value is T & Promise<Awaited<T>> {
  try {
    return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
  } catch {
    return false // a proxy or a getter that throws: it is the job's own, and goes on as it is
  }
}
