// 88: 100,000 sessions that were made and have ended: what is left of them, and how many timers that took, beside the seed-like
// tracker, which sets one for each. Time is in our hands: nothing is waited for.
import { ManualClock } from '@progress/protocol/testing'
import { ProgressTracker } from '@progress/server'
import { deafServer } from '../bench/deafServer'
import { heapUsed } from '../bench/measure'
import { SeedlikeTracker } from '../bench/seedlike'
import { pick } from '../bench/short'
import { figure, printTable } from '../bench/table'

const COUNT = pick(100_000, 10_000)
const DAY_MS = 24 * 60 * 60_000

const clock = new ManualClock()
const tracker = new ProgressTracker(deafServer() as never, { clock })
const node = tracker['~node']

function makeAndEnd(count: number): number {
  let most = 0
  for (let made = 0; made < count; made++) {
    const id = tracker.createSession({ operation: 'load' }, { owner: 'ada' })
    tracker.updateProgress(id, 50)
    if (made % 3 === 0) tracker.completeSession(id)
    else if (made % 3 === 1) tracker.errorSession(id, 'no')
    else tracker.cancelSession(id)
    most = Math.max(most, clock.pending)
  }
  return most
}

makeAndEnd(1_000)
await tracker.flush()
await clock.advance(DAY_MS)
await node.backend.listByOwner('ada')
const before = heapUsed()
const timers = makeAndEnd(COUNT)
await tracker.flush()
const full = heapUsed()
await clock.advance(DAY_MS)
const stored = await node.backend.listByOwner('ada')
const grown = heapUsed() - before

const seedlike = new SeedlikeTracker(deafServer())
const timeouts = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
const own = timeouts()
for (let made = 0; made < COUNT; made++) seedlike.completeSession(seedlike.createSession({ operation: 'load' }))
const timersOfSeed = timeouts() - own

printTable(`88: ${figure(COUNT)} sessions made and ended`, [
  {
    what: 'most timers at a time',
    ours: String(timers),
    baseline: `seed-like ${figure(timersOfSeed)}`,
    bound: 'at most 5, however many sessions',
    holds: timers <= 5 && timersOfSeed >= COUNT,
  },
  {
    what: 'left a day later: sessions here, in the backend, timers',
    ours: `${node.sessions.size}, ${stored.length}, ${clock.pending}`,
    bound: '0, 0, the sweep',
    holds: node.sessions.size === 0 && stored.length === 0 && clock.pending === 1,
  },
  {
    what: 'heap grown, and when all had just ended',
    ours: `${figure(grown / 2 ** 20, 'MB')}, ${figure((full - before) / 2 ** 20, 'MB')}`,
    bound: 'under 2 MB in the end',
    holds: grown < 2 * 2 ** 20,
  },
])
await tracker.close()
process.exit()
