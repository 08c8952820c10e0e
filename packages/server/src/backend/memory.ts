// The default backend: one process, nothing that lasts. Two trackers may share one, which is how several nodes are tested.
import { type Clock, isEnd, LIMITS, type LogLine, systemClock } from '@progress/protocol'
import { DEFAULTS } from '../defaults'
import { OwnerIndex } from '../tracker/ownerIndex'
import type { Backend, Entry, Message, StoredEntry, StoredLog } from './contract'
import { Expiring } from './expiring'
import { isNews, standingOf } from './news'

interface Stored {
  readonly entry: Entry
  readonly expiresAt: number
}

interface Log {
  readonly epoch: string
  readonly lines: readonly LogLine[]
}

interface Hearer {
  readonly hear: (message: Message) => void
}

/** How `memory()` is made. */
export interface MemoryOptions {
  /** Where time comes from. Default: the machine. */
  readonly clock?: Clock
  /** Ends kept at most; the oldest go first. Default 10,000. */
  readonly endsKept?: number
}

/** A backend in this process's memory. */
export function memory(options: MemoryOptions = {}): Backend {
  return new MemoryBackend(options.clock ?? systemClock, options.endsKept ?? DEFAULTS.endsKept)
}

class MemoryBackend implements Backend {
  readonly '~backend' = 1
  readonly #clock: Clock
  readonly #endsKept: number
  readonly #stored = new Map<string, Stored>()
  readonly #byOwner = new OwnerIndex<string>()
  readonly #logs = new Map<string, Log>()
  /** Ids of ends, oldest first. */
  readonly #ends = new Set<string>()
  readonly #hearers = new Set<Hearer>()
  readonly #heartbeats: Expiring<number>
  /** Processes whose active sessions are kept on. */
  readonly #kept: Expiring<true>
  readonly #claims: Expiring<true>
  readonly #counters: Expiring<{ count: number }>

  constructor(clock: Clock, endsKept: number) {
    this.#clock = clock
    this.#endsKept = endsKept
    this.#heartbeats = new Expiring(clock)
    this.#kept = new Expiring(clock)
    this.#claims = new Expiring(clock)
    this.#counters = new Expiring(clock)
  }

  async put(entry: Entry, keepMs: number): Promise<boolean> {
    const { sessionId, epoch } = entry.snapshot
    const before = this.#read(sessionId)
    if (before && !isNews(standingOf(entry), standingOf(before))) return false
    if (before && before.owner !== entry.owner) this.#byOwner.delete(before.owner, sessionId)
    this.#ends.delete(sessionId)
    this.#stored.set(sessionId, { entry, expiresAt: this.#clock.now() + keepMs })
    this.#byOwner.add(entry.owner, sessionId)
    if (isEnd(entry.snapshot)) this.#ends.add(sessionId)
    if (this.#logs.get(sessionId)?.epoch !== epoch) this.#logs.delete(sessionId)
    this.#trim()
    this.#tell({ kind: 'changed', entry })
    return true
  }

  async get(sessionIds: readonly string[]): Promise<readonly (StoredEntry | null)[]> {
    return sessionIds.map((id) => {
      const entry = this.#read(id)
      return entry && { ...entry, hasLog: this.#linesOf(id, entry.snapshot.epoch).length > 0 }
    })
  }

  async listByOwner(owner: string): Promise<readonly Entry[]> {
    return [...this.#byOwner.of(owner)].flatMap((id) => this.#read(id) ?? [])
  }

  async listActiveByNode(node: string): Promise<readonly Entry[]> {
    const entries = [...this.#stored.keys()].flatMap((id) => this.#read(id) ?? [])
    return entries.filter((entry) => entry.node === node && !isEnd(entry.snapshot))
  }

  async appendLog(sessionId: string, epoch: string, lines: readonly LogLine[], node: string): Promise<void> {
    const known = this.#read(sessionId)?.snapshot.epoch
    if (known !== undefined && known > epoch) return
    const kept = this.#linesOf(sessionId, epoch)
    const last = kept.at(-1)?.line ?? -1
    const news = lines.filter(({ line }) => line > last)
    const first = news[0]
    if (!first) return
    const before = first.line === last + 1 ? kept : [] // lines are numbered by their place: there is no hole among them
    this.#logs.set(sessionId, { epoch, lines: [...before, ...news].slice(-LIMITS.logLines) })
    this.#tell({ kind: 'log', sessionId, epoch, lines: news, node })
  }

  async readLog(sessionId: string, epoch: string, after: number): Promise<StoredLog> {
    const kept = this.#linesOf(sessionId, epoch)
    const first = kept[0]?.line ?? after + 1
    return { lines: kept.filter(({ line }) => line > after), gap: Math.max(0, first - (after + 1)) }
  }

  async send(message: Message): Promise<void> {
    this.#tell(message)
  }

  async listen(hear: (message: Message) => void): Promise<() => void> {
    const hearer: Hearer = { hear }
    this.#hearers.add(hearer)
    return () => void this.#hearers.delete(hearer)
  }

  async heartbeat(node: string, ttlMs: number, keepMs: number): Promise<void> {
    this.#heartbeats.set(node, this.#clock.now(), ttlMs)
    this.#kept.set(node, true, keepMs)
  }

  async silence(nodes: readonly string[]): Promise<readonly (number | null)[]> {
    return nodes.map((node) => {
      const at = this.#heartbeats.get(node)
      return at === undefined ? null : Math.max(0, this.#clock.now() - at)
    })
  }

  async claim(name: string, ttlMs: number): Promise<boolean> {
    if (this.#claims.get(name)) return false
    this.#claims.set(name, true, ttlMs)
    return true
  }

  async count(name: string, windowMs: number): Promise<number> {
    const counter = this.#counters.get(name) ?? { count: 0 }
    if (counter.count === 0) this.#counters.set(name, counter, windowMs)
    counter.count += 1
    return counter.count
  }

  async close(): Promise<void> {
    this.#hearers.clear()
  }

  #read(sessionId: string): Entry | null {
    const stored = this.#stored.get(sessionId)
    if (!stored) return null
    const { entry, expiresAt } = stored
    if (expiresAt > this.#clock.now() || (!isEnd(entry.snapshot) && this.#kept.get(entry.node))) return entry
    this.#forget(sessionId, entry)
    return null
  }

  #linesOf(sessionId: string, epoch: string): readonly LogLine[] {
    this.#read(sessionId) // lines go with their session
    const log = this.#logs.get(sessionId)
    return log?.epoch === epoch ? log.lines : []
  }

  #forget(sessionId: string, entry: Entry): void {
    this.#stored.delete(sessionId)
    this.#ends.delete(sessionId)
    this.#logs.delete(sessionId)
    this.#byOwner.delete(entry.owner, sessionId)
  }

  /** Ends are kept in the order of their end: only from the front something can be too old, or too many. */
  #trim(): void {
    for (const id of this.#ends) {
      const entry = this.#read(id)
      if (entry && this.#ends.size <= this.#endsKept) return
      if (entry) this.#forget(id, entry)
    }
  }

  /** As over a network: later, and in order. Whoever hears cannot stand in the way of whoever tells. */
  #tell(message: Message): void {
    for (const hearer of this.#hearers) {
      queueMicrotask(() => {
        if (this.#hearers.has(hearer)) hearSafely(hearer, message)
      })
    }
  }
}

function hearSafely({ hear }: Hearer, message: Message): void {
  try {
    hear(message)
  } catch {
    // One that throws keeps nothing from the others; it tells its own signals.
  }
}
