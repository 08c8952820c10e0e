// The commands of the model: what jobs, viewers, processes and the network between them do. A command is a name and a few
// numbers, so that a run can be written down in a line, and read again.
import { DEFAULTS } from '../../defaults'
import { areAllWell, failAttempt, finish, nextAttempt, start, update, write } from './jobs'
import { fault, host, idOf, isUp, job, type Kind, lifeOf, meddle, seat } from './kinds'
import { takeStock } from './laws'
import type { Life } from './life'
import type { Seat } from './seat'
import { SLOW_MS } from './storeLine'
import type { World } from './world'

/** A cancel is answered within this. */
const ANSWERED_MS = 8_000
const TICKS_MS = [20, 60, 110, 250, 600, 2_500, 6_000, 17_000, 31_000, 24_000]

/** All commands, by name. `a` and `b` are ids; of viewers, 0 and 1 are one user's, 2 is another's. */
export const COMMANDS: Readonly<Record<string, Kind>> = {
  /** A session begins: which id, where, by `run` or by hand. The same id again is a new life of it. */
  start: {
    theme: 'job',
    weight: 6,
    most: [1, 1, 1],
    may: (world, id) => world.current.get(idOf(id)) === undefined,
    run: (world, id, at, isRun) => start(world, idOf(id), at ?? 0, isRun === 1),
  },
  'same id again': {
    theme: 'job',
    weight: 2,
    most: [1, 1, 1],
    may: (world, id) => lifeOf(world, id)?.isQueued === false,
    run: (world, id, at, isRun) => start(world, idOf(id), at ?? 0, isRun === 1),
  },
  update: job(14, [100], (world, life, progress) => update(world, life, progress)),
  log: job(3, [], (_, life) => write(life, `line after ${life.stamp}`)),
  complete: job(3, [], (world, life) => finish(world, life, 'completed')),
  fail: job(2, [], (world, life) => finish(world, life, 'error')),
  cancel: job(2, [], (world, life) => finish(world, life, 'cancelled')),
  'fail attempt': job(2, [], (world, life) => failAttempt(world, life)),
  'next attempt': {
    theme: 'job',
    weight: 10,
    most: [1, 1],
    may: (world, id) =>
      lifeOf(world, id)?.isQueued === true &&
      lifeOf(world, id)?.isStored === true &&
      areAllWell(world) &&
      !world.muddled.has(idOf(id)),
    run: (world, id, at) => nextAttempt(world, lifeOf(world, id) as Life, at ?? 0),
  },
  flush: {
    theme: 'store',
    weight: 3,
    most: [1],
    may: isUp,
    run: (world, at) => flush(world, at ?? 0),
  },

  tick: {
    theme: 'job',
    weight: 10,
    most: [TICKS_MS.length - 1],
    run: (world, size) => world.clock.advance(TICKS_MS[size ?? 0] ?? 0),
  },

  watch: seat(
    'job',
    8,
    [1],
    (_, one, id) => one.watch(idOf(id)),
    (one, id) => !one.shows.has(idOf(id)),
  ),
  leave: seat(
    'job',
    2,
    [1],
    (_, one, id) => one.leave(idOf(id)),
    (one, id) => one.shows.has(idOf(id)),
  ),
  remount: seat(
    'job',
    3,
    [1],
    (_, one, id) => one.remount(idOf(id)),
    (one, id) => one.shows.has(idOf(id)),
  ),
  connect: seat('job', 6, [1], (_, one, at) => {
    one.hostAt = at
    one.hasSockets = true
    one.cut()
    one.cutStreams()
    one.viewer?.hurry()
  }),
  drop: seat('job', 3, [], (_, one) => one.cut()),
  hold: fault(8, (one) => {
    one.way.isHeld = true
  }),
  mute: fault(2, (one) => {
    one.way.isMute = true
  }),
  late: fault(3, (one) => {
    one.isLate = true
  }),
  deliver: seat(
    'way',
    5,
    [3],
    (_, one, count) => one.deliver(count + 1),
    (one) => one.inFlight > 0,
  ),
  duplicate: meddle('duplicate'),
  reorder: meddle('reorder'),
  lose: meddle('lose'),
  'way well': seat(
    'way',
    4,
    [],
    (world, one) => {
      world.disturb()
      one.mend()
    },
    (one) => !one.isClean,
  ),
  poll: seat('way', 4, [], (_, one) => {
    one.hasSockets = one.hasStreams = false
    one.cut()
    one.cutStreams()
  }),
  stream: seat('way', 2, [], (_, one) => {
    one.hasSockets = false
    one.hasStreams = true
    one.cut()
  }),
  'cut stream': seat('way', 2, [], (_, one) => one.cutStreams()),

  slow: {
    theme: 'pace',
    weight: 6,
    most: [1],
    may: isUp,
    run: (world, at = 0) => world.hosts[at]?.line.slow(),
  },
  away: host(4, (world, at) => {
    world.disturb()
    world.hosts[at]?.line.cut()
  }),
  /** One state of a job is on its way and fails, while a newer one waits; then calls work again, and nobody says that they did not. */
  trip: {
    theme: 'store',
    weight: 2,
    most: [1, 98],
    may: (world, id) => {
      const life = lifeOf(world, id)
      return life?.isAtWork === true && life.host.line.health === 'well'
    },
    run: (world, id, progress = 0) => trip(world, lifeOf(world, id) as Life, progress),
  },
  deaf: host(2, (world, at) => {
    world.disturb()
    world.hosts[at]?.line.deafen()
  }),
  back: {
    theme: 'store',
    weight: 6,
    most: [1],
    may: (world, at = 0) => isUp(world, at) && !isLineWell(world, at),
    run: (world, at = 0) => {
      if (world.hosts[at]?.line.health !== 'well') world.disturb()
      world.hosts[at]?.line.mend()
    },
  },
  crash: {
    theme: 'process',
    weight: 3,
    most: [1],
    may: isUp,
    run: (world, at) => crash(world, at ?? 0),
  },
  restart: {
    theme: 'process',
    weight: 4,
    most: [1],
    may: (world, at) => !isUp(world, at),
    run: async (world, at) => {
      world.disturb()
      world.restart(at ?? 0, await world.handle())
    },
  },

  revoke: {
    theme: 'login',
    weight: 2,
    most: [2, 1],
    may: (world, one, at) => !world.seats[one ?? 0]?.out && isUp(world, at),
    run: (world, one, at) => revoke(world, world.seats[one ?? 0] as Seat, at ?? 0),
  },
  login: seat(
    'login',
    3,
    [],
    (_, one) => {
      one.login()
      one.viewer?.hurry()
    },
    (one) => one.out !== undefined,
  ),
  /** The button of a viewer, for what runs. */
  ask: seat(
    'job',
    2,
    [1],
    (world, one, id) => ask(world, one, idOf(id)),
    (one, id) => one.shows.has(idOf(id)),
  ),
  /** Somebody else tries ids that are not his. */
  pry: {
    theme: 'login',
    weight: 3,
    most: [1],
    may: (world, id) => !world.seats[2]?.shows.has(idOf(id)),
    run: (world, id) => world.seats[2]?.watch(idOf(id)),
  },
}

