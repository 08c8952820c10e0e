// All live sessions of a process: made, changed in windows, ended at once, kept a moment, forgotten. It tells facts; who
// stores them or sends them on is not its business.

import { randomUUID } from 'node:crypto'
import {
  type Clock,
  ERRORS,
  epochAt,
  type LogLine,
  type Operation,
  ProgressError,
  parsePosition,
  type Snapshot,
} from '@progress/protocol'
import { DEFAULTS } from '../defaults'
import type { Signals } from '../observe/signals'
import { Cell } from './cell'
import { LogRing, type LogTail } from './logRing'
import { type End, end, isActive, type Opening, open } from './session'
import { Throttle, type Throttled } from './throttle'

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

class Lingering implements Throttled {
  waiting = false
  windowEndsAt = 0
  constructor(readonly cell: Cell) {}
}

/** The live sessions of one process. */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #cells = new Map<string, Cell>()
  readonly #throttle: Throttle<Cell>
  readonly #lingering: { readonly completed: Throttle<Lingering>; readonly error: Throttle<Lingering> }
  /** Time of the newest epoch that was made here or heard of: a clock that steps back makes no older one. */
  #newestMs = -1

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#throttle = new Throttle(options.clock, options.throttleMs, (cell, now) => this.#closeWindow(cell, now))
    const linger = (ms: number) => new Throttle<Lingering>(options.clock, ms, ({ cell }) => this.drop(cell))
    this.#lingering = { completed: linger(DEFAULTS.completedLingerMs), error: linger(DEFAULTS.errorLingerMs) }
  }

  /** The session of this id that runs here or has just ended. */
  get(sessionId: string): Cell | undefined {
    return this.#cells.get(sessionId)
  }

  /** All of them. */
  all(): Iterable<Cell> {
    return this.#cells.values()
  }

  /** How many are held. */
  get size(): number {
    return this.#cells.size
  }

  /**
   * Makes a session. The same id again begins a new epoch where the old one has ended or has the same owner.
   * Throws a `ProgressError` where it is live and another's, or where too many are held.
   * @param previousEpoch the newest epoch of this id that is known elsewhere
   */
  make(making: Making, previousEpoch?: string): Cell {
    const before = this.#cells.get(making.sessionId)
    if (before && isActive(before.snapshot) && before.owner !== making.owner) {
      throw new ProgressError('SESSION_CONFLICT', ERRORS.SESSION_CONFLICT.sentence)
    }
    if (!before && this.#cells.size >= DEFAULTS.sessions) {
      throw new ProgressError('LIMIT', `More than ${DEFAULTS.sessions} sessions in one process: end some, or wait`)
    }
    const at = this.#options.clock.now()
    const epoch = this.#newEpoch(at, before?.snapshot.epoch, previousEpoch)
    const { owner, definition, told, allowRegress = false, ...opening } = making
    const snapshot = open({ ...opening, epoch, at })
    const cell = new Cell(snapshot, owner, definition, at, this.#options.asStrings)
    cell.allowRegress = allowRegress
    if (before) this.drop(before)
    this.#cells.set(making.sessionId, cell)
    if (told) this.#throttle.open(cell, at)
    this.#options.facts.made(cell)
    if (before) this.interrupt(before)
    return cell
  }

  /** Takes over a session that another process, or an earlier attempt, has left: whoever held it until now is not heard. */
  adopt(snapshot: Snapshot, owner: string | null, definition: Operation | undefined, log?: LogRing): Cell {
    const before = this.#cells.get(snapshot.sessionId)
    if (before) this.drop(before)
    const { clock, asStrings } = this.#options
    const cell = new Cell(snapshot, owner, definition, clock.now(), asStrings)
    cell.log = log
    cell.stored = before?.stored ?? true
    this.#cells.set(snapshot.sessionId, cell)
    return cell
  }

  /** Gives this life a name that is newer than that one. Who has to know is told by the caller. */
  rename(cell: Cell, previousEpoch: string): void {
    const now = this.#options.clock.now()
    cell.fold(now)
    cell.snapshot = { ...cell.snapshot, epoch: this.#newEpoch(now, previousEpoch) }
    cell.unsent = false
  }

  /** An epoch was heard of: none that is made here from now on is older. */
  heard(epoch: string): void {
    this.#newestMs = Math.max(this.#newestMs, epochTime(epoch))
  }

  /** An attempt failed, and is not the last: viewers see it wait. What that attempt still says is not heard. */
  requeue(cell: Cell): void {
    if (cell.gone || !isActive(cell.snapshot)) return
    cell.wish({ queued: true, cancellable: false, worker: 'alive' })
    this.yield(cell)
    this.adopt(cell.snapshot, cell.owner, cell.operation, cell.log)
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
    const kind = how.status === 'error' ? 'error' : 'completed'
    this.#lingering[kind].open(new Lingering(cell), now)
    return true
  }

  /** Tells at once what was wished, whatever the window. */
  yield(cell: Cell): void {
    if (cell.gone) return
    cell.fold(this.#options.clock.now())
    this.#tell(cell)
  }

  /** Forgets a session, if it is still the one that has this id. Always `false`: its window is not opened again. */
  drop(cell: Cell): false {
    const { sessionId } = cell.snapshot
    cell.gone = true
    if (this.#cells.get(sessionId) === cell) this.#cells.delete(sessionId)
    return false
  }

  /** Another life of this id begins, here or elsewhere: this one is over without an end, and its job is asked to stop. */
  interrupt(cell: Cell): void {
    this.drop(cell)
    cell.control?.controller.abort(new ProgressError('INTERRUPTED', ERRORS.INTERRUPTED.sentence))
  }

  /** Stops all timers. */
  stop(): void {
    this.#throttle.stop()
    this.#lingering.completed.stop()
    this.#lingering.error.stop()
  }

  /** @param previous epochs of the same id, each older than the new one */
  #newEpoch(at: number, ...previous: readonly (string | undefined)[]): string {
    const steady = at < this.#newestMs ? this.#newestMs + 1 : at
    this.#newestMs = Math.max(steady, ...previous.map((epoch) => epochTime(epoch) + 1))
    return epochAt(this.#newestMs, chance())
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

function epochTime(epoch: string | undefined): number {
  return epoch && parsePosition(`${epoch}.0`) ? Number.parseInt(epoch.slice(0, 9), 36) : -1
}

/** Chance for the eight digits of an epoch. UUIDs are drawn by the thousand; asking the system each time costs more than all else. */
function chance(): () => number {
  const uuid = randomUUID()
  const hex = uuid.slice(0, 8) + uuid.slice(-12) // without the digits that say what kind of UUID it is
  let drawn = 0
  return () => {
    drawn += 2
    return Number.parseInt(hex.slice(drawn - 2, drawn), 16) / 256
  }
}
