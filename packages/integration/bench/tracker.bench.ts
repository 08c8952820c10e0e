// What progress costs the job: updates in an open window, counting, a tight loop, and sessions that only live.
import { ProgressTracker } from '@progress/server'
import { compare, heapUsed, median } from './measure'
import { SeedlikeTracker } from './seedlike'
import { figure, printTable } from './table'

const OPS = 200_000
const PAIRS = 21

let frames = 0
const deaf = { to: () => deaf, except: () => deaf, emit: () => void frames++, engine: {}, use() {} }
const io = Object.assign(deaf, { local: deaf })

const ours = new ProgressTracker(io)
const seedlike = new SeedlikeTracker(io)
const oursId = ours.createSession({ operation: 'bench' })
const seedId = seedlike.createSession({ operation: 'bench' })

const update = await compare(
  OPS,
  PAIRS,
  () => {
    for (let op = 0; op < OPS; op++) ours.updateProgress(oursId, op % 100)
  },
  () => {
    for (let op = 0; op < OPS; op++) seedlike.updateProgress(seedId, op % 100)
  },
)

let advance: Awaited<ReturnType<typeof compare>> | undefined
await ours.run('bench', { owner: null, total: OPS * PAIRS * 2 }, async (task) => {
  advance = await compare(
    OPS,
    PAIRS,
    () => {
      for (let op = 0; op < OPS; op++) task.advance()
    },
    () => {
      for (let op = 0; op < OPS; op++) seedlike.updateProgress(seedId, op % 100)
    },
  )
})
if (!advance) throw new Error('the job did not run')

let sum = 0
const clock = await compare(
  OPS,
  PAIRS,
  () => {
    for (let op = 0; op < OPS; op++) sum += Date.now()
  },
  () => {
    for (let op = 0; op < OPS; op++) sum += op
  },
)

printTable('The cost of a call, inside an open window', [
  {
    what: '`tracker.updateProgress(id, p)`, times as fast as the seed-like one',
    ours: `${figure(update.oursNs, 'ns')}`,
    baseline: `${figure(update.baselineNs, 'ns')}, ratio ${figure(update.ratio)}`,
    bound: 'at least 3',
    holds: update.ratio >= 3,
  },
  {
    what: '`task.advance()`, times as fast as the seed-like update',
    ours: `${figure(advance.oursNs, 'ns')}`,
    baseline: `${figure(advance.baselineNs, 'ns')}, ratio ${figure(advance.ratio)}`,
    bound: 'at least 6',
    holds: advance.ratio >= 6,
  },
  { what: 'one `Date.now()`, for scale', ours: figure(clock.oursNs, 'ns') },
])

// A tight loop that never lets go, then the window's end.
const loopId = ours.createSession()
await new Promise((resolve) => setTimeout(resolve, 250))
frames = 0
const before = heapUsed()
const start = process.hrtime.bigint()
for (let op = 1; op <= 1_000_000; op++) ours.updateProgress(loopId, op / 10_000)
const loopMs = Number(process.hrtime.bigint() - start) / 1e6
const framesInLoop = frames
await new Promise((resolve) => setTimeout(resolve, 150))
const grown = heapUsed() - before
const last = ours.getSession(loopId)?.progress
printTable('1,000,000 updates in a tight loop', [
  {
    what: 'frames',
    ours: `${framesInLoop} in ${figure(loopMs, 'ms')}, ${frames} in all`,
    bound: 'at most 10 a second, and the last',
    holds: frames <= 2 + Math.ceil(loopMs / 100),
  },
  { what: 'last value', ours: String(last), bound: '100', holds: last === 100 },
  { what: 'heap grown', ours: figure(grown / 1024, 'kB'), bound: 'flat (under 200 kB)', holds: grown < 200 * 1024 },
])

const COUNT = 100_000
await ours.close()
const many = new ProgressTracker(io)
const empty = heapUsed()
const ids = Array.from({ length: COUNT }, () => many.createSession({ operation: 'csv-import' }))
for (const id of ids) many.updateProgress(id, 1)
await many.flush()
await new Promise((resolve) => setTimeout(resolve, 300))
const each = (heapUsed() - empty) / COUNT
const pauses: number[] = []
for (let round = 0; round < 11; round++) {
  const began = process.hrtime.bigint()
  many.cleanupStaleSessions()
  pauses.push(Number(process.hrtime.bigint() - began) / 1e6)
}
const timers = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
printTable(`${COUNT.toLocaleString('en-US')} live sessions`, [
  {
    what: 'heap of each, with the ids that the app holds',
    ours: figure(each, 'bytes'),
    bound: 'at most 1,024',
    holds: each <= 1_024,
  },
  {
    what: 'pause of a sweep over all',
    ours: `${figure(median(pauses), 'ms')}, longest ${figure(Math.max(...pauses), 'ms')}`,
    bound: 'under 50 ms',
    holds: Math.max(...pauses) < 50,
  },
  { what: 'timers in the process', ours: String(timers), bound: 'none per session', holds: timers < 20 },
])
await many.close()
if (sum < 0) throw new Error('not reached: keeps the loops from being optimised away')
