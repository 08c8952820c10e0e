// This process's share of all sessions: the parts that hold them here, write them for others and hear of theirs, joined.
import { randomUUID } from 'node:crypto'
import type { CancelAnswer, Clock } from '@progress/protocol'
import type { Backend, Entry, Message, StoredLog } from './backend/contract'
import { Hearing } from './backend/hearing'
import { Lease } from './backend/lease'
import { memory } from './backend/memory'
import { Mirror } from './backend/mirror'
import { DEFAULTS } from './defaults'
import { inTime } from './inTime'
import { Cancelling } from './node/cancelling'
import { FactBoard, type FactListener } from './node/facts'
import { Others } from './node/others'
import { OwnFacts } from './node/ownFacts'
import { Placing } from './node/placing'
import { StoreReader } from './node/storeReader'
import { Sweep } from './node/sweep'
import type { Signals } from './observe/signals'
import type { Cell } from './tracker/cell'
import { Sessions } from './tracker/sessions'

export type { FactListener } from './node/facts'

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

/** One process's share. */
export class Node {
  readonly id = randomUUID()
  readonly clock: Clock
  readonly signals: Signals
  readonly backend: Backend
  readonly sessions: Sessions
  /** Do other processes read the backend? */
  readonly isShared: boolean
  readonly #facts: FactBoard
  readonly #own: OwnFacts
  readonly #others: Others
  readonly #cancelling: Cancelling
  readonly #placing: Placing
  readonly #store: StoreReader
  readonly #mirror: Mirror
  readonly #lease: Lease | undefined
  readonly #hearing: Hearing
  readonly #sweep: Sweep
  #isServed = false
  #closed: Promise<void> | undefined

