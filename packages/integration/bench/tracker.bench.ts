// What progress costs the job: updates in an open window, and counting, beside the seed-like tracker.
import { ProgressTracker } from '@progress/server'
import { deafServer } from './deafServer'
import { compare } from './measure'
import { SeedlikeTracker } from './seedlike'
import { figure, printTable } from './table'

const OPS = 200_000
const PAIRS = 21

const io = deafServer()
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

await ours.close()
if (sum < 0) throw new Error('not reached: keeps the loops from being optimised away')
