// One viewer of the model: its way to the server with all that can go wrong on it, and what must hold of what it shows.
import { comparePositions, isEnd, type Snapshot } from '@progress/protocol'
import type { FakeListener } from '../../testing/fakeClient'
import { checkCalled, compareStates } from './laws'
import { lifeOf, type Shows, words } from './life'
import { Requests } from './requests'
import type { Onlooker, Scene } from './scene'
import type { Viewer, ViewerPlace } from './viewer'
import { deadEnd, type SocketEnd, Wire } from './wire'

/** Events that are no news of a session. */
const GOODBYES: readonly string[] = ['progress-bye', 'progress-gone', 'application-error']

/** A viewer, and its way. */
export class Seat implements ViewerPlace, Onlooker {
  readonly name: string
  readonly user: string
  readonly clock
  /** What is watched, and what is shown of it. */
  readonly shows = new Map<string, Shows>()
  /** What was left, and at which step. */
  readonly left = new Map<string, number>()
  readonly way = { isHeld: false, isMute: false }
  /** Where it is sent. */
  hostAt: number
  hasSockets = true
  hasStreams = true
  /** Answers to requests stay on their way. */
  isLate = false
  /** When it was logged out, by steps and by time; absent while it is logged in. */
  out: { readonly step: number; readonly at: number; readonly isHeard: boolean } | undefined
  /** What it asks for now may wait behind a cancel, which waits for an answer, until then. */
  busyUntil = 0
  hasLost = false
  viewer: Viewer | undefined
  readonly #world: Scene
  readonly #wires = new Set<Wire>()
  readonly #requests: Requests
  readonly #told = new Map<string, number>()
  #logins = 0
  #isHeardAfter = false
  #cleanAt = 0

