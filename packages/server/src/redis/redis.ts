// The backend for several machines: sessions, lines, heartbeats and messages in a Redis that all processes reach.
import { type Clock, isEnd, LIMITS, type LogLine, systemClock } from '@progress/protocol'
import type { Backend, Entry, Message, StoredEntry, StoredLog } from '../backend/contract'
import { DEFAULTS } from '../defaults'
import { Calls } from './calls'
import { type Client, requireClient } from './client'
import { entryIn, logIn, nameOf, numberOf, storedIn, textOf } from './decode'
import { Ears } from './ears'
import { APPEND, BEAT, CLAIM, COUNT, GET, KEEP_ON, LIST, PUT, READ_LOG, SEND, SILENCE } from './scripts'

/** Ids that one call asks for. */
const IDS = 100
/** Lines that came before their session wait this long for it. */
const STRAY_LINES_MS = 60 * 60_000
/** A time beyond this one is this one: Redis counts in whole numbers, and so do its scripts. */
const LONGEST_MS = 1e14

/** How `redis()` is made. */
export interface RedisOptions {
  /** What all keys and the channel begin with, in braces. Apps that share a Redis need one each, also
   * in databases of different numbers: channels know none. Default `progress`. */
  readonly prefix?: string
  /** How long an end stays readable. Default 24 hours. */
  readonly endKeepMs?: number
  /** Where waits come from. Default: the machine. What is stored goes by the time of Redis. */
  readonly clock?: Clock
}

/**
 * A backend in a Redis (6.2 or newer), for processes on any number of machines. Throws a `TypeError` where this is no client.
 * A Redis that is away throws nothing: each call is rejected, within 5 s, until it is back.
 * @param client of ioredis or node-redis, from version 5 on; its `error` events are the app's to listen to, and with node-redis
 *   so is `connect()`. It is duplicated for a second connection, which is closed with the backend; itself it stays open
 * @example
 * const tracker = new ProgressTracker(io, { backend: redis(new Redis()) })
 */
export function redis(client: { duplicate(): unknown }, options: RedisOptions = {}): Backend {
  const { prefix = 'progress', endKeepMs = DEFAULTS.durableEndKeptMs, clock = systemClock } = options
  if (typeof prefix !== 'string' || prefix === '' || /[{}]/.test(prefix)) {
    throw new TypeError("prefix is a text without braces, as in redis(client, { prefix: 'my-app' })")
  }
  if (!Number.isFinite(endKeepMs) || endKeepMs < 0) {
    throw new TypeError('endKeepMs is a number of milliseconds, 0 or more')
  }
  return new RedisBackend(requireClient(client), `{${prefix}}`, clock, endKeepMs)
}

class RedisBackend implements Backend {
  readonly '~backend' = 1
  readonly endKeepMs: number
  readonly #calls: Calls
  readonly #ears: Ears
  #isClosed = false

  constructor(client: Client, base: string, clock: Clock, endKeepMs: number) {
    this.#calls = new Calls(client, clock, base)
    this.#ears = new Ears(client, this.#calls, clock)
    this.endKeepMs = endKeepMs
  }

  async put({ snapshot, owner, node }: Entry, keepMs: number): Promise<boolean> {
    const { sessionId, epoch, revision } = snapshot
    const [whose, by] = [nameOf(owner), nameOf(node)]
    const standing = [sessionId, epoch, `${revision}`, isEnd(snapshot) ? '1' : '0', whose, by]
    const before = `{"kind":"changed","entry":{"owner":${whose},"node":${by},"snapshot":`
    const stored = await this.#run(PUT, ...standing, wholeMs(keepMs), JSON.stringify(snapshot), before, '}}')
    return numberOf(stored) === 1
  }

  async get(sessionIds: readonly string[]): Promise<readonly (StoredEntry | null)[]> {
    const entries: (StoredEntry | null)[] = []
    for (let at = 0; at < sessionIds.length; at += IDS) {
      const ids = sessionIds.slice(at, at + IDS)
      const rows = listIn(await this.#run(GET, ...ids))
      for (const index of ids.keys()) entries.push(storedIn(rows[index]))
    }
    return entries
  }

  listByOwner(owner: string): Promise<readonly Entry[]> {
    return this.#list('owner', owner)
  }

  listActiveByNode(node: string): Promise<readonly Entry[]> {
    return this.#list('node', node)
  }

  async appendLog(sessionId: string, epoch: string, lines: readonly LogLine[], node: string): Promise<void> {
    const texts = lines.flatMap((line) => [`${line.line}`, JSON.stringify(line)])
    const head = JSON.stringify({ kind: 'log', sessionId, epoch, node })
    const around = [`${head.slice(0, -1)},"lines":[`, ']}']
    await this.#run(APPEND, sessionId, epoch, `${LIMITS.logLines}`, `${STRAY_LINES_MS}`, ...around, ...texts)
  }

  async readLog(sessionId: string, epoch: string, after: number): Promise<StoredLog> {
    return logIn(await this.#run(READ_LOG, sessionId, epoch, `${after}`), after)
  }

  async send(message: Message): Promise<void> {
    await this.#run(SEND, JSON.stringify(message))
  }

  async listen(hear: (message: Message) => void, onGap: () => void): Promise<() => void> {
    if (this.#isClosed) throw closed()
    return this.#ears.listen(hear, onGap)
  }

  async heartbeat(node: string, ttlMs: number, keepMs: number): Promise<void> {
    await this.#run(BEAT, nameOf(node), wholeMs(ttlMs))
    let cursor = '0'
    do {
      cursor = textOf(await this.#run(KEEP_ON, nameOf(node), cursor, wholeMs(keepMs))) ?? '0'
    } while (cursor !== '0')
  }

  async silence(nodes: readonly string[]): Promise<readonly (number | null)[]> {
    const silences = listIn(await this.#run(SILENCE, ...nodes.map(nameOf)))
    return nodes.map((_, index) => numberOf(silences[index]) ?? null)
  }

  async claim(name: string, ttlMs: number): Promise<boolean> {
    return numberOf(await this.#run(CLAIM, nameOf(name), wholeMs(ttlMs))) === 1
  }

  async count(name: string, windowMs: number): Promise<number> {
    return Number(await this.#run(COUNT, nameOf(name), wholeMs(windowMs)))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#ears.close()
  }

  async #list(kind: 'owner' | 'node', name: string): Promise<readonly Entry[]> {
    const entries = new Map<string, Entry>() // while a list changes, a page may have some of the one before
    let cursor = '0'
    do {
      const [next, rows] = listIn(await this.#run(LIST, kind, nameOf(name), cursor))
      for (const entry of listIn(rows).map(entryIn)) if (entry) entries.set(entry.snapshot.sessionId, entry)
      cursor = textOf(next) ?? '0'
    } while (cursor !== '0')
    return [...entries.values()]
  }

  async #run(...call: Parameters<Calls['run']>): Promise<unknown> {
    if (this.#isClosed) throw closed()
    return this.#calls.run(...call)
  }
}

/** At least 1: less would be gone before anybody has heard of it. */
function wholeMs(ms: number): string {
  return `${Math.min(Math.max(Math.ceil(ms), 1), LONGEST_MS)}`
}

function listIn(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? answer : []
}

function closed(): Error {
  return new Error('This backend was closed')
}
