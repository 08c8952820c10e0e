// `ProgressTracker`: the seed's seven methods, `run` and `reserve`, over this process's share of all sessions.
import { randomUUID } from 'node:crypto'
import {
  type AnyOperation,
  type CancelAnswer,
  type Clock,
  defineOperation,
  errorRow,
  failureOf,
  isProgressError,
  type Metadata,
  type MetadataOf,
  type Operation,
  type PhaseOf,
  ProgressError,
  type ResultOf,
  type Sanitized,
  type Snapshot,
  sanitizeMetadata,
  systemClock,
} from '@progress/protocol'
import type { Backend } from './backend/contract'
import { DEFAULTS } from './defaults'
import { inTime } from './inTime'
import { Node } from './node'
import { type Logger, logSignals } from './observe/logger'
import { type Signal, type SignalSource, Signals } from './observe/signals'
import { Broadcast } from './socket/broadcast'
import type { SocketServerLike } from './socket/socketLike'
import type { Cell } from './tracker/cell'
import {
  type Attempt,
  isGiven,
  requireAttempt,
  requireOwner,
  requireSessionId,
  requireTotal,
  say,
  type UserId,
} from './tracker/checks'
import { runJob } from './tracker/run'
import { isActive } from './tracker/session'
import type { Making } from './tracker/sessions'
import type { Task } from './tracker/task'

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

/** Kind of a session that was made without saying what it is. */
const DEFAULT_KIND = 'work'

/**
 * Holds the sessions of this process. Synchronous, and never in the way: what goes wrong with a backend, a viewer or odd
 * data becomes a signal, never an exception in the job.
 * @example
 * const tracker = new ProgressTracker(io)
 * const job = tracker.run('backup', { owner: user.id }, async (task) => {
 *   for await (const chunk of task.track(dump(), { unit: 'bytes', size: (c) => c.length })) await write(chunk)
 * })
 * res.status(202).json({ sessionId: job.id })
 */
export class ProgressTracker {
  /** Everything worth knowing: hang logs and metrics on it. */
  readonly signals: SignalSource
  /** For `serveProgress`: not part of the public API. */
  readonly '~node': Node
  /** For `serveProgress`: not part of the public API. */
  readonly '~io': SocketServerLike | undefined
  readonly #node: Node
  readonly #asStrings: boolean

