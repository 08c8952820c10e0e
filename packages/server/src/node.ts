// This process's share of all sessions: those that run here, what others are told of them, and what is heard of theirs.
import { randomUUID } from 'node:crypto'
import {
  type CancelAnswer,
  type Clock,
  comparePositions,
  cutText,
  ERRORS,
  isEnd,
  type KnownCode,
  LIMITS,
  ProgressError,
  type Snapshot,
} from '@progress/protocol'
import type { Backend, Entry, Message, StoredLog } from './backend/contract'
import { Hearing } from './backend/hearing'
import { interrupted, Lease } from './backend/lease'
import { memory } from './backend/memory'
import { Mirror } from './backend/mirror'
import { Told } from './backend/told'
import { DEFAULTS } from './defaults'
import { inTime } from './inTime'
import type { Signals } from './observe/signals'
import type { Cell } from './tracker/cell'
import { isGiven, say } from './tracker/checks'
import { LogRing, type LogTail } from './tracker/logRing'
import { advance, isActive } from './tracker/session'
import { type Making, Sessions } from './tracker/sessions'

/** A fact about a session, of this process or of another. Heard in the order in which they happen. */
export interface FactListener {
  /** A session is there that was not known before, or a new epoch of it. */
  made?(entry: Entry): void
  /** It changed or ended. */
  changed?(entry: Entry): void
  logged?(sessionId: string, epoch: string, tail: StoredLog): void
  /** Rights or logins were withdrawn, here or elsewhere. */
  revoked?(whose: Extract<Message, { kind: 'revoke' }>['whose']): void
  /** The backend was away: something may have been missed. */
  gap?(): void
}

/** What a node is made of. */
export interface NodeOptions {
  /** Absent: a memory of its own, which nobody else reads. */
  readonly backend: Backend | undefined
  readonly clock: Clock
  readonly signals: Signals
  readonly throttleMs: number
  readonly asStrings: boolean
}

/** How long an active session stays in the backend without being stored again. */
const ACTIVE_KEEP_MS = 24 * 60 * 60_000
/** A timer that is later than this was not late: the machine's clock was put forward. */
const LATE_MS = 60_000

/** One process's share. */
export class Node {
  readonly id = randomUUID()
  readonly clock: Clock
  readonly signals: Signals
  readonly backend: Backend
  readonly sessions: Sessions
  /** Do other processes read the backend? */
  readonly isShared: boolean
  readonly #mirror: Mirror
  readonly #lease: Lease | undefined
  readonly #first = new Set<FactListener>()
  readonly #listeners = new Set<FactListener>()
  readonly #hearing: Hearing
  readonly #told = new Told()
  #isServed = false
  #cancelSweep: (() => void) | undefined
  #closed: Promise<void> | undefined