  constructor({ backend, clock, signals, throttleMs, asStrings }: NodeOptions) {
    this.clock = clock
    this.signals = signals
    this.isShared = backend !== undefined
    this.backend = backend ?? memory({ clock })
    const keep = { activeKeepMs: ACTIVE_KEEP_MS, endKeepMs: this.backend.endKeepMs ?? DEFAULTS.endKeptMs }
    const shared = { backend: this.backend, clock, signals, node: this.id, ...keep }
    const mirror = new Mirror({
      ...shared,
      onStored: (entry) => this.#isStored(entry),
      onRefused: (entry) => this.#others.reconcile(entry),
    })
    this.#mirror = mirror
    this.#facts = new FactBoard(signals)
    const working = () => this.#lease?.work()
    this.#own = new OwnFacts({ node: this.id, signals, facts: this.#facts, mirror, working })
    const isUnstored = (sessionId: string) => mirror.isHolding(sessionId)
    this.sessions = new Sessions({ clock, throttleMs, signals, asStrings, facts: this.#own, isUnstored })
    this.#lease = backend && new Lease({ ...shared, hasWork: () => this.sessions.size > 0 })
    this.#store = new StoreReader({ ...shared, isHearing: () => this.#hearing.isHearing })
    const parts = { ...shared, sessions: this.sessions, own: this.#own, facts: this.#facts, store: this.#store, mirror }
    const note = (entry: Entry) => this.#lease?.note(entry)
    this.#others = new Others({ ...parts, note })
    this.#placing = new Placing({ ...parts, others: this.#others, note })
    this.#cancelling = new Cancelling(parts)
    const heard = { hear: (message: Message) => this.hear(message), onGap: () => this.#catchUp() }
    this.#hearing = new Hearing({ ...shared, ...heard })
    this.#sweep = new Sweep({ clock, sessions: this.sessions, queuedKeepMs: ACTIVE_KEEP_MS })
  }

  /**
   * Hears facts of this process at once, those of others as they arrive; the answer stops it. `first`: before all that are
   * not, so that who may no longer watch has left before anybody sends.
   */
  listen(listener: FactListener, order: 'first' | 'later' = 'later'): () => void {
    return this.#facts.listen(listener, order)
  }

  /** Served twice, everything would be told twice. Throws a `TypeError` the second time. */
  serve(): void {
    if (this.#isServed) throw new TypeError('This tracker is served already: call serveProgress once for each')
    this.#isServed = true
  }

  /** The newest state that can be had: of this process, else of the backend. Rejects where that does, or is too slow. */
  async read(sessionId: string): Promise<Entry | null> {
    return this.local(sessionId) ?? this.#noted(await this.#store.get(sessionId))
  }

  /** The same for somebody who begins to look: what was read a moment ago will do, with all that was heard since. */
  async recent(sessionId: string): Promise<Entry | null> {
    return this.local(sessionId) ?? this.#noted(await this.#store.recent.read(sessionId))
  }

  /** The state of a session that runs here, or has just ended. */
  local(sessionId: string): Entry | undefined {
    const cell = this.sessions.get(sessionId)
    if (!cell || cell.hold) return undefined
    this.sessions.refresh(cell)
    return this.#own.entry(cell)
  }

  /** All of an owner's, running and ended. */
  async listByOwner(owner: string): Promise<readonly Entry[]> {
    const stored = await inTime(this.clock, this.backend.listByOwner(owner))
    for (const entry of stored) this.#lease?.note(entry)
    const entries = new Map(stored.map((entry) => [entry.snapshot.sessionId, entry]))
    for (const sessionId of [...entries.keys()]) {
      const cell = this.sessions.get(sessionId)
      if (cell && !cell.hold && cell.owner !== owner) entries.delete(sessionId) // it has a new owner, who is not stored yet
    }
    for (const cell of this.sessions.of(owner)) {
      if (!cell.hold) entries.set(cell.snapshot.sessionId, this.#own.entry(cell))
    }
    return [...entries.values()]
  }

  /** The log lines after one, of this process, else of the backend. */
  async readLog(sessionId: string, epoch: string, after: number): Promise<StoredLog> {
    const cell = this.sessions.get(sessionId)
    if (cell?.snapshot.epoch === epoch) {
      if (cell.log) return cell.log.after(after)
      // Its job works here and has written nothing. Lines of one that waits in a queue may be written elsewhere by now.
      if (!cell.hold && !('queued' in cell.snapshot)) return { lines: [], gap: 0 }
    }
    if (this.#store.recent.isSilent(sessionId, epoch)) return { lines: [], gap: 0 }
    return inTime(this.clock, this.backend.readLog(sessionId, epoch, after))
  }

  /** Asks the job to stop, wherever it runs. Never rejects. */
  requestCancel(sessionId: string, why?: string): Promise<CancelAnswer> {
    return this.#cancelling.request(sessionId, why)
  }

  /** Finds the place of a session that is held. Rejects with `SESSION_CONFLICT` where a live one has another owner. */
  place(cell: Cell): Promise<void> {
    return this.#placing.place(cell)
  }

  /** Ends what has shown no sign of life for too long; answers how many. */
  sweep(): number {
    return this.#sweep.run()
  }

  /** Resolves when all that happened so far is in the backend. Never rejects. */
  async flush(): Promise<void> {
    await this.#placing.settled()
    for (const cell of this.sessions.all()) this.sessions.yield(cell)
    await this.#mirror.flush()
  }

  /** Flushes, as long as the backend takes a bounded time for it, stops all timers and leaves the backend. The second call waits for the first. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** Takes in a message, as if it had come from the backend. */
  hear(message: Message): void {
    this.#store.recent.hear(message) // before all who are told of it, and may read
    switch (message.kind) {
      case 'changed':
        this.#others.hear(message.entry)
        break
      case 'log': {
        const { sessionId, epoch, lines, node } = message
        if (node !== this.id) this.#facts.tell((listener) => listener.logged?.(sessionId, epoch, { lines, gap: 0 }))
        break
      }
      case 'cancel':
        this.#cancelling.hear(message.sessionId, message.reason)
        break
      case 'revoke':
        this.#facts.tell((listener) => listener.revoked?.(message.whose))
    }
  }

  async #close(): Promise<void> {
    this.#sweep.stop()
    this.#lease?.stop()
    await this.#store.orNull('flush', this.flush(), DEFAULTS.flushTimeoutMs)
    this.sessions.stop()
    this.#mirror.close()
    this.#hearing.stop()
    if (!this.isShared) await this.#store.orNull('close', this.backend.close())
  }

  /** The backend was away: what it may have lost is given to it again, and what we missed comes back as a refusal. */
  #catchUp(): void {
    this.#store.recent.empty()
    if (this.isShared) for (const cell of this.sessions.all()) if (!cell.hold) this.#own.store(cell)
    this.#facts.tell((listener) => listener.gap?.())
  }

  /** Whoever works on it is looked after from now on. */
  #noted(entry: Entry | null): Entry | null {
    if (entry) this.#lease?.note(entry)
    return entry
  }

  #isStored({ snapshot }: Entry): void {
    const cell = this.sessions.get(snapshot.sessionId)
    if (cell?.snapshot.epoch === snapshot.epoch) cell.stored = true
  }
}
