// All live sessions of a process: made, changed in windows, ended at once, kept a moment, forgotten. It tells facts; who
// stores them or sends them on is not its business.

import { type Clock, ERRORS, type LogLine, type Operation, ProgressError, type Snapshot } from '@progress/protocol'
import { DEFAULTS } from '../defaults'
import type { Signals } from '../observe/signals'
import { Cell } from './cell'
import { Epochs } from './epochs'
import { Lingering } from './lingering'
import { LogRing, type LogTail } from './logRing'
import { type End, end, isActive, type Opening, open } from './session'
import { Shelf } from './shelf'
import { Throttle } from './throttle'

/** What the sessions tell. Called in order, right when it happens; must not throw. */
export interface Facts {
  /** A session began, or goes on under this process. */
  made(cell: Cell): void
  /** It changed, and its window allows to say so. */
  changed(cell: Cell): void
  /** It ended. */
  ended(cell: Cell): void
  /** Its job wrote lines. */
  logged(cell: Cell, tail: LogTail): void
}

/** What the sessions need of the world. */
export interface SessionsOptions {
  readonly clock: Clock
  readonly throttleMs: number
  readonly signals: Signals
  readonly asStrings: boolean
  readonly facts: Facts
  /** Is something of this session known here alone? Then it is kept beyond its end, until that can be read elsewhere. */
  isUnstored(sessionId: string): boolean
}

/** What a new session is, beside its epoch and its time. */
export type Making = Omit<Opening, 'epoch' | 'at'> & {
  readonly owner: string | null
  readonly definition?: Operation
  /** It is told at once, so a window opens with it. */
  readonly told: boolean
  /** Its progress may fall. Default: it never does. */
  readonly allowRegress?: boolean
}

