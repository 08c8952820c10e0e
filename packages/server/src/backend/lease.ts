// Who lives: this process says so while it has work, and looks after the others. One that has gone silent is `quiet`, then
// `lost`; the sessions of a lost one end as INTERRUPTED, by exactly one of those who noticed.
import { type ActiveSnapshot, type Clock, ERRORS, LIMITS } from '@progress/protocol'
import { DEFAULTS } from '../defaults'
import type { Signals } from '../observe/signals'
import { advance, end, isActive } from '../tracker/session'
import type { Backend, Entry } from './contract'

/** What a lease needs. */
export interface LeaseOptions {
  readonly backend: Backend
  readonly clock: Clock
  readonly signals: Signals
  readonly node: string
  readonly activeKeepMs: number
  readonly endKeepMs: number
  /** Does anything run here, that others should not give up? */
  hasWork(): boolean
}

type Life = ActiveSnapshot['worker']

/** Another process, as it is seen from here. */
interface Other {
  /** What was said of it last. */
  life: Life
  /** Since its last word, as far as this process was there to hear it. */
  silentMs: number
}

/** What a lost process may have counted to while nobody heard it: its end has to stand above that. */
const REVISIONS_AHEAD = 1_000_000_000

/** Heartbeats of this process, and a watch over the others. */
export class Lease {
  readonly #options: LeaseOptions
  /** Those whose sessions somebody here has seen. */
  readonly #others = new Map<string, Other>()
  #isSpeaking = false
  /** It was said that there is work, and will be said again with the next beat. */
  #isKnown = false
  #isLooking = false
  #stopped = false
  #cancel: (() => void) | undefined

  constructor(options: LeaseOptions) {
    this.#options = options
    this.#schedule()
  }

  /** A session was seen: whoever works on it is looked after from now on. */
  note({ node, snapshot }: Entry): void {
    if (node === this.#options.node || !isWorkedOn(snapshot)) return
    if (!this.#others.has(node)) this.#others.set(node, { life: 'alive', silentMs: 0 })
  }

  /** Work begins, or goes on. After a time without any that is said at once: the old silence must not count against it. */
  work(): void {
    if (this.#isKnown || this.#stopped) return
    this.#isKnown = true
    void this.#speak()
  }

  /** Says nothing more, and looks after nobody. */
  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  #schedule(): void {
    this.#cancel = this.#options.clock.after(DEFAULTS.heartbeatMs, () => {
      this.#schedule()
      this.#isKnown = this.#options.hasWork()
      void this.#speak()
      void this.#look()
    })
  }

  async #speak(): Promise<void> {
    const { backend, node, signals, activeKeepMs, hasWork } = this.#options
    if (this.#isSpeaking || !hasWork()) return
    this.#isSpeaking = true
    try {
      await backend.heartbeat(node, DEFAULTS.leaseMs, activeKeepMs)
    } catch (cause) {
      signals.tell('store-failed', { where: 'heartbeat', cause })
    }
    this.#isSpeaking = false
  }

  async #look(): Promise<void> {
    const { backend, signals } = this.#options
    const nodes = [...this.#others.keys()]
    if (this.#isLooking || nodes.length === 0) return
    this.#isLooking = true
    try {
      const silences = await backend.silence(nodes)
      for (const [index, node] of nodes.entries()) await this.#judge(node, silences[index] ?? null)
    } catch (cause) {
      // Who cannot hear must not take the others for dead: each gets the whole time again.
      for (const other of this.#others.values()) other.silentMs = 0
      signals.tell('store-failed', { where: 'lease', cause })
    }
    this.#isLooking = false
  }

  /** @param silentMs `null` says only that nothing is known: then it is counted how long that has been so */
  async #judge(node: string, silentMs: number | null): Promise<void> {
    const other = this.#others.get(node)
    if (!other || this.#stopped) return
    other.silentMs = silentMs ?? other.silentMs + DEFAULTS.heartbeatMs
    const life = lifeAfter(other.silentMs)
    if (life !== other.life && life !== 'alive' && !(await this.#pronounce(node, life))) return
    if (life === 'lost') this.#others.delete(node)
    else other.life = life
  }

  /** Answers whether all is said; if not, somebody else is at it, or may have died over it: it is looked at again. */
  async #pronounce(node: string, life: Life): Promise<boolean> {
    const { backend } = this.#options
    const entries = (await backend.listActiveByNode(node)).filter(({ snapshot }) => isWorkedOn(snapshot, life))
    if (entries.length === 0) return true
    if (!(await backend.claim(`${life}:${node}`, DEFAULTS.heartbeatMs))) return false
    for (const entry of entries) await this.#say(entry, life)
    return true
  }

  async #say(entry: Entry, life: Life): Promise<void> {
    const { backend, clock, activeKeepMs, endKeepMs } = this.#options
    if (!isActive(entry.snapshot)) return
    const at = clock.now()
    const told = withLife(entry.snapshot, life, at)
    const isTold = told === entry.snapshot || (await backend.put({ ...entry, snapshot: told }, activeKeepMs))
    if (life !== 'lost' || !isTold) return // where it was passed over, its process has spoken after all
    await backend.put({ ...entry, snapshot: end(told, interrupted(), at) }, endKeepMs)
  }
}

/** The end of work whose process is gone. */
export function interrupted() {
  const { sentence: message, retryable } = ERRORS.INTERRUPTED
  return {
    status: 'error',
    message: message.slice(0, LIMITS.messageChars),
    error: { code: 'INTERRUPTED', message, retryable },
  } as const
}

/** Does a process work on it, or has to be said that it does not? What waits in a queue is nobody's yet. */
function isWorkedOn(snapshot: Entry['snapshot'], unlessSaid?: Life): boolean {
  if (!isActive(snapshot) || snapshot.queued) return false
  return unlessSaid !== 'quiet' || snapshot.worker === 'alive'
}

function lifeAfter(silentMs: number): Life {
  if (silentMs >= DEFAULTS.leaseMs) return 'lost'
  return silentMs >= DEFAULTS.quietMs ? 'quiet' : 'alive'
}

function withLife(snapshot: ActiveSnapshot, worker: Life, at: number): ActiveSnapshot {
  if (snapshot.worker === worker) return snapshot
  if (worker !== 'lost') return advance(snapshot, { worker }, at)
  const revision = snapshot.revision + REVISIONS_AHEAD
  return advance({ ...snapshot, revision }, { worker, cancellable: false }, at)
}