  constructor(world: Scene, name: string, user: string, hostAt: number) {
    this.#world = world
    this.name = name
    this.user = user
    this.hostAt = hostAt
    this.clock = world.clock
    this.#requests = new Requests({
      seat: this,
      host: () => world.hosts[this.hostAt],
      heard: () => this.#heard(),
    })
    this.login()
  }

  /** A new login, which is good from now on. */
  login(): void {
    this.#logins += 1
    this.out = undefined
    this.#isHeardAfter = false
    this.#world.logins.set(this.token(), this.user)
  }

  token(): string {
    return `${this.name}.${this.#logins}`
  }

  dial(listener: FakeListener, auth: unknown): SocketEnd {
    const host = this.#world.hosts[this.hostAt]
    if (!host?.isUp || !this.hasSockets) return deadEnd(listener)
    this.hasLost = false
    const wire = new Wire({
      host,
      state: this.way,
      auth,
      listener,
      sent: (event, payload) => this.#sent(event, payload),
    })
    this.#wires.add(wire)
    return wire
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return this.#requests.fetch(path, init)
  }

  shown(snapshot: Snapshot): void {
    const { tally, lives } = this.#world
    const { sessionId } = snapshot
    const before = this.shows.get(sessionId)
    tally.check('G1 monotone', before !== undefined, () => `${this.name} shows ${sessionId}, which it has left`)
    if (before === undefined) return
    this.shows.set(sessionId, snapshot)
    if (typeof before === 'object') {
      const isAhead = comparePositions(snapshot, before) > 0
      tally.check('G1 monotone', isAhead, () => `${this.name} shows ${words(snapshot)} after ${words(before)}`)
      const isAfterEnd = isEnd(before) && before.epoch === snapshot.epoch
      if (isEnd(before)) tally.check('G5 final', !isAfterEnd, () => `${words(snapshot)} follows an end`)
    }
    const life = lives[lifeOf(snapshot)]
    tally.check('G7 isolation', life?.owner === this.user, () => `${this.name} is shown ${words(snapshot)} of another`)
    const wrong =
      life?.sessionId === sessionId ? life.wrongIn(snapshot, this.#world.asked.has(sessionId)) : 'a state of no life'
    tally.check('G2 truth', wrong === undefined, () => `${this.name} shows ${words(snapshot)}: ${wrong}`)
    compareStates(this.#world, snapshot)
    if (life && this.isClean) checkCalled(this.#world, snapshot, life)
  }

  ended(sessionId: string, epoch: string): void {
    const end = `${sessionId} ${epoch}`
    const times = (this.#told.get(end) ?? 0) + 1
    this.#told.set(end, times)
    this.#world.tally.check(
      'G4 once at most',
      times === 1,
      () => `${this.name} was told the end of ${end} ${times} times`,
    )
  }

  gone(sessionId: string): void {
    if (!this.shows.has(sessionId)) return
    this.shows.set(sessionId, 'gone')
    const life = this.#world.current.get(sessionId)
    if (this.out || !this.isClean || this.clock.now() - Math.max(this.#cleanAt, life?.madeAt ?? 0) < ANSWER_MS) return // an old answer
    const isThere = life?.isStored === true && life.owner === this.user && !this.#world.muddled.has(sessionId)
    this.#world.tally.check('G6 never silent', !isThere, () => `${sessionId} is gone for ${this.name}, and is there`)
  }

  /** Whoever was logged out is told nothing any more. */
  checkOut(): void {
    if (!this.#isOut) return
    this.#world.tally.check(
      'G7 revoked',
      !this.#isHeardAfter,
      () => `${this.name} is sent something after its login was revoked`,
    )
  }

  /** How often it was told of the end that it shows. */
  timesTold({ sessionId, epoch }: Snapshot): number {
    return this.#told.get(`${sessionId} ${epoch}`) ?? 0
  }

  watch(sessionId: string): void {
    this.left.delete(sessionId)
    this.shows.set(sessionId, 'waiting')
    this.viewer?.watch(sessionId)
  }

  remount(sessionId: string): void {
    if (this.shows.get(sessionId) === 'gone') this.shows.set(sessionId, 'waiting')
    this.viewer?.remount(sessionId)
  }

  leave(sessionId: string): void {
    this.shows.delete(sessionId)
    this.left.set(sessionId, this.#world.step)
    this.viewer?.leave(sessionId)
  }

  /** Nothing is wrong on its way. */
  get isClean(): boolean {
    return !this.way.isHeld && !this.way.isMute && !this.isLate
  }

  /** Is anything on its way to it? */
  get inFlight(): number {
    return this.#live().reduce((sum, { inFlight }) => sum + inFlight, 0) + this.#requests.late
  }

  /** Something happens to what is on its way. */
  meddle(how: 'duplicate' | 'reorder' | 'lose'): void {
    if (how === 'lose') this.hasLost = true
    for (const wire of this.#live()) wire[how]()
  }

  /** Brings so many of what is held, and all late answers. */
  deliver(count: number): void {
    for (const wire of this.#live()) wire.deliver(count)
    this.#requests.arrive()
  }

  /** Its sockets break. */
  cut(): void {
    for (const wire of this.#live()) wire.cut()
  }

  /** Its streams break. */
  cutStreams(): void {
    this.#requests.cutStreams()
  }

  /** Its way is as it should be again: what was held arrives, but what fell into a black hole takes its connection with it. */
  mend(): void {
    const wasMute = this.way.isMute
    if (!this.isClean) this.#cleanAt = this.clock.now()
    this.way.isHeld = this.way.isMute = this.isLate = false
    for (const wire of this.#live()) wasMute ? wire.cut() : wire.resume()
    this.#requests.arrive()
  }

  #live(): Wire[] {
    for (const wire of this.#wires) if (!wire.isAlive) this.#wires.delete(wire)
    return [...this.#wires]
  }

  #sent(event: string, payload: unknown): void {
    if (GOODBYES.includes(event)) return
    this.#heard()
    const { sessionId } = payload as { sessionId?: string }
    const step = sessionId === undefined ? undefined : this.left.get(sessionId)
    if (step === undefined || step >= this.#world.step || !this.#world.isCalm()) return
    this.#world.tally.check(
      'G8 bounded',
      false,
      () => `${this.name} is sent ${event} of ${sessionId}, which it has left`,
    )
  }

  /** Something is sent to this viewer. */
  #heard(): void {
    if (this.out && this.out.step < this.#world.step && this.#isOut) this.#isHeardAfter = true
  }

  /** Its login was revoked, and whoever sends knows it, or had the time to find out. */
  get #isOut(): boolean {
    return this.out !== undefined && (this.out.isHeard || this.clock.now() > this.out.at + REVOKED_MS)
  }
}

/** So old can be what was last said of an id: the time between two comparisons. */
const ANSWER_MS = 11_000
/** A revocation that was not heard is found by the next look at all logins. */
const REVOKED_MS = 36_000
