// 2: one session that reports ten times a second, and thousands who watch it: how late each state came, and who was left
// behind; beside bare emits into a room with the same sockets.
import { Crowd } from '../bench/crowd'
import { percentile } from '../bench/measure'
import { paced } from '../bench/paced'
import { served } from '../bench/served'
import { isShort, pick } from '../bench/short'
import { figure, printTable, spread } from '../bench/table'

const VIEWERS = pick(5_000, 200)
const CROWDS = pick(2, 1)
const SECONDS = pick(20, 2)
const EVERY_MS = 100

// Shorter than the pace: what is measured is the way, not how long a state waits for its window.
await using server = await served(50)
const { io, tracker, url } = server
io.on('connection', (socket) => void socket.join('bare'))
const crowds = Array.from({ length: CROWDS }, () => new Crowd())
await Promise.all(crowds.map((crowd) => crowd.ask({ kind: 'connect', url, count: VIEWERS / CROWDS })))
const id = tracker.createSession({ operation: 'load' }, { owner: 'ada' })
await Promise.all(crowds.map((crowd) => crowd.ask({ kind: 'join', ids: [id] })))
const payload = tracker.getSession(id)

async function run(send: (stamp: string) => void) {
  const latencies: number[] = []
  const collect = async () => {
    const reports = await Promise.all(crowds.map((crowd) => crowd.ask({ kind: 'report' })))
    for (const report of reports) for (const latency of report.latencies) latencies.push(latency)
    return reports.flatMap(({ last }) => last)
  }
  await collect()
  latencies.length = 0
  let sent = 0
  await paced({ count: 1, everyMs: EVERY_MS, seconds: SECONDS }, (_, stamp) => {
    sent = Number(stamp)
    send(stamp)
  })
  // One more interval, and the way.
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS + 150))
  const last = await collect()
  return { behind: last.filter((stamp) => stamp !== sent).length, latencies }
}

const ours = await run((stamp) => tracker.updateProgress(id, 1, stamp))
const bare = await run((stamp) => io.to('bare').emit('progress-update', { ...payload, message: stamp }))
tracker.completeSession(id)
await new Promise((resolve) => setTimeout(resolve, 1_000))
const ends = (await Promise.all(crowds.map((crowd) => crowd.ask({ kind: 'report' })))).flatMap((each) => each.ends)

const p99 = percentile(ours.latencies, 0.99)
printTable(`2: one session at 10 updates a second, ${figure(VIEWERS)} viewers, for ${SECONDS} s`, [
  {
    what: 'behind, one interval after the last update',
    ours: figure(ours.behind),
    baseline: `bare ${figure(bare.behind)}`,
    bound: '0',
    holds: ours.behind === 0,
  },
  {
    what: 'from the update to the callback, p50 / p99 / max',
    ours: spread(ours.latencies),
    baseline: `bare ${spread(bare.latencies)}`,
    ...(!isShort && { bound: 'p99 at most 150 ms', holds: p99 <= 150 }),
  },
  {
    what: 'ends lost, told twice',
    ours: `${ends.filter((times) => times === 0).length}, ${ends.filter((times) => times > 1).length}`,
    bound: '0, 0',
    holds: ends.every((times) => times === 1),
  },
])
await Promise.all(crowds.map((crowd) => crowd.end()))
