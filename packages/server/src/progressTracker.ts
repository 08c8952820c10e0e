// `ProgressTracker`: the seed's seven methods, `run` and `reserve`, over this process's share of all sessions.
import { randomUUID } from 'node:crypto'
import {
  type AnyOperation,
  type CancelAnswer,
  type Metadata,
  type MetadataOf,
  type Operation,
  type PhaseOf,
  ProgressError,
  type Snapshot,
  systemClock,
} from '@progress/protocol'
import { makingOfSession } from './makings'
import { Node } from './node'
import { logSignals } from './observe/logger'
import { type SignalSource, Signals } from './observe/signals'
import { type Job, Runs } from './runs'
import { Broadcast } from './socket/broadcast'
import type { SocketServerLike } from './socket/socketLike'
import type { Cell } from './tracker/cell'
import { isGiven, say } from './tracker/checks'
import { Dropped } from './tracker/dropped'
import { cancellation, completion, failure } from './tracker/endings'
import { type End, isActive } from './tracker/session'
import type { Task } from './tracker/task'
import {
  type LocalSession,
  type Returned,
  type Run,
  requireThrottle,
  type SessionOptions,
  type StartOptions,
  type TrackerOptions,
} from './trackerOptions'

export type { LocalSession, Returned, Run, SessionOptions, StartOptions, TrackerOptions } from './trackerOptions'

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
  readonly #runs: Runs
  readonly #dropped: Dropped
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
    this.#dropped = new Dropped(signals)
    this.#runs = new Runs(this.#node, this.#dropped, this.#asStrings)
    this.signals = signals
    this['~node'] = this.#node
    this['~io'] = io
    if (io) this.#broadcast(io)
  }

  /**
   * Runs a job as a session: returned = completed, thrown = error, aborted = cancelled. Answers at once, and the job begins
   * right after. Throws where an option is unusable, where a live session of another owner has the id, or where too many
   * are live. In another process, such an owner is found out a moment later: the job is stopped then, and the run rejects
   * with `SESSION_CONFLICT`.
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
    return this.#runs.begin(what, options, job as Job<R>)
  }

  /**
   * Says that a queue will work on this: viewers see it `queued`, on every transport, until any process does `run` with
   * this id. Throws as `run` does.
   */
  reserve<Op extends AnyOperation>(operation: Op, options: StartOptions<Op>): string {
    return this.#runs.reserve(operation, options)
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
    const making = makingOfSession(sessionId, metadata, options, this.#asStrings)
    return this.#node.sessions.make(making).snapshot.sessionId
  }

  /** Records progress (0..100), and tells watchers at most ten times a second. `false` where it was not recorded. */
  updateProgress(sessionId: string, progress: number, message?: string, metadata?: Record<string, unknown>): boolean {
    const cell = this.#node.sessions.get(sessionId)
    if (cell === undefined || cell.snapshot.status !== 'active')
      return this.#drop(sessionId, 'no live session has this id', cell)
    if (typeof progress !== 'number' || !Number.isFinite(progress)) {
      return this.#drop(sessionId, 'progress takes a finite number', cell)
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
    return this.#end(sessionId, (cell) => completion(cell, message, metadata))
  }

  /** Ends it as failed, at once. `details.code` becomes the code; a stack in the details stays here. */
  errorSession(sessionId: string, message: string, details: Record<string, unknown> = {}): boolean {
    return this.#end(sessionId, (cell) => failure(cell, message, details, randomUUID()))
  }

  /** Ends it as cancelled, as `completeSession` ends it as completed. */
  cancelSession(sessionId: string, reason?: string): boolean {
    return this.#end(sessionId, () => cancellation(reason))
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

  #end(sessionId: string, how: (cell: Cell) => End): boolean {
    const cell = this.#node.sessions.get(sessionId)
    if (!cell) return this.#drop(sessionId, 'no session has this id')
    if (this.#node.sessions.end(cell, how(cell))) return true
    return this.#drop(sessionId, 'the session has ended already', cell)
  }

  #drop(sessionId: unknown, reason: string, cell?: Cell): false {
    this.#dropped.tell(sessionId, reason, cell?.snapshot.epoch)
    return false
  }

  #broadcast(io: SocketServerLike): void {
    const broadcast = new Broadcast(io)
    this.#node.listen({
      // One that this process first hears of by a change may be watched here already, by who has read it in the backend.
      made: (entry) => entry.snapshot.revision > 1 && broadcast.changed(entry),
      changed: (entry) => broadcast.changed(entry),
      logged: (sessionId, epoch, { lines, gap }) => broadcast.logged(sessionId, epoch, lines, gap),
    })
  }
}

function isSocketServer(value: SocketServerLike | TrackerOptions | undefined): value is SocketServerLike {
  return typeof value === 'object' && value !== null && 'to' in value && typeof value.to === 'function'
}
