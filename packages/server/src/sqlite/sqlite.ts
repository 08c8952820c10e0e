// The embedded durable backend: sessions, lines, heartbeats and messages in one SQLite file, which several processes of a
// machine may share.
import { type Clock, type LogLine, systemClock } from '@progress/protocol'
import type { Backend, Entry, Message, StoredEntry, StoredLog } from '../backend/contract'
import { DEFAULTS } from '../defaults'
import { requireHandle, type SqliteHandle } from './handle'
import { Lives } from './lives'
import { Logs } from './logs'
import { Mailbox } from './mailbox'
import { openFile, UnusableFileError } from './schema'
import { States } from './states'
import { Sweep } from './sweep'
import { Writer } from './writer'

/** How often a step is taken to delete what has run out, as long as anything is written. */
const SWEEP_MS = 1_000

/** How `sqlite()` is made. */
export interface SqliteOptions {
  /** How long an end stays readable. Default 24 hours. */
  readonly endKeepMs?: number
  /** Where time comes from. Default: the machine. Processes that share a file share its time. */
  readonly clock?: Clock
}

/**
 * A backend in a SQLite file of its own: what `flush()` has answered for outlives the process, however that ends. Throws a
 * `TypeError` where this is no open database, and an error that says what to do where the file is somebody else's or newer
 * than this package. A file that is locked or damaged throws nothing: each call is rejected until it can be used.
 * @param database open, by libsql, better-sqlite3 or `node:sqlite`; nothing else uses this connection. It stays open when
 *   the backend is closed
 * @example
 * const tracker = new ProgressTracker(io, { backend: sqlite(new Database('progress.db')) })
 */
export function sqlite(database: { prepare(sql: string): unknown }, options: SqliteOptions = {}): Backend {
  const { endKeepMs = DEFAULTS.durableEndKeptMs, clock = systemClock } = options
  if (!Number.isFinite(endKeepMs) || endKeepMs < 0)
    throw new TypeError('endKeepMs is a number of milliseconds, 0 or more')
  return new SqliteBackend(requireHandle(database), clock, endKeepMs)
}

/** What works on the file, once it is open. */
interface Parts {
  readonly writer: Writer
  readonly states: States
  readonly logs: Logs
  readonly lives: Lives
  readonly mailbox: Mailbox
  readonly sweep: Sweep
}

class SqliteBackend implements Backend {
  readonly '~backend' = 1
  readonly endKeepMs: number
  readonly #handle: SqliteHandle
  readonly #clock: Clock
  #parts: Parts | undefined
  #sweepAt = 0
  #isClosed = false

  constructor(handle: SqliteHandle, clock: Clock, endKeepMs: number) {
    this.#handle = handle
    this.#clock = clock
    this.endKeepMs = endKeepMs
    try {
      this.#open()
    } catch (cause) {
      // What somebody has to decide is said at once. A lock passes, and progress does not keep an app from starting.
      if (cause instanceof UnusableFileError || cause instanceof TypeError) throw cause
    }
  }

