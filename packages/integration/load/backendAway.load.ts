// 94: a backend that is away for ten minutes while a thousand sessions report ten times a second: how much is written when it is
// back, which is what was kept for it, beside a queue that keeps every write. Time is in our hands.
import { ManualClock } from '@progress/protocol/testing'
import { type Backend, memory, ProgressTracker } from '@progress/server'
import { deafServer } from '../bench/deafServer'
import { heapUsed } from '../bench/measure'
import { pick } from '../bench/short'
import { figure, printTable } from '../bench/table'

const SESSIONS = 1_000
const EVERY_MS = 100
const STEPS = (pick(10, 0.2) * 60_000) / EVERY_MS
/** What a queue keeps of all ten minutes would not fit: its heap is measured up to here. */
const QUEUED_STEPS = Math.min(STEPS, 300)

const clock = new ManualClock()
const stored = memory({ clock })
let isAway = false
let writes = 0
/** Fails as a database does to which there is no line; listening was begun before. */
const backend = new Proxy(stored, {
  get(target, name) {
    const member: unknown = Reflect.get(target, name, target)
    if (typeof member !== 'function' || name === 'close') return member
    return async (...args: unknown[]): Promise<unknown> => {
      if (isAway) throw new Error('the backend is away')
      if (name === 'put') writes += 1
      return Reflect.apply(member, target, args)
    }
  },
}) satisfies Backend
const tracker = new ProgressTracker(deafServer() as never, { clock, backend })
const ids = Array.from({ length: SESSIONS }, () => tracker.createSession({ operation: 'load' }, { owner: 'ada' }))

async function report(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    for (const id of ids) tracker.updateProgress(id, (step / steps) * 100, `step ${step}`)
    await clock.advance(EVERY_MS)
  }
}

await report(20) // until the code is warm
await tracker.flush()
const before = heapUsed()
isAway = true
await report(STEPS)
const grown = heapUsed() - before
for (const id of ids) tracker.updateProgress(id, 100, 'last')
await clock.advance(EVERY_MS)
isAway = false
writes = 0
await clock.advance(5_000) // the longest wait between two tries
await tracker.flush()
const written = writes
const entries = await stored.get(ids)
const right = entries.filter((entry) => entry?.snapshot.message === 'last').length

const queue: object[] = []
const beforeQueue = heapUsed()
for (let step = 0; step < QUEUED_STEPS; step++) {
  for (const sessionId of ids)
    queue.push({ sessionId, progress: step, message: `step ${step}`, at: clock.now() + step })
}
const queued = heapUsed() - beforeQueue

printTable(
  `94: the backend is away for ${figure((STEPS * EVERY_MS) / 60_000)} min, ${figure(SESSIONS)} sessions at 10 Hz`,
  [
    {
      what: 'states kept for it, and written when it is back',
      ours: figure(written),
      baseline: `a queue of every write would hold ${figure(SESSIONS * STEPS)}`,
      bound: `at most one for each session: ${figure(SESSIONS)}`,
      holds: written > 0 && written <= SESSIONS,
    },
    {
      what: 'stand in it as they stand here, 5 s later',
      ours: figure(right),
      bound: 'all',
      holds: right === SESSIONS,
    },
    {
      what: 'heap grown meanwhile',
      ours: figure(grown / 2 ** 20, 'MB'),
      baseline: `the queue ${figure(queued / 2 ** 20, 'MB')} by its first ${figure(queue.length)}`,
      bound: 'under 4 MB, and more in the queue',
      holds: grown < 4 * 2 ** 20 && queued > 4 * 2 ** 20,
    },
  ],
)
await tracker.close()