  /** With the app's Socket.IO server: watchers in its rooms are told. */
  constructor(io?: SocketServerLike, options?: TrackerOptions)
  /** No sockets in this process: a worker, a script, a serverless function. */
  constructor(options: TrackerOptions)
  constructor(first?: SocketServerLike | TrackerOptions, second?: TrackerOptions) {
    const io = isSocketServer(first) ? first : undefined
    const options = second ?? (isSocketServer(first) ? {} : (first ?? {}))
    const signals = new Signals()
    if (options.onSignal) signals.onAny(options.onSignal)
    if (options.logger) signals.onAny(logSignals(options.logger))
    this.#asStrings = options.metadata === 'strings'
    this.#node = new Node({
      backend: options.backend,
      clock: options.clock ?? systemClock,
      signals,
      throttleMs: requireThrottle(options.throttleMs),
      asStrings: this.#asStrings,
    })
    this.signals = signals
    this['~node'] = this.#node
    this['~io'] = io
    if (io) this.#broadcast(io)
  }

  /**
   * Runs a job as a session: returned = completed, thrown = error, aborted = cancelled. Answers at once. Throws where an
   * option is unusable, or where a live session of another owner has the id.
   */
  run<Op extends AnyOperation, R extends Returned<Op>>(
    operation: Op,
    options: StartOptions<Op>,
    job: (task: Task<MetadataOf<Op>, PhaseOf<Op>>) => R | Promise<R>,
  ): Run<R>
  run<const K extends string, R>(
    kind: K,
    options: StartOptions<Operation<K, Metadata, void, never>>,
    job: (task: Task<Metadata, never>) => R | Promise<R>,
  ): Run<R>
  run<R>(what: Operation | string, options: StartOptions<Operation>, job: (task: never) => R | Promise<R>): Run<R> {
    const attempt = requireAttempt(options.attempt)
    const making = this.#making(what, options)
    const start = (cell: Cell) => this.#start(cell, attempt, job as (task: Task) => R | Promise<R>)
    const { sessionId: id } = making
    const promise =
      this.#node.isShared && options.id !== undefined
        ? this.#takeOn(making, attempt, start)
        : start(this.#resumeOrMake(making, attempt))
    promise.catch(() => {}) // it stands in the session and in the signals
    return Object.assign(promise, { id })
  }

  /**
   * Says that a queue will work on this: viewers see it `queued`, on every transport, until any process does `run` with
   * this id. Throws as `run` does.
   */
  reserve<Op extends AnyOperation>(operation: Op, options: StartOptions<Op>): string {
    const making = { ...this.#making(operation, options), queued: true, cancellable: false }
    return this.#node.sessions.make(making).snapshot.sessionId
  }

  /** Makes a session, and tells nobody. Throws a `TypeError` where an option is unusable. */
  createSession(metadata: Record<string, unknown> = {}, options: SessionOptions = {}): string {
    return this.createSessionWithId(randomUUID(), metadata, options)
  }

  /**
   * The same under an id of your own. An ended session, or one of the same owner, makes room for a new epoch; a live one of
   * another owner throws `SESSION_CONFLICT`.
   */
  createSessionWithId(sessionId: string, metadata: Record<string, unknown> = {}, options: SessionOptions = {}): string {
    const { value, truncated } = this.#clean(metadata)
    const kind = value['operation']
    const { total, unit } = options
    const checkedTotal = requireTotal(total)
    const cell = this.#node.sessions.make({
      sessionId: requireSessionId(sessionId),
      owner: requireOwner(options.owner ?? null),
      operation: typeof kind === 'string' && kind.length > 0 ? kind : DEFAULT_KIND,
      metadata: value,
      told: false,
      allowRegress: options.allowRegress === true,
      truncated,
      ...(checkedTotal !== undefined && { total: checkedTotal }),
      ...(isGiven(unit) && { unit: say(unit) }),
    })
    return cell.snapshot.sessionId
  }

  /** Records progress (0..100), and tells watchers at most ten times a second. `false` where it was not recorded. */
  updateProgress(sessionId: string, progress: number, message?: string, metadata?: Record<string, unknown>): boolean {
    const cell = this.#node.sessions.get(sessionId)
    if (cell === undefined || cell.snapshot.status !== 'active')
      return this.#drop(sessionId, 'no live session has this id')
    if (typeof progress !== 'number' || !Number.isFinite(progress)) {
      return this.#drop(sessionId, 'progress takes a finite number')
    }
    if (cell.progress === undefined || progress > cell.progress || cell.allowRegress) cell.progress = progress
    cell.dirty = true
    if (isGiven(message)) cell.message = say(message)
    if (isGiven(metadata)) cell.wishMetadata(metadata)
    if (!cell.waiting) this.#node.sessions.wake(cell)
    return true
  }

  /** Ends it as completed, at 100, at once. `false` where it has ended already, or is not there. */
  completeSession(sessionId: string, message?: string, metadata?: Record<string, unknown>): boolean {
    return this.#end(sessionId, (cell) => ({ status: 'completed', ...spoken(message), ...this.#added(cell, metadata) }))
  }

  /** Ends it as failed, at once. `details.code` becomes the code; a stack in the details stays here. */
  errorSession(sessionId: string, message: string, details: Record<string, unknown> = {}): boolean {
    return this.#end(sessionId, (cell) => {
      const { value, truncated: cut } = sanitizeMetadata(details)
      const code = typeof value['code'] === 'string' && value['code'] ? value['code'] : 'OPERATION_FAILED'
      const { code: _code, stack: _stack, ...context } = value
      const said = isGiven(message) ? say(message) : errorRow(code).sentence
      const error = new ProgressError(code, said, { details: context })
      const { failure, truncated } = failureOf(error, randomUUID())
      const { reference: _reference, ...told } = failure
      const added = this.#added(cell, context)
      return {
        status: 'error',
        message: said,
        ...added,
        error: told as typeof failure,
        truncated: cut || truncated || (added.truncated ?? false),
      }
    })
  }

  /** Ends it as cancelled, as `completeSession` ends it as completed. */
  cancelSession(sessionId: string, reason?: string): boolean {
    return this.#end(sessionId, () => ({ status: 'cancelled', ...(isGiven(reason) && { reason: say(reason) }) }))
  }

  /** A session that runs here, or has just ended; `null` for any other. `find` asks the backend. */
  getSession(sessionId: string): LocalSession | null {
    const cell = this.#node.sessions.get(sessionId)
    if (!cell) return null
    this.#node.sessions.refresh(cell)
    return Object.freeze({ ...cell.snapshot, id: sessionId, lastUpdate: cell.touchedAt })
  }

  /** Ends sessions whose job has shown no sign of life for 30 minutes; answers how many. Runs by itself, too. */
  cleanupStaleSessions(): number {
    return this.#node.sweep()
  }

  /** Asks the job, wherever it runs, to stop. What the button in the browser does. Never rejects. */
  requestCancel(sessionId: string, reason?: string): Promise<CancelAnswer> {
    return this.#node.requestCancel(sessionId, reason)
  }

  /**
   * Aborted when somebody asks to cancel: for sessions made by `createSession`, which can be cancelled from now on. Throws
   * a `ProgressError` `NOT_FOUND` where no live session here has this id.
   */
  signalOf(sessionId: string): AbortSignal {
    const cell = this.#node.sessions.get(sessionId)
    if (!cell || !isActive(cell.snapshot))
      throw new ProgressError('NOT_FOUND', 'No live session of this process has this id')
    if (!cell.control) {
      cell.control = { controller: new AbortController(), shields: 0 }
      cell.wish({ cancellable: true })
      if (!cell.waiting) this.#node.sessions.wake(cell)
    }
    return cell.control.controller.signal
  }

  /** From any process, also after the end; `null` where there is none, or the backend cannot be asked. */
  async find(sessionId: string): Promise<Snapshot | null> {
    try {
      const entry = await this.#node.read(sessionId)
      return entry?.snapshot ?? null
    } catch (cause) {
      this.#node.signals.tell('store-failed', { where: 'find', cause })
      return null
    }
  }

  /** Resolves when all that happened so far is in the backend. Never rejects: for `after()` and `waitUntil`. */
  flush(): Promise<void> {
    return this.#node.flush()
  }

  /** Flushes, and stops everything. Sessions that still run are not ended. Never rejects. */
  close(): Promise<void> {
    return this.#node.close()
  }

  /** `await using tracker = …` closes it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #making(what: Operation | string, options: StartOptions<Operation>): Making {
    const definition = typeof what === 'string' ? defineOperation(what) : what
    const { value, truncated } = this.#clean(options.metadata ?? {})
    const metadata = sanitizeMetadata({ operation: definition.kind, ...value })
    const total = requireTotal(options.total)
    return {
      sessionId: requireSessionId(options.id ?? randomUUID()),
      owner: requireOwner(options.owner),
      operation: definition.kind,
      definition,
      metadata: metadata.value,
      cancellable: true,
      told: true,
      allowRegress: options.allowRegress === true,
      truncated: truncated || metadata.truncated,
      ...(total !== undefined && { total }),
      ...(isGiven(options.unit) && { unit: say(options.unit) }),
      ...spoken(options.message),
    }
  }

  #start<R>(cell: Cell, attempt: Attempt, job: (task: Task) => R | Promise<R>): Promise<R> {
    const { sessions, signals, clock } = this.#node
    cell.control ??= { controller: new AbortController(), shields: 0 }
    const { control } = cell
    const time = {
      now: () => clock.now(),
      inTime: <T>(answer: Promise<T> | T) => inTime(clock, answer, DEFAULTS.hookMs),
    }
    return runJob({ sessions, signals, cell, control, attempt, ...time, newReference: randomUUID }, job)
  }

  /** A queued session of the same owner goes on in its epoch; anything else begins a new one. */
  #resumeOrMake(making: Making, attempt: Attempt, previousEpoch?: string): Cell {
    const { sessions } = this.#node
    const before = sessions.get(making.sessionId)
    const waits = before && isActive(before.snapshot) && before.snapshot.queued && before.owner === making.owner
    if (!waits) return sessions.make({ ...making, attempt: attempt.number }, previousEpoch)
    const { metadata, total, unit, message } = making
    before.operation = making.definition
    before.allowRegress = making.allowRegress === true
    before.wishMetadata(metadata)
    before.wish({
      ...{ queued: false, attempt: attempt.number, cancellable: true, worker: 'alive' },
      ...(total !== undefined && { total }),
      ...(unit !== undefined && { unit }),
      ...(message !== undefined && { message }),
    })
    sessions.yield(before)
    return before
  }

  /**
   * The same where the session may be known to another process: a look at the backend comes first. It starts in the same
   * moment: if another process has been faster, the job can be told.
   */
  async #takeOn<R>(making: Making, attempt: Attempt, start: (cell: Cell) => Promise<R>): Promise<R> {
    try {
      const previousEpoch = await this.#node.takeOn(making)
      return start(this.#resumeOrMake(making, attempt, previousEpoch))
    } catch (error) {
      const { code, message: reason } = isProgressError(error) ? error : new ProgressError('LIMIT', say(error))
      this.#node.signals.tell('refused', { sessionId: making.sessionId, code, reason })
      throw error
    }
  }

  #end(sessionId: string, how: (cell: Cell) => Parameters<Node['sessions']['end']>[1]): boolean {
    const cell = this.#node.sessions.get(sessionId)
    if (!cell) return this.#drop(sessionId, 'no session has this id')
    if (this.#node.sessions.end(cell, how(cell))) return true
    return this.#drop(sessionId, 'the session has ended already')
  }

  #added(cell: Cell, metadata: Record<string, unknown> | undefined): { metadata?: Metadata; truncated?: boolean } {
    if (!isGiven(metadata)) return {}
    const { value, truncated } = cell.clean(metadata)
    const merged = cell.mergedMetadata({ ...cell.patch, ...value })
    return { metadata: merged.metadata, truncated: truncated || merged.truncated }
  }

  #clean(metadata: unknown): Sanitized {
    return sanitizeMetadata(metadata, this.#asStrings ? { as: 'strings' } : {})
  }

  #drop(sessionId: unknown, reason: string): false {
    this.#node.signals.tell('dropped', {
      sessionId: typeof sessionId === 'string' ? sessionId.slice(0, 64) : '',
      reason,
    })
    return false
  }

  #broadcast(io: SocketServerLike): void {
    const broadcast = new Broadcast(io)
    this.#node.listen({
      changed: (entry) => broadcast.changed(entry),
      logged: (sessionId, epoch, { lines, gap }) => broadcast.logged(sessionId, epoch, lines, gap),
    })
  }
}

function spoken(message: unknown): { message?: string } {
  return isGiven(message) ? { message: say(message) } : {}
}

function isSocketServer(value: SocketServerLike | TrackerOptions | undefined): value is SocketServerLike {
  return typeof value === 'object' && value !== null && 'to' in value && typeof value.to === 'function'
}

function requireThrottle(throttleMs: number | undefined): number {
  if (throttleMs === undefined) return DEFAULTS.throttleMs
  if (Number.isFinite(throttleMs) && throttleMs >= 0) return throttleMs
  throw new TypeError('throttleMs is a number of milliseconds, 0 or more')
}