  async put(entry: Entry, keepMs: number): Promise<boolean> {
    const { states, mailbox } = this.#open()
    const message = { kind: 'changed', entry } as const
    return this.#write(
      (now, transaction) => {
        const isStored = states.put(entry, end(now, keepMs), now)
        if (isStored) mailbox.post(message, transaction)
        return isStored
      },
      (isStored) => {
        if (isStored) mailbox.tell(message)
      },
    )
  }

  async get(sessionIds: readonly string[]): Promise<readonly (StoredEntry | null)[]> {
    const { states } = this.#open()
    const now = this.#clock.now()
    return sessionIds.map((id) => states.read(id, now))
  }

  async listByOwner(owner: string): Promise<readonly Entry[]> {
    return gather(this.#open().states.ofOwner(owner, this.#clock.now()))
  }

  async listActiveByNode(node: string): Promise<readonly Entry[]> {
    return gather(this.#open().states.ofNode(node, this.#clock.now()))
  }

  async appendLog(sessionId: string, epoch: string, lines: readonly LogLine[], node: string): Promise<void> {
    const { states, logs, mailbox } = this.#open()
    const messageOf = (news: readonly LogLine[]): Message => ({ kind: 'log', sessionId, epoch, lines: news, node })
    await this.#write(
      (now, transaction) => {
        const known = states.live(sessionId, now)
        const isLate = known !== undefined && String(known['epoch']) > epoch
        const news = isLate ? [] : logs.append(sessionId, epoch, lines, now)
        if (news.length > 0) mailbox.post(messageOf(news), transaction)
        return news
      },
      (news) => {
        if (news.length > 0) mailbox.tell(messageOf(news))
      },
    )
  }

  async readLog(sessionId: string, epoch: string, after: number): Promise<StoredLog> {
    const { states, logs } = this.#open()
    if (states.isForgotten(sessionId, this.#clock.now())) return { lines: [], gap: 0 }
    return logs.read(sessionId, epoch, after)
  }

  async send(message: Message): Promise<void> {
    const { mailbox } = this.#open()
    await this.#write(
      (_now, transaction) => mailbox.post(message, transaction),
      () => mailbox.tell(message),
    )
  }

  async listen(hear: (message: Message) => void, onGap: () => void): Promise<() => void> {
    return this.#open().mailbox.listen(hear, onGap)
  }

  async heartbeat(node: string, ttlMs: number, keepMs: number): Promise<void> {
    const { lives } = this.#open()
    await this.#write((now) => lives.beat(node, now, end(now, ttlMs), end(now, keepMs)))
  }

  async silence(nodes: readonly string[]): Promise<readonly (number | null)[]> {
    const { lives } = this.#open()
    const now = this.#clock.now()
    return nodes.map((node) => lives.silence(node, now))
  }

  async claim(name: string, ttlMs: number): Promise<boolean> {
    return (await this.#count(`claim ${name}`, ttlMs)) === 1
  }

  count(name: string, windowMs: number): Promise<number> {
    return this.#count(`count ${name}`, windowMs)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    const { writer, mailbox } = this.#parts ?? {}
    this.#parts = undefined // with its statements
    await writer?.write(() => {}).catch(() => {}) // what was asked for before
    await mailbox?.leave()
  }

  async #count(name: string, windowMs: number): Promise<number> {
    const { lives } = this.#open()
    return this.#write((now) => lives.count(name, now, end(now, windowMs)))
  }

  /** The parts, or what SQLite throws where the file cannot be used now. */
  #open(): Parts {
    if (this.#isClosed) throw new Error('This backend was closed')
    if (this.#parts) return this.#parts
    openFile(this.#handle)
    const writer = new Writer(this.#handle, this.#clock)
    this.#parts = {
      writer,
      states: new States(this.#handle),
      logs: new Logs(this.#handle),
      lives: new Lives(this.#handle),
      mailbox: new Mailbox(this.#handle, writer, this.#clock),
      sweep: new Sweep(this.#handle),
    }
    return this.#parts
  }

  #write<T>(run: (now: number, transaction: number) => T, kept?: (value: T) => void): Promise<T> {
    const { writer, sweep } = this.#open()
    const now = this.#clock.now()
    const written = writer.write((transaction) => run(this.#clock.now(), transaction), kept)
    if (Math.abs(now - this.#sweepAt) >= SWEEP_MS) {
      this.#sweepAt = now
      // Whatever keeps it from being done keeps the writes from it, too, and they tell.
      writer.write(() => sweep.step(now)).catch(() => {})
    }
    return written
  }
}

/** When something that lasts so long from now on has run out: a number that SQLite holds exactly. */
function end(now: number, lastsMs: number): number {
  return Math.min(now + Math.ceil(lastsMs), Number.MAX_SAFE_INTEGER)
}

/** All pages; between two of them, whatever else this process has to do. */
async function gather(pages: Generator<readonly Entry[]>): Promise<readonly Entry[]> {
  const all: Entry[] = []
  for (const page of pages) {
    if (all.length > 0) await new Promise<void>((resolve) => void setImmediate(resolve))
    for (const entry of page) all.push(entry)
  }
  return all
}
