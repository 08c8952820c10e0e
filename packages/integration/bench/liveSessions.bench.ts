// 100,000 sessions that only live: what each takes, and how long looking over all of them stops everything else.
import { ProgressTracker } from '@progress/server'
import { deafServer } from './deafServer'
import { heapUsed, median } from './measure'
import { SeedlikeTracker } from './seedlike'
import { isShort, pick } from './short'
import { figure, printTable } from './table'

const COUNT = pick(100_000, 10_000)

const many = new ProgressTracker(deafServer() as never)
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
await many.close()

const beforeSeed = heapUsed()
const seedlike = new SeedlikeTracker(deafServer())
const seedIds = Array.from({ length: COUNT }, () => seedlike.createSession({ operation: 'csv-import' }))
for (const id of seedIds) seedlike.updateProgress(id, 1)
const eachOfSeed = (heapUsed() - beforeSeed) / COUNT

printTable(`${COUNT.toLocaleString('en-US')} live sessions`, [
  {
    what: 'heap of each, with the ids that the app holds',
    ours: figure(each, 'bytes'),
    baseline: `seed-like ${figure(eachOfSeed, 'bytes')}`,
    bound: 'at most 1,024',
    holds: each <= 1_024,
  },
  {
    what: 'pause of a sweep over all',
    ours: `${figure(median(pauses), 'ms')}, longest ${figure(Math.max(...pauses), 'ms')}`,
    bound: 'under 50 ms',
    // A machine that is busy with other things stops anything now and then.
    holds: (isShort ? median(pauses) : Math.max(...pauses)) < 50,
  },
  { what: 'timers in the process', ours: String(timers), bound: 'none per session', holds: timers < 20 },
])
