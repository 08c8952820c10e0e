// 1: a thousand sockets, each on a session of its own that reports ten times a second: who is right in the end, how late
// each state came, and how often each end was told; beside bare emits to the same sockets.
import { Crowd } from '../bench/crowd'
import { percentile } from '../bench/measure'
import { paced } from '../bench/paced'
import { served } from '../bench/served'
import { isShort, pick } from '../bench/short'
import { figure, printTable, spread } from '../bench/table'

const SOCKETS = pick(1_000, 100)
const SECONDS = pick(60, 2)
const SETTLE_MS = 1_000

// Shorter than the pace: what is measured is the way, not how long a state waits for its window.
await using server = await served(50)
const { io, tracker, url } = server
const crowd = new Crowd()
await crowd.ask({ kind: 'connect', url, count: SOCKETS })
const ids = Array.from({ length: SOCKETS }, () => tracker.createSession({ operation: 'load' }, { owner: 'ada' }))
await crowd.ask({ kind: 'join', ids })
const payload = tracker.getSession(ids[0] ?? '')
// The clients do not know the order in which the server has them: each is found by the session that it has joined.
const sockets = ids.map((id) => [...(io.sockets.adapter.rooms.get(`progress-${id}`) ?? [])][0] ?? '')

async function run(send: (index: number, stamp: string) => void) {
  const sent: number[] = []
  const latencies: number[] = []
  let heard = 0
  const collect = async () => {
    const report = await crowd.ask({ kind: 'report' })
    for (const latency of report.latencies) latencies.push(latency)
    heard += report.heard
    return report
  }
  await collect()
  latencies.length = heard = 0
  for (let second = 0; second < SECONDS; second++) {
    await paced({ count: SOCKETS, everyMs: 100, seconds: 1 }, (index, stamp) => {
      sent[index] = Number(stamp)
      send(index, stamp)
    })
    await collect()
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  const { last } = await collect()
  return { right: last.filter((stamp, index) => stamp === sent[index]).length, latencies, perSecond: heard / SECONDS }
}

const ours = await run((index, stamp) => tracker.updateProgress(ids[index] ?? '', 1, stamp))
const bare = await run((index, stamp) =>
  io.to(sockets[index] ?? '').emit('progress-update', { ...payload, message: stamp }),
)
for (const id of ids) tracker.completeSession(id)
await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
const { ends } = await crowd.ask({ kind: 'report' })
const told = (times: number) => ends.filter((each) => (times > 1 ? each > 1 : each === times)).length

const p99 = percentile(ours.latencies, 0.99)
printTable(`1: ${figure(SOCKETS)} sockets, each on a session of its own at 10 updates a second, for ${SECONDS} s`, [
  {
    what: 'show the last state in the end',
    ours: figure(ours.right),
    baseline: `bare ${figure(bare.right)}`,
    bound: 'all',
    holds: ours.right === SOCKETS,
  },
  {
    what: 'from the update to the callback, p50 / p99 / max',
    ours: spread(ours.latencies),
    baseline: `bare ${spread(bare.latencies)}`,
    ...(!isShort && { bound: 'p99 at most 50 ms', holds: p99 <= 50 }),
  },
  { what: 'delivered a second', ours: figure(ours.perSecond), baseline: `bare ${figure(bare.perSecond)}` },
  {
    what: 'ends lost, told twice',
    ours: `${told(0)}, ${told(2)}`,
    bound: '0, 0',
    holds: told(1) === SOCKETS,
  },
])
await crowd.end()
