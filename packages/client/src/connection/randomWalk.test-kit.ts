// A driver over fake ways, driven at random: what must never happen is looked for after each step.

import { chanceOf, ManualClock } from '@progress/protocol/testing'
import type { Clock, TransportClose } from '@progress/protocol/wire'
import { type FakeLink, FakeTransport } from '../fakeTransport.test-kit'
import type { Way } from '../transport/way'
import { Driver } from './driver'
import type { Connection } from './status'

/** The one clock, and how many timers of one line wait on it. */
export class LineClock implements Clock {
  readonly #clock: Clock
  readonly #live = new Set<object>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get pending(): number {
    return this.#live.size
  }

  now(): number {
    return this.#clock.now()
  }

  after(ms: number, run: () => void): () => void {
    const timer = {}
    this.#live.add(timer)
    const cancel = this.#clock.after(ms, () => {
      this.#live.delete(timer)
      run()
    })
    return () => {
      this.#live.delete(timer)
      cancel()
    }
  }
}

/** What may be planted: a clock that forgets to cancel, a transport that does not behave. */
export interface Planted {
  readonly makeClock?: (clock: Clock) => LineClock
  readonly makeTransport?: (clock: Clock, name: string) => FakeTransport
}

const NAMES = ['socket', 'sse', 'poll'] as const
const CODES = ['UNAUTHENTICATED', 'EXPIRED', 'REVOKED']

/** One client's life. */
export class Life {
  readonly clock = new ManualClock()
  readonly ways: readonly Way[]
  readonly transports: readonly FakeTransport[]
  readonly clocks: readonly LineClock[]
  readonly driver: Driver
  readonly told: Connection[] = []
  #chance: () => number
  /** Ways whose dials are taken; `undefined`: as the dice fall. */
  #open: ReadonlySet<string> | undefined
  #isClosed = false