/** The live sessions of one process. */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #shelf = new Shelf()
  readonly #epochs = new Epochs()
  readonly #throttle: Throttle<Cell>
  readonly #completed: Lingering
  readonly #failed: Lingering

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#throttle = new Throttle(options.clock, options.throttleMs, (cell, now) => this.#closeWindow(cell, now))
    const letGo = (cell: Cell) => this.#letGo(cell)
    this.#completed = new Lingering(options.clock, DEFAULTS.completedLingerMs, letGo)
    this.#failed = new Lingering(options.clock, DEFAULTS.errorLingerMs, letGo)
  }

  /** The session of this id that runs here or has just ended. */
  get(sessionId: string): Cell | undefined {
    return this.#shelf.get(sessionId)
  }

  /** All of them. */
  all(): Iterable<Cell> {
    return this.#shelf.all()
  }

  /** All of an owner's. */
  of(owner: string): Iterable<Cell> {
    return this.#shelf.of(owner)
  }

  /** How many are held. */
  get size(): number {
    return this.#shelf.size
  }

  /**
   * Makes a session. The same id again begins a new epoch where the old one has ended or has the same owner.
   * Throws a `ProgressError` where it is live and another's, or where too many are live; of those that have ended, the
   * oldest makes room.
   * @param isHeld nobody is told before `release` or `resume`
   */
  make(making: Making, isHeld = false): Cell {
    const before = this.#shelf.get(making.sessionId)
    if (before && isActive(before.snapshot) && before.owner !== making.owner) {
      throw new ProgressError('SESSION_CONFLICT', ERRORS.SESSION_CONFLICT.sentence)
    }
    if (!before) this.#makeRoom()
    const at = this.#options.clock.now()
    const epoch = this.#epochs.next(at, before?.snapshot.epoch)
    const { owner, definition, told, allowRegress = false, ...opening } = making
    const snapshot = open({ ...opening, epoch, at })
    const cell = new Cell(snapshot, owner, definition, at, this.#options.asStrings)
    cell.allowRegress = allowRegress
    if (before) this.drop(before)
    this.#shelf.put(cell)
    if (isHeld) {
      cell.hold = { opening: snapshot, end: undefined }
      cell.waiting = true // what its job wishes waits, without a window that would end by itself
    } else {
      if (told) this.#throttle.open(cell, at)
      this.#options.facts.made(cell)
    }
    if (before) this.interrupt(before)
    return cell
  }

  /** Tells of a session that was held: it is its own. `previousEpoch`: the newest one of its id that is known elsewhere. */
  release(cell: Cell, previousEpoch?: string): void {
    const { hold } = cell
    if (!hold || cell.gone) return
    const { clock, facts } = this.#options
    const { opening } = hold
    const isNewest = previousEpoch === undefined || opening.epoch > previousEpoch
    cell.hold = undefined
    cell.snapshot = isNewest ? opening : { ...opening, epoch: this.#epochs.next(clock.now(), previousEpoch) }
    this.#throttle.open(cell, clock.now())
    facts.made(cell)
    if (hold.end) this.end(cell, hold.end)
  }

  /** Lets a session that was held go on where one that waits in a queue stands: in its epoch, above its lines. */
  resume(cell: Cell, snapshot: Snapshot, lines: readonly LogLine[]): void {
    const { hold } = cell
    if (!hold || cell.gone) return
    cell.hold = undefined
    cell.waiting = false
    cell.snapshot = snapshot
    cell.stored = true
    if (lines.length > 0) cell.log = goOn(lines, cell.log)
    this.yield(cell)
    if (hold.end) this.end(cell, hold.end)
  }

  /** Gives this life a name that is newer than that one. Who has to know is told by the caller. */
  rename(cell: Cell, previousEpoch: string): void {
    const now = this.#options.clock.now()
    cell.fold(now)
    cell.snapshot = { ...cell.snapshot, epoch: this.#epochs.next(now, previousEpoch) }
    cell.unsent = false
  }

  /** An epoch was heard of: none that is made here from now on is older. */
  heard(epoch: string): void {
    this.#epochs.heard(epoch)
  }

  /** An attempt failed, and is not the last: viewers see it wait. What that attempt still says is not heard. */
  requeue(cell: Cell): void {
    if (cell.gone || !isActive(cell.snapshot)) return
    cell.wish({ queued: true, cancellable: false, worker: 'alive' })
    this.yield(cell)
    const { clock, asStrings } = this.#options
    const waiting = new Cell(cell.snapshot, cell.owner, cell.operation, clock.now(), asStrings)
    waiting.log = cell.log
    waiting.stored = cell.stored
    this.drop(cell)
    this.#shelf.put(waiting)
  }

  /** A wish came: outside of a window it is carried out at once, and opens one. */
  wake(cell: Cell): void {
    if (cell.waiting || cell.gone || !isActive(cell.snapshot)) return
    const now = this.#options.clock.now()
    cell.fold(now)
    if (!cell.unsent && !cell.log?.hasUntold) return
    this.#throttle.open(cell, now)
    this.#tell(cell)
  }

  /** Brings the snapshot up to date for a reader. Whoever watches is told when the window closes. */
  refresh(cell: Cell): void {
    if (cell.hold) return
    cell.fold(this.#options.clock.now())
  }

  /** Writes a line of output; it is told with the next window, or at once where none is open. */
  log(cell: Cell, text: string, level: LogLine['level'], at: number): void {
    if (cell.gone || !isActive(cell.snapshot)) return
    cell.log ??= new LogRing()
    cell.log.add(text, level, at)
    this.wake(cell)
  }

  /** Ends a session, at once. `false` where it has ended already: the first end stands. */
  end(cell: Cell, how: End): boolean {
    const { snapshot: before } = cell
    if (cell.gone || !isActive(before)) return false
    const now = this.#options.clock.now()
    if (cell.hold) {
      cell.hold.end = how
      cell.snapshot = end(before, how, now)
      return true
    }
    const told = before.revision
    cell.fold(now)
    if (!isActive(cell.snapshot)) return false
    cell.touchedAt = now
    // What was wished and not told yet becomes part of the end, not a state of its own.
    const folded = cell.unsent && cell.snapshot.revision > told ? { ...cell.snapshot, revision: told } : cell.snapshot
    cell.snapshot = end(folded, how, now)
    cell.unsent = false
    this.#tellLog(cell)
    this.#options.facts.ended(cell)
    const lingering = how.status === 'error' ? this.#failed : this.#completed
    if (!cell.gone) lingering.add(cell, now)
    return true
  }

  /** Tells at once what was wished, whatever the window. */
  yield(cell: Cell): void {
    if (cell.gone || cell.hold) return
    cell.fold(this.#options.clock.now())
    this.#tell(cell)
  }

  /** Forgets a session, if it is still the one that has this id. */
  drop(cell: Cell): void {
    cell.gone = true
    this.#shelf.take(cell)
    this.#completed.delete(cell)
    this.#failed.delete(cell)
  }

  /** Another life of this id begins, here or elsewhere: this one is over without an end, and its job is asked to stop. */
  interrupt(cell: Cell, why = new ProgressError('INTERRUPTED', ERRORS.INTERRUPTED.sentence)): void {
    this.drop(cell)
    cell.control?.controller.abort(why)
  }

  /** Stops all timers. */
  stop(): void {
    this.#throttle.stop()
    this.#completed.stop()
    this.#failed.stop()
  }

  /** It has stayed a moment: whoever comes from now on reads it where it is stored. */
  #letGo(cell: Cell): boolean {
    if (this.#options.isUnstored(cell.snapshot.sessionId)) return false
    this.drop(cell)
    return true
  }

  #makeRoom(): void {
    if (this.#shelf.size < DEFAULTS.sessions) return
    const [completed, failed] = [this.#completed.oldest, this.#failed.oldest]
    const oldest =
      completed && failed ? (failed.endedAt < completed.endedAt ? failed : completed) : (completed ?? failed)
    if (!oldest) {
      throw new ProgressError('LIMIT', `More than ${DEFAULTS.sessions} sessions in one process: end some, or wait`)
    }
    this.drop(oldest.cell) // its end stands in the backend
  }

  #closeWindow(cell: Cell, now: number): boolean {
    if (cell.gone || !isActive(cell.snapshot)) return false
    cell.fold(now)
    return this.#tell(cell)
  }

  #tell(cell: Cell): boolean {
    const wrote = this.#tellLog(cell)
    if (!cell.unsent) return wrote
    cell.unsent = false
    this.#options.facts.changed(cell)
    return true
  }

  #tellLog(cell: Cell): boolean {
    const tail = cell.log?.untold()
    if (!tail || tail.lines.length === 0) return false
    this.#options.facts.logged(cell, tail)
    return true
  }
}

/** Lines that were written meanwhile, numbered above those that are there already. */
function goOn(lines: readonly LogLine[], since: LogRing | undefined): LogRing {
  const log = new LogRing(lines)
  for (const { text, level, at } of since?.after(-1).lines ?? []) log.add(text, level, at)
  return log
}