function isLineWell({ hosts }: World, at: number): boolean {
  const line = hosts[at]?.line
  return line?.health === 'well' && !line.isSlow
}

async function crash(world: World, at: number): Promise<void> {
  const host = world.hosts[at]
  if (!host) return
  world.disturb()
  host.crash()
  await world.settle()
  takeStock(world, host, await world.entries(await world.handle()))
}

async function trip(world: World, life: Life, progress: number): Promise<void> {
  const { line } = life.host
  world.disturb()
  line.slow()
  for (const step of [progress, progress + 1]) {
    update(world, life, step)
    await world.clock.advance(DEFAULTS.throttleMs)
  }
  line.cut()
  await world.clock.advance(SLOW_MS)
  line.deafen()
}

async function flush(world: World, at: number): Promise<void> {
  const host = world.hosts[at]
  if (!host) return
  const said = [...world.current.values()].filter((life) => life.host === host && life.isBegun && !life.isOrphan)
  const stamps = said.map((life) => [life, life.stamp] as const)
  void host.tracker.flush().then(() => {
    if (!host.isUp) return
    for (const [life, stamp] of stamps) if (life.host === host) life.durable = Math.max(life.durable, stamp)
  })
  await world.settle()
}

async function revoke(world: World, seat: Seat, at: number): Promise<void> {
  const loginId = seat.token()
  const isHeard = areAllWell(world)
  world.logins.delete(loginId)
  void world.hosts[at]?.progress.revoke({ loginId })
  await world.settle()
  seat.out = { step: world.step, at: world.clock.now(), isHeard }
}

function ask(world: World, seat: Seat, sessionId: string): void {
  world.asked.add(sessionId)
  seat.busyUntil = world.clock.now() + ANSWERED_MS
  seat.viewer?.cancel(sessionId)
}