  constructor({ backend, clock, signals, throttleMs, asStrings }: NodeOptions) {
    this.clock = clock
    this.signals = signals
    this.isShared = backend !== undefined
    this.backend = backend ?? memory({ clock })
    const keep = { activeKeepMs: ACTIVE_KEEP_MS, endKeepMs: DEFAULTS.endKeptMs }
    const shared = { backend: this.backend, clock, signals, node: this.id, ...keep }
    this.#mirror = new Mirror({
      ...shared,
      onStored: (entry) => this.#isStored(entry),
      onRefused: (entry) => this.#reconcile(entry),
    })
    this.#lease = backend && new Lease({ ...shared, hasWork: () => this.sessions.size > 0 })
    this.sessions = new Sessions({ clock, throttleMs, signals, asStrings, facts: this.#facts() })
    const heard = { hear: (message: Message) => this.hear(message), onGap: () => this.#catchUp() }
    this.#hearing = new Hearing({ backend: this.backend, clock, signals, ...heard })
    this.#sweepLater()
  }

  /**
   * Hears facts of this process at once, those of others as they arrive; the answer stops it. `first`: before all that are
   * not, so that who may no longer watch has left before anybody sends.
   */
  listen(listener: FactListener, order: 'first' | 'later' = 'later'): () => void {
    const listeners = order === 'first' ? this.#first : this.#listeners
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  /** Served twice, everything would be told twice. Throws a `TypeError` the second time. */
  serve(): void {
    if (this.#isServed) throw new TypeError('This tracker is served already: call serveProgress once for each')
    this.#isServed = true
  }

  /** The newest state that can be had: of this process, else of the backend. Rejects where that does, or is too slow. */
  async read(sessionId: string): Promise<Entry | null> {
    const local = this.local(sessionId)
    if (local) return local
    const entry = await this.#stored(sessionId)
    if (entry) this.#lease?.note(entry)
    return entry
  }

  /** The state of a session that runs here, or has just ended. */
  local(sessionId: string): Entry | undefined {
    const cell = this.sessions.get(sessionId)
    if (!cell) return undefined
    this.sessions.refresh(cell)
    return this.#entry(cell)
  }

  /** All of an owner's, running and ended. */
  async listByOwner(owner: string): Promise<readonly Entry[]> {
    const stored = await inTime(this.clock, this.backend.listByOwner(owner))
    for (const entry of stored) this.#lease?.note(entry)
    const entries = new Map(stored.map((entry) => [entry.snapshot.sessionId, entry]))
    for (const cell of this.sessions.all()) {
      if (cell.owner === owner) entries.set(cell.snapshot.sessionId, this.#entry(cell))
    }
    return [...entries.values()]
  }

  /** The log lines after one, of this process, else of the backend. */
  async readLog(sessionId: string, epoch: string, after: number): Promise<StoredLog> {
    const cell = this.sessions.get(sessionId)
    if (cell?.snapshot.epoch === epoch && cell.log) return cell.log.after(after)
    return inTime(this.clock, this.backend.readLog(sessionId, epoch, after))
  }

  /** Asks the job to stop, wherever it runs. Never rejects. */
  async requestCancel(sessionId: string, why?: string): Promise<CancelAnswer> {
    const reason = isGiven(why) ? cutText(say(why), LIMITS.reasonChars) : undefined
    const cell = this.sessions.get(sessionId)
    if (cell) return this.#cancelHere(cell, reason)
    try {
      const entry = await this.#stored(sessionId)
      if (!entry) return refused('NOT_FOUND')
      if (!isActive(entry.snapshot) || !entry.snapshot.cancellable) return refused('NOT_CANCELLABLE')
      const message: Message = { kind: 'cancel', sessionId, ...(reason !== undefined && { reason }) }
      await inTime(this.clock, this.backend.send(message))
      return { ok: true }
    } catch (cause) {
      this.signals.tell('store-failed', { where: 'cancel', cause })
      return refused('UNAVAILABLE')
    }
  }

  /**
   * Looks for a session that is about to run here: one that waits in a queue is taken over, of any other the epoch is
   * answered, so that a newer one can be named. Rejects with `SESSION_CONFLICT` where a live one has another owner. A
   * backend that does not answer in time is done without.
   */
  async takeOn({ sessionId, owner, definition }: Making): Promise<string | undefined> {
    const entry = await this.#inTime('get', this.#stored(sessionId))
    if (!entry) return undefined
    const { snapshot } = entry
    if (isActive(snapshot) && entry.owner !== owner) {
      throw new ProgressError('SESSION_CONFLICT', ERRORS.SESSION_CONFLICT.sentence)
    }
    this.#hearEntry(entry)
    if (!isActive(snapshot) || !snapshot.queued) return snapshot.epoch
    const log = await this.#inTime('readLog', this.backend.readLog(sessionId, snapshot.epoch, -1))
    if (!this.sessions.get(sessionId)) {
      this.sessions.adopt(snapshot, owner, definition, log?.lines.length ? new LogRing(log.lines) : undefined)
    }
    return snapshot.epoch
  }

  /** Ends what has shown no sign of life for too long; answers how many. What waits in a queue has no job to show one. */
  sweep(): number {
    const now = this.clock.now()
    let swept = 0
    for (const cell of [...this.sessions.all()]) {
      if (!isActive(cell.snapshot) || cell.running || cell.dirty) continue
      if (now - cell.touchedAt < (cell.snapshot.queued ? ACTIVE_KEEP_MS : DEFAULTS.staleMs)) continue
      this.sessions.end(cell, interrupted())
      this.sessions.drop(cell)
      swept += 1
    }
    return swept
  }

  /** Resolves when all that happened so far is in the backend. Never rejects. */
  flush(): Promise<void> {
    for (const cell of this.sessions.all()) this.sessions.yield(cell)
    return this.#mirror.flush()
  }

  /** Flushes, as long as the backend takes a bounded time for it, stops all timers and leaves the backend. The second call waits for the first. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#cancelSweep?.()
    this.#lease?.stop()
    await this.#inTime('flush', this.flush(), DEFAULTS.flushTimeoutMs)
    this.sessions.stop()
    this.#mirror.close()
    this.#hearing.stop()
    if (!this.isShared) await this.#inTime('close', this.backend.close())
  }

  #facts() {
    return {
      made: (cell: Cell) => {
        const { sessionId, operation } = cell.snapshot
        this.#store(cell)
        this.signals.tell('made', { sessionId, operation })
        this.#tell((listener) => listener.made?.(this.#entry(cell)))
      },
      changed: (cell: Cell) => {
        const { sessionId, revision } = cell.snapshot
        this.signals.tell('changed', { sessionId, revision })
        this.#tell((listener) => listener.changed?.(this.#entry(cell)))
        this.#store(cell)
      },
      ended: (cell: Cell) => {
        this.#tellEnd(cell.snapshot)
        this.#tell((listener) => listener.changed?.(this.#entry(cell)))
        this.#store(cell)
      },
      logged: (cell: Cell, tail: LogTail) => {
        const { sessionId, epoch } = cell.snapshot
        this.#tell((listener) => listener.logged?.(sessionId, epoch, tail))
        this.#mirror.log(sessionId, epoch, tail.lines)
      },
    }
  }

  #store(cell: Cell): void {
    this.#mirror.put(this.#entry(cell))
  }

  #entry(cell: Cell): Entry {
    return { snapshot: cell.snapshot, owner: cell.owner, node: this.id }
  }

  #tellEnd(snapshot: Snapshot): void {
    if (!isEnd(snapshot)) return
    const { sessionId, operation, status, duration } = snapshot
    const code = status === 'error' ? { code: snapshot.error.code } : {}
    this.signals.tell('ended', { sessionId, operation, status, duration, ...code })
  }

  #tell(tellOne: (listener: FactListener) => void): void {
    for (const listener of [...this.#first, ...this.#listeners]) {
      try {
        tellOne(listener)
      } catch (cause) {
        this.signals.tell('handler-failed', { where: 'fact', cause })
      }
    }
  }

  #cancelHere(cell: Cell, reason: string | undefined): CancelAnswer {
    const { control, snapshot } = cell
    if (!isActive(snapshot) || !control || control.shields > 0) return refused('NOT_CANCELLABLE')
    if (control.controller.signal.aborted) return { ok: true }
    const at = this.clock.now()
    cell.wish({ cancelRequested: { at, ...(reason !== undefined && { reason }) } })
    this.sessions.wake(cell)
    control.controller.abort(new ProgressError('CANCELLED', reason ?? ERRORS.CANCELLED.sentence))
    return { ok: true }
  }

  /** Takes in a message, as if it had come from the backend. */
  hear(message: Message): void {
    switch (message.kind) {
      case 'changed':
        this.#hearEntry(message.entry)
        break
      case 'log': {
        const { sessionId, epoch, lines, node } = message
        if (node !== this.id) this.#tell((listener) => listener.logged?.(sessionId, epoch, { lines, gap: 0 }))
        break
      }
      case 'cancel': {
        const cell = this.sessions.get(message.sessionId)
        if (cell) this.#cancelHere(cell, message.reason)
        break
      }
      case 'revoke':
        this.#tell((listener) => listener.revoked?.(message.whose))
    }
  }

  /** The backend was away: what it may have lost is given to it again, and what we missed comes back as a refusal. */
  #catchUp(): void {
    if (this.isShared) for (const cell of this.sessions.all()) this.#store(cell)
    this.#tell((listener) => listener.gap?.())
  }

  #hearEntry(entry: Entry): void {
    const { snapshot, node } = entry
    this.sessions.heard(snapshot.epoch)
    const cell = this.sessions.get(snapshot.sessionId)
    if (cell ? !this.#yieldTo(cell, entry) : node === this.id) return
    this.#lease?.note(entry)
    if (cell) this.#told.take(cell.snapshot) // told here as our own
    const news = this.#told.take(snapshot)
    if (news) this.#tell((listener) => listener[news]?.(entry))
  }

  /** Somebody may have written a session that is ours. Answers whether theirs is the one to tell. */
  #yieldTo(cell: Cell, { snapshot: theirs, node }: Entry): boolean {
    const { snapshot: ours } = cell
    const ahead = comparePositions(theirs, ours)
    const isSameLife = theirs.epoch === ours.epoch
    const isOfUs = isSameLife && node === this.id
    const isEcho = ahead === 0 && isOfUs && !(isActive(theirs) && theirs.worker !== 'alive')
    if (ahead < 0 || isEcho) return false
    if (isSameLife && !isActive(ours)) return false // those who watch here have seen an end: there is no second one
    if (isOfUs && isActive(theirs) && isActive(ours)) {
      // We were taken for quiet or lost, and are not: our state goes on above theirs.
      const { revision, worker } = theirs
      cell.snapshot = advance({ ...ours, revision, worker }, { worker: 'alive' }, this.clock.now())
      cell.unsent = true
      this.sessions.yield(cell)
      return false
    }
    if (!isSameLife && !isActive(theirs) && !cell.stored) {
      this.#goAbove(cell, theirs)
      return false
    }
    // A new life of this id, an end that was pronounced over us, or another process that has taken it on.
    if (isOfUs) this.#tellEnd(theirs)
    this.sessions.interrupt(cell)
    return true
  }

  /** A clock that is ahead of ours has named a life that ended before ours began: ours takes a newer name. */
  #goAbove(cell: Cell, { epoch }: Snapshot): void {
    this.sessions.rename(cell, epoch)
    const { snapshot, log } = cell
    if (log) this.#mirror.log(snapshot.sessionId, snapshot.epoch, log.after(-1).lines)
    this.#store(cell)
    this.#tell((listener) => listener.made?.(this.#entry(cell))) // whoever watches is authorised anew, and sent the log
  }

  #isStored({ snapshot }: Entry): void {
    const cell = this.sessions.get(snapshot.sessionId)
    if (cell?.snapshot.epoch === snapshot.epoch) cell.stored = true
  }

  /** The backend knows something newer than what we wrote. */
  async #reconcile({ snapshot, owner }: Entry): Promise<void> {
    const stored = await this.#inTime('get', this.#stored(snapshot.sessionId))
    if (!stored) return
    const isAnothers = stored.owner !== owner && isActive(stored.snapshot)
    if (isAnothers) this.#giveBack(snapshot, stored)
    else this.#hearEntry(stored)
  }

  /** This id was begun here while another owner's session of it was live elsewhere: theirs stands, ours is over. */
  #giveBack({ sessionId, epoch }: Snapshot, stored: Entry): void {
    const cell = this.sessions.get(sessionId)
    if (cell?.snapshot.epoch === epoch) this.sessions.interrupt(cell)
    this.signals.tell('refused', {
      code: 'SESSION_CONFLICT',
      reason: 'another owner has this id on another node',
      sessionId,
    })
    this.#lease?.note(stored)
    this.#tell((listener) => listener.made?.(stored)) // whoever watches ours is authorised anew
  }

  async #stored(sessionId: string): Promise<Entry | null> {
    const [entry] = await inTime(this.clock, this.backend.get([sessionId]))
    return entry ?? null
  }

  /** What the backend answers; `null` where it fails, or is too slow. */
  async #inTime<T>(where: string, answer: Promise<T>, waitMs?: number): Promise<T | null> {
    try {
      return await inTime(this.clock, answer, waitMs)
    } catch (cause) {
      this.signals.tell('store-failed', { where, cause })
      return null
    }
  }

  /** Where the clock was put forward meanwhile, nobody can say who was silent for how long: the next one will see. */
  #sweepLater(): void {
    const due = this.clock.now() + DEFAULTS.sweepMs
    this.#cancelSweep = this.clock.after(DEFAULTS.sweepMs, () => {
      if (this.clock.now() < due + LATE_MS) this.sweep()
      this.#sweepLater()
    })
  }
}

function refused(code: KnownCode): CancelAnswer {
  return { ok: false, code, message: ERRORS[code].sentence }
}