  constructor(chance: () => number, planted: Planted = {}) {
    this.#chance = chance
    this.clocks = NAMES.map(() => planted.makeClock?.(this.clock) ?? new LineClock(this.clock))
    this.transports = this.clocks.map((clock, index) => {
      return planted.makeTransport?.(clock, NAMES[index] ?? '') ?? new FakeTransport(clock)
    })
    this.ways = this.transports.map((transport, index) => {
      const name = NAMES[index] ?? 'transport'
      return { name, transport, isHttp: index > 0, capMs: index === 2 ? 4_000 : 30_000, via: () => null }
    })
    this.driver = new Driver({
      ways: this.ways,
      mayRenew: chance() < 0.5,
      random: chance,
      greet: (link) => link.send('join-progress', ['a'], () => {}),
      event: () => this.#perhapsAct(),
      stood: () => {},
      connected: () => this.#perhapsAct(),
      disconnected: () => this.#perhapsAct(),
      gaveUp: () => this.#perhapsAct(),
      changed: (connection) => {
        this.told.push(connection)
        this.#perhapsAct()
      },
      woke: () => {},
      trace: () => {},
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** One input, of whatever kind. */
  async step(): Promise<void> {
    const links = this.transports.flatMap(({ live }) => live)
    const dialing = links.filter(({ state }) => state === 'dialing')
    const open = links.filter(({ state }) => state === 'open')
    const dead = this.transports.flatMap(({ links: all }) => all.filter(({ state }) => state === 'closed').slice(-3))
    const kind = Math.floor(this.#chance() * 16)
    if (kind < 3) this.#one(dialing)?.open()
    else if (kind < 5) this.#one(dialing)?.drop(this.#why())
    else if (kind < 7) this.#one(open)?.drop(this.#why())
    else if (kind === 7) this.#one(open)?.say('progress-update', {})
    else if (kind === 8) this.driver.connect().catch(() => {})
    else if (kind === 9) this.driver.silent()
    else if (kind === 10) for (const wake of this.transports[0]?.wakes ?? []) wake()
    else if (kind === 11) this.#late(this.#one(dead))
    else if (kind === 12) this.driver.ensure()
    else await this.clock.advance(Math.floor(10 ** (this.#chance() * 4.5)))
  }

  close(): void {
    this.#isClosed = true
    this.driver.close()
  }

  /** What is wrong now. */
  wrong(): string[] {
    const live = this.transports.map((transport) => transport.live)
    const first = live.findIndex((links) => links.some(({ state }) => state === 'open'))
    const { status } = this.driver.connection
    return [
      ...NAMES.filter((_, index) => (live[index]?.length ?? 0) > 1).map((name) => `two dials by ${name}`),
      ...NAMES.filter((_, index) => (this.clocks[index]?.pending ?? 0) > 1).map((name) => `two timers of ${name}`),
      ...NAMES.filter((_, index) => first >= 0 && index > first && live[index]?.length).map(
        (name) => `${name} outlives`,
      ),
      ...(status === 'refused' && live.flat().length > 0 ? ['a link of a client that was refused'] : []),
      ...(this.#isClosed && live.flat().length > 0 ? ['a link of a closed client'] : []),
      ...(this.#isClosed && this.clock.pending > 0 ? ['a timer of a closed client'] : []),
    ]
  }

  /** From here on only these ways get through. What is wrong after a while in which they could have: a dead end. */
  async deadEnd(names: readonly string[]): Promise<string[]> {
    if (this.#isClosed || ['idle', 'refused'].includes(this.driver.connection.status)) return []
    this.#open = new Set(names)
    const hangs = this.#chance() < 0.5
    for (let seconds = 0; seconds < 100; seconds++) {
      for (const [index, transport] of this.transports.entries()) {
        for (const link of transport.live) this.#settle(link, names.includes(NAMES[index] ?? ''), hangs)
      }
      await this.clock.advance(1_000)
    }
    this.#open = undefined
    const name = this.driver.standing()?.way.name
    return name === NAMES.find((one) => names.includes(one)) ? [] : [`a dead end: ${names} could, ${name} stands`]
  }

  #settle(link: FakeLink, getsThrough: boolean, hangs: boolean): void {
    if (getsThrough && link.state === 'dialing') link.open()
    else if (!getsThrough && (link.state === 'open' || !hangs)) link.drop()
  }

  /** A listener of the app's that acts at the very moment it is told. */
  #perhapsAct(): void {
    if (this.#open || this.#chance() > 0.02) return
    if (this.#chance() < 0.2) this.close()
    else this.driver.connect().catch(() => {})
  }

  #why(): TransportClose {
    const kind = this.#chance()
    if (kind < 0.1) return { code: this.#one(CODES) ?? '' }
    if (kind < 0.3) return { code: 'DRAINING', retryAfterMs: Math.floor(this.#chance() * 10_000) }
    return {}
  }

  /** What a link says after it was hung up. */
  #late(link: FakeLink | undefined): void {
    if (!link) return
    const { listener } = link
    const late = [
      () => listener.opened(),
      () => listener.closed(this.#why()),
      () => listener.event('progress-update', {}),
    ]
    this.#one(late)?.()
  }

  #one<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#chance() * list.length)]
  }
}

/** Lives of up to 400 inputs, until so many inputs were given; the first thing that went wrong, or nothing. */
export async function wander(seed: number, inputs: number, planted: Planted = {}): Promise<string[]> {
  const chance = chanceOf(seed)
  for (let given = 0; given < inputs; ) {
    const life = new Life(chance, planted)
    life.driver.ensure()
    const length = 1 + Math.floor(chance() * 400)
    for (let step = 0; step < length && !life.isClosed; step++, given++) {
      await life.step()
      const wrong = life.wrong()
      if (wrong.length > 0) return [...wrong, `seed ${seed}, input ${given}`]
    }
    const names = NAMES.filter(() => chance() < 0.5)
    const wrong = await life.deadEnd(names.length > 0 ? names : ['poll'])
    life.close()
    wrong.push(...life.wrong())
    if (wrong.length > 0) return [...wrong, `seed ${seed}, input ${given}`]
  }
  return []
}
