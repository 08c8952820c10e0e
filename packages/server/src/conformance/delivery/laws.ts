// What must hold: of what viewers show, of jobs that live, and of what is left of a process that is gone.
import { isEnd, positionOf, type Snapshot } from '@progress/protocol'
import type { Entry } from '../../backend/contract'
import { DEFAULTS } from '../../defaults'
import { isActive } from '../../tracker/session'
import type { Host } from './host'
import { type Life, lifeOf, type Shows, stampOf, words } from './life'
import type { Onlooker, Scene } from './scene'
import type { Guarantee } from './tally'

/** Who could not be heard for so long may have been given up. */
const DISPUTED_MS = 20_000
/** A process that can be heard has said so within this. */
const SPOKEN_MS = DEFAULTS.heartbeatMs + 1_000
/** What was said of a process that could not be heard is taken back within this. */
const HEARD_MS = 30_000

/** Every viewer that is told shows the last word of every job, as far as the throttle let it out. */
export function checkLive(world: Scene, guarantee: Guarantee): void {
  for (const seat of world.seats) {
    if (isTold(seat) && world.clock.now() >= seat.busyUntil) checkSeat(world, seat, guarantee, DEFAULTS.throttleMs)
  }
}

/** What a viewer shows is the last word of each job that has said nothing for so long. */
export function checkSeat(world: Scene, seat: Onlooker, guarantee: Guarantee, afterMs: number): void {
  if (seat.out || seat.user !== 'ada') return
  for (const [id, shows] of seat.shows) {
    const life = world.current.get(id)
    if (world.muddled.has(id) || shows === 'gone' || (life && isOpen(world, life, afterMs))) continue
    if (life && isOfBefore(shows, life) && (seat.hasLost || seat.viewer?.stands() !== 'told')) continue
    const isRight = life ? isLastWord(shows, life) : shows === 'waiting'
    world.tally.check(guarantee, isRight, () => {
      return `${seat.name} shows ${words(shows)}, the last word of ${id} is ${said(life)}`
    })
  }
}

/** Under one position there is one state, wherever it is seen. */
export function compareStates({ seen, tally }: Scene, snapshot: Snapshot): void {
  if (isActive(snapshot) ? snapshot.worker !== 'alive' : isGivenUp(snapshot)) return
  const position = `${snapshot.sessionId} ${positionOf(snapshot)}`
  const text = JSON.stringify(Object.entries(snapshot).sort(([a], [b]) => (a < b ? -1 : 1)))
  const before = seen.get(position)
  if (before === undefined) seen.set(position, text)
  else tally.check('G2 truth', before === text, () => `two states under ${position}: ${before} and ${text}`)
}

/** A process that can be heard is never called quiet, nor lost. */
export function checkCalled({ clock, tally }: Scene, snapshot: Snapshot, { host, isOrphan }: Life): void {
  const isCalled = isActive(snapshot) && snapshot.worker !== 'alive'
  if (!host.isUp || isOrphan || host.line.health !== 'well') return
  const mayBe = host.line.awayAt !== undefined && clock.now() - host.line.awayAt < HEARD_MS
  tally.check('G6 never silent', !isCalled || mayBe, () => `${words(snapshot)} is called quiet, and is alive`)
}

/** A process is gone: what the store knows of its jobs is what is left of them. */
export function takeStock(world: Scene, host: Host, entries: ReadonlyMap<string, Entry>): void {
  for (const life of world.current.values()) {
    if (life.host !== host) continue
    const stored = entries.get(life.sessionId)?.snapshot
    const ours = stored && lifeOf(stored) === life.number ? stored : undefined
    checkFlushed(world, life, stored)
    if (isMuddled(life, ours)) world.muddled.add(life.sessionId)
    else life.isOrphan = ours !== undefined && !isEnd(ours) && !life.isQueued
    life.job = undefined
  }
}

/** What `flush` has answered for stands in the store, unless others have given it up before: then that stands. */
export function checkFlushed(world: Scene, life: Life, stored: Snapshot | undefined): void {
  if (life.durable < 0 || world.muddled.has(life.sessionId) || (stored && isGivenUp(stored))) return
  const isThere = stored !== undefined && lifeOf(stored) === life.number && stampOf(stored) >= life.durable
  world.tally.check('flush', isThere, () => `${said(life)} was flushed, and the store has ${words(stored)}`)
}

/** A job that lives, in a process that can be heard, is never given up. */
export function lookAfter(world: Scene, life: Life): void {
  const { host, sessionId } = life
  if (!host.isUp) return
  const now = world.clock.now()
  const { health, awayAt = now } = host.line
  if (health === 'away') world.cutAt.set(host, world.cutAt.get(host) ?? now)
  else if (now - awayAt > SPOKEN_MS) world.cutAt.delete(host) // a moment is too short to say anything
  if (now - (world.cutAt.get(host) ?? now) > DISPUTED_MS) life.isDisputed = true
  if (!life.isAtWork || life.isDisputed || world.muddled.has(sessionId)) return
  const cell = host.tracker['~node'].sessions.get(sessionId)
  const isThere = cell !== undefined && isActive(cell.snapshot)
  const statuses = [cell?.snapshot.status, world.stored.get(sessionId)]
  // While the store is out of reach, an end that was asked for stands nowhere once its session has been dropped.
  const isCancelled = statuses.includes('cancelled') || host.line.health !== 'well'
  if (!isThere && world.asked.has(sessionId) && isCancelled) life.cancelled()
  else world.tally.check('G6 never silent', isThere, () => `the job of ${said(life)} lives, and was given up`)
}

function isTold({ viewer }: Onlooker): boolean {
  const how = viewer?.stands()
  return how === 'told' || how === 'streams'
}

/** Has the store another life of the id than its viewers, or another end of it? */
function isMuddled(life: Life, stored: Snapshot | undefined): boolean {
  if (!stored) return true
  if (isEnd(stored)) return false
  return life.end !== undefined || (life.isQueued && !(isActive(stored) && stored.queued))
}

/** Is there nothing to be said of it yet, or no more? */
function isOpen({ clock }: Scene, life: Life, afterMs: number): boolean {
  if (life.isOrphan || life.isDisputed || !life.isBegun) return true
  return !life.end && clock.now() - life.saidAt < afterMs
}

/** Nobody asks for what has ended, though it may have begun anew: who is in its room is told, over a line that loses nothing. */
function isOfBefore(shows: Shows, life: Life): boolean {
  return typeof shows === 'object' && isEnd(shows) && lifeOf(shows) !== life.number
}

/** Is this the last word of its job? */
function isLastWord(shows: Shows, life: Life): boolean {
  if (typeof shows !== 'object' || lifeOf(shows) !== life.number || stampOf(shows) !== life.stamp) return false
  if (shows.status !== (life.end ?? 'active')) return false
  return !isActive(shows) || (shows.queued === true) === life.isQueued
}

/** Was this end pronounced by somebody else than its job? */
function isGivenUp(snapshot: Snapshot): boolean {
  return snapshot.status === 'error' && snapshot.error.code === 'INTERRUPTED'
}

function said(life: Life | undefined): string {
  if (!life) return 'nothing'
  return `${life.sessionId} (${life.end ?? (life.isQueued ? 'queued' : 'active')}, life ${life.number}, said ${life.stamp})`
}
