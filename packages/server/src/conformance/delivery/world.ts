// The world of one run: processes on one store, viewers, jobs, and what must hold of all of them.
import { systemClock } from '@progress/protocol'
import { tokenAuth } from '../../auth/tokenAuth'
import type { Backend, Entry } from '../../backend/contract'
import { Host } from './host'
import { checkFlushed, checkLive, lookAfter } from './laws'
import { type Life, lifeOf } from './life'
import { RunClock } from './runClock'
import type { Scene } from './scene'
import { Seat } from './seat'
import type { Tally } from './tally'
import type { Viewer, ViewerPlace } from './viewer'

/** What a world is made over. */
export interface WorldParts {
  /** A handle on an empty store. */
  backend(clock: RunClock): Backend | Promise<Backend>
  /** Another handle on the store that was made last, as another process has it. Absent: the same handle. */
  peer?: ((clock: RunClock) => Backend | Promise<Backend>) | undefined
  viewer(place: ViewerPlace): Viewer
  readonly tally: Tally
  /** How long what one process tells may take to be heard by the others, in real time. */
  readonly hearMs: number
}

/** All that is watched and worked on. */
export const IDS = ['a', 'b'] as const
/** After the last fault all is right within this: the time between two comparisons, and some. */
export const CALM_MS = 13_000

/** How much later the second process begins. */
const APART_MS = 2_300

/** Processes, viewers and jobs. */
export class World implements Scene {
  readonly clock: RunClock
  readonly tally: Tally
  readonly hosts: Host[] = []
  readonly seats: Seat[] = []
  readonly lives: Life[] = []
  /** The newest life of each id. */
  readonly current = new Map<string, Life>()
  /** Ids of which two lives, or two ends, may be known in different places: what is shown in the end is left open. */
  readonly muddled = new Set<string>()
  /** Ids that somebody has asked to cancel: when that arrives, nobody can say. */
  readonly asked = new Set<string>()
  /** Who may come in: token -> user. */
  readonly logins = new Map<string, string>()
  step = 0
  readonly #parts: WorldParts
  readonly #handles: Backend[] = []
  /** What was seen under each position. */
  readonly seen = new Map<string, string>()
  /** How the stored state of each id stands. */
  readonly stored = new Map<string, string>()
  #disturbedAt: number | undefined
  /** Since when a process has been away. */
  readonly cutAt = new Map<Host, number>()

  constructor(parts: WorldParts) {
    this.#parts = parts
    this.tally = parts.tally
    this.clock = new RunClock(() => this.hosts.some(({ isUp, line }) => isUp && line.waiting > 0))
  }

  /** Two processes; two viewers of one user, one on each, and one of another. */
  async begin(): Promise<void> {
    const first = await this.#parts.backend(this.clock)
    this.#handles.push(first)
    this.hosts.push(this.#host(first))
    await this.clock.advance(APART_MS) // no two processes have their beats at the same moment
    this.hosts.push(this.#host(await this.handle()))
    for (const [name, user, at] of [
      ['ada-1', 'ada', 0],
      ['ada-2', 'ada', 1],
      ['eve', 'eve', 0],
    ] as const) {
      const seat = new Seat(this, name, user, at)
      this.seats.push(seat)
      seat.viewer = this.#parts.viewer(seat)
    }
    await this.settle()
  }

  /** Another handle on the store. */
  async handle(): Promise<Backend> {
    const peer = await this.#parts.peer?.(this.clock)
    if (peer) this.#handles.push(peer)
    return peer ?? (this.#handles[0] as Backend)
  }

  /** A process that begins in the place of one that is gone. */
  restart(at: number, backend: Backend): void {
    this.hosts[at] = this.#host(backend)
  }

  /** Something is wrong, or has just been. */
  disturb(): void {
    this.#disturbedAt = this.clock.now()
  }

  /** Nothing is wrong, and nothing has been for so long that all must be right again. */
  isCalm(): boolean {
    if (this.hosts.some(({ isUp, line }) => isUp && (line.health !== 'well' || line.delayed > 0))) return false
    if (this.seats.some(({ isClean }) => !isClean)) return false
    return this.#disturbedAt === undefined || this.clock.now() - this.#disturbedAt >= CALM_MS
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    await this.clock.settle()
    const { hearMs } = this.#parts
    if (hearMs === 0) return
    await new Promise<void>((resolve) => void systemClock.after(hearMs, resolve))
    await this.clock.settle()
  }

  /** A moment goes by after each command; then everything is looked at. */
  async look(): Promise<void> {
    await this.clock.advance(1)
    await this.settle()
    await this.#readStore()
    for (const life of this.current.values()) lookAfter(this, life)
    for (const seat of this.seats) seat.checkOut()
    if (this.isCalm()) checkLive(this, 'G3a live')
    this.tally.verify()
    this.step += 1
  }

  /** Ends the world. What is left of it after that is too much. */
  async end(): Promise<void> {
    for (const { viewer } of this.seats) viewer?.close()
    await this.settle()
    const up = this.hosts.filter(({ isUp }) => isUp)
    for (const { io } of up) {
      this.tally.check('G8 bounded', io.size === 0, () => `${io.size} connections of viewers that are gone`)
      this.tally.check('G8 bounded', io.rooms.size === 0, () => `rooms of nobody: ${[...io.rooms.keys()].join(' ')}`)
    }
    await Promise.all([...up.map(({ progress }) => progress.close()), this.clock.advance(10_000)])
    this.tally.check('G8 bounded', this.clock.pending === 0, () => `${this.clock.pending} timers are left`)
    for (const handle of this.#handles) await handle.close()
    this.tally.verify()
  }

  #host(backend: Backend): Host {
    const authenticate = tokenAuth({
      verify: (token) => {
        const userId = this.logins.get(token)
        return userId === undefined ? null : { userId, loginId: token }
      },
    })
    return new Host({ backend, clock: this.clock, authenticate })
  }

  /** What a handle knows of all that is watched. */
  async entries(handle: Backend): Promise<Map<string, Entry>> {
    const entries = await handle.get(IDS)
    return new Map(entries.flatMap((entry) => (entry ? [[entry.snapshot.sessionId, entry]] : [])))
  }

  async #readStore(): Promise<void> {
    const entries = await this.entries(this.#handles.at(-1) as Backend)
    for (const [id, life] of this.current) {
      const stored = entries.get(id)?.snapshot
      const isSame = stored !== undefined && lifeOf(stored) === life.number
      life.isStored = isSame && (!life.isQueued || ('queued' in stored && stored.queued === true))
      if (stored) this.stored.set(id, stored.status)
      if (life.durable > life.looked) checkFlushed(this, life, stored)
      life.looked = life.durable
    }
  }
}
