// 89: sessions that nobody ends, as many as a process may hold and one more: who is refused, who makes room, and what is left of
// them an hour later, beside the seed-like tracker with the sweep that its document has. Time is in our hands.
import { isProgressError } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { ProgressTracker } from '@progress/server'
import { deafServer } from '../bench/deafServer'
import { SeedlikeTracker } from '../bench/seedlike'
import { figure, printTable } from '../bench/table'

/** What one process holds. It is no option: the short form needs as many. */
const MOST = 100_000
const HOUR_MS = 60 * 60_000

const clock = new ManualClock()
const io = deafServer()
const tracker = new ProgressTracker(io as never, { clock })
const node = tracker['~node']
const make = () => tracker.createSession({ operation: 'load' }, { owner: 'ada' })

/** The code of the refusal, or none. */
function oneMore(): string {
  try {
    make()
    return 'taken'
  } catch (error) {
    return isProgressError(error) ? error.code : String(error)
  }
}

const ids = Array.from({ length: MOST }, make)
const [first = '', second = ''] = ids
const full = oneMore()
const goesOn = tracker.updateProgress(second, 50)
tracker.completeSession(first)
const afterAnEnd = [oneMore(), oneMore()].join(', ')
await tracker.flush()
const live = node.sessions.size
const toldBefore = io.frames
await clock.advance(HOUR_MS)
const left = node.sessions.size
const told = io.frames - toldBefore
await tracker.flush()
const running = await node.backend.listActiveByNode(node.id)

const ioOfSeed = deafServer()
const seedlike = new SeedlikeTracker(ioOfSeed)
for (let made = 0; made <= MOST; made++) seedlike.createSession({ operation: 'load' })
const held = seedlike.size
seedlike.cleanupStaleSessions(Date.now() + HOUR_MS)

printTable(`89: ${figure(MOST)} sessions that are never finished`, [
  {
    what: 'one more; held then; the others go on',
    ours: `${full}, ${figure(live)}, ${goesOn ? 'yes' : 'no'}`,
    baseline: `seed-like taken, ${figure(held)}: there is no limit`,
    bound: `LIMIT, ${figure(MOST)}, yes`,
    holds: full === 'LIMIT' && live === MOST && goesOn && held > MOST,
  },
  {
    what: 'one has ended: one more, and another one',
    ours: afterAnEnd,
    bound: 'taken, LIMIT: the end makes room',
    holds: afterAnEnd === 'taken, LIMIT',
  },
  {
    what: 'left after an hour of silence: here, running in the backend',
    ours: `${left}, ${running.length}`,
    baseline: `seed-like ${seedlike.size} here`,
    bound: '0, 0',
    holds: left === 0 && running.length === 0,
  },
  {
    what: 'ends told to those who watch them',
    ours: figure(told),
    baseline: `seed-like ${ioOfSeed.frames}: swept without a word`,
    bound: 'of each one',
    holds: told === MOST,
  },
])
await tracker.close()
