// How every run ends: first a quiet phase, in which nobody reconnects, then one in which everything is mended. Reconnecting
// hides what is wrong with the way that stands; so the first comes first.
import { isEnd } from '@progress/protocol'
import { finish, update } from './jobs'
import { checkLive, checkSeat } from './laws'
import { type Life, words } from './life'
import type { Seat } from './seat'
import { CALM_MS, type World } from './world'

/** Who asks has asked within this. */
const POLL_MS = 2_500
/** Who has to dial anew stands within this. */
const RECONNECT_MS = 4_000
/** Within this a process that is gone is given up by the others, and what nobody made is gone. */
const GIVEN_UP_MS = 50_000

/** No more faults, and nobody reconnects by command: what was lost comes by itself, and the live way works. */
export async function quiet(world: World): Promise<void> {
  for (const seat of world.seats) seat.mend()
  for (const { isUp, line } of world.hosts) if (isUp) line.mend()
  world.disturb()
  await world.clock.advance(CALM_MS)
  await world.look()
  checkLive(world, 'G3b after a fault')
  for (const seat of world.seats) checkConnected(world, seat)
  const working = livesAtWork(world)
  for (let step = 0; step < 3; step++) {
    for (const life of working) update(world, life, 10 * step)
    await world.clock.advance(30)
  }
  await world.clock.advance(100)
  await world.look()
  await world.clock.advance(POLL_MS)
  await world.look()
  for (const seat of world.seats) if (seat.viewer?.stands() === 'asks') checkSeat(world, seat, 'G3c by asking', POLL_MS)
  world.tally.verify()
}

/** Everything is mended: all are back, and all jobs end. */
export async function heal(world: World): Promise<void> {
  for (const [at, host] of world.hosts.entries()) if (!host.isUp) world.restart(at, await world.handle())
  for (const seat of world.seats) {
    if (seat.out) seat.login()
    seat.hasSockets = seat.hasStreams = true
    seat.viewer?.hurry()
  }
  await world.clock.advance(RECONNECT_MS)
  await world.look()
  for (const { name, viewer } of world.seats) {
    world.tally.check('G3d after a reconnect', viewer?.stands() === 'told', () => `${name} is not back`)
  }
  checkLive(world, 'G3d after a reconnect')
  if (isAnythingOpen(world)) await world.clock.advance(GIVEN_UP_MS)
  for (const life of livesAtWork(world)) finish(world, life, 'completed')
  await world.clock.advance(1)
  checkLive(world, 'G3a live')
  for (const seat of world.seats) checkEnds(world, seat)
  world.tally.verify()
}

/** Whoever could be connected is, and who asks has asked. */
function checkConnected(world: World, seat: Seat): void {
  if (seat.out || !world.hosts[seat.hostAt]?.isUp || seat.shows.size === 0) return
  const how = seat.viewer?.stands() ?? null
  world.tally.check('G3c by asking', how !== null, () => `${seat.name} is not connected, and could be`)
  if (how === 'asks') checkSeat(world, seat, 'G3c by asking', POLL_MS)
}

/** Everything has come to an end, and who shows it was told so once. */
function checkEnds({ tally, muddled, current, lives }: World, seat: Seat): void {
  const { name, user } = seat
  for (const [id, shows] of seat.shows) {
    if (muddled.has(id)) continue
    const isOver = typeof shows !== 'object' || isEnd(shows) || current.get(id)?.isQueued === true
    tally.check('G6 never silent', isOver, () => `${name} still shows ${words(shows)}`)
    const isGivenUp = shows !== 'waiting' || lives.length > 0
    tally.check('G6 never silent', isGivenUp, () => `${name} still waits for ${id}, which nobody makes`)
    if (typeof shows !== 'object' || !isEnd(shows) || user !== 'ada') continue
    const times = seat.timesTold(shows)
    tally.check('G4 once at least', times === 1, () => `${name} was told ${times} times of ${words(shows)}`)
  }
}

function livesAtWork({ current, muddled }: World): Life[] {
  return [...current.values()].filter((life) => life.isAtWork && !muddled.has(life.sessionId))
}

/** Has anything to be given up before all is said? */
function isAnythingOpen({ seats, current }: World): boolean {
  const lives = [...current.values()]
  const isWaiting = seats.some(({ shows }) => [...shows.values()].includes('waiting'))
  return lives.some(({ isOrphan, isDisputed }) => isOrphan || isDisputed) || (isWaiting && lives.length === 0)
}
