// What a watcher costs the server: one session watched by 1,000 sockets, beside a bare emit of the same payload; a list of
// 500 sessions; and 1,000 sessions at 10 a second, end to end.
import { LIMITS } from '@progress/protocol/wire'
import { io as client } from 'socket.io-client'
import { Crowd } from './crowd'
import { heapUsed, median, percentile } from './measure'
import { paced } from './paced'
import { served } from './served'
import { figure, printTable, spread } from './table'

const SOCKETS = 1_000
const PAIRS = 15
const ROUNDS = 10

await using server = await served(1)
const { io, tracker, url } = server
// The baseline's watchers: the same sockets, in a room that a bare handler would have put them in.
io.on('connection', (socket) => void socket.join('bare'))
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const rssBefore = process.memoryUsage().rss
const heapBefore = heapUsed()
const crowd = new Crowd()
await crowd.ask({ kind: 'connect', url, count: SOCKETS })
const heapOfSockets = heapUsed() - heapBefore
const rssOfSockets = process.memoryUsage().rss - rssBefore

const id = tracker.createSession({ operation: 'csv-import', filename: 'customers.csv' }, { owner: 'ada', total: 1e9 })
await crowd.ask({ kind: 'join', ids: [id] })

let progressNow = 0
const payload = tracker.getSession(id)
const ours = (): void => {
  progressNow += 0.001
  tracker.updateProgress(id, progressNow)
}
const bare = (): void => {
  progressNow += 0.001
  io.to('bare').emit('progress-update', { ...payload, progress: progressNow })
}

/** CPU of the server for one delivery, in microseconds. */
async function cpuOf(send: () => void): Promise<number> {
  await pause(20)
  await crowd.ask({ kind: 'report' })
  const before = process.cpuUsage()
  for (let round = 0; round < ROUNDS; round++) {
    send()
    await pause(5)
  }
  const used = process.cpuUsage(before)
  let heard = 0
  while (heard < SOCKETS * ROUNDS) {
    await pause(10)
    heard += (await crowd.ask({ kind: 'report' })).heard
  }
  return (used.user + used.system) / (SOCKETS * ROUNDS)
}

const ratios: number[] = []
const costs: number[] = []
const bareCosts: number[] = []
for (let pair = 0; pair <= PAIRS; pair++) {
  const [first, second] = pair % 2 === 0 ? [ours, bare] : [bare, ours]
  const one = await cpuOf(first)
  const two = await cpuOf(second)
  if (pair === 0) continue
  const [mine, theirs] = pair % 2 === 0 ? [one, two] : [two, one]
  costs.push(mine)
  bareCosts.push(theirs)
  ratios.push(mine / theirs)
}
const ratio = median(ratios)
printTable(`One session, ${SOCKETS.toLocaleString('en-US')} watchers`, [
  {
    what: 'CPU of the server for one delivery',
    ours: figure(median(costs), 'us'),
    baseline: `bare emit ${figure(median(bareCosts), 'us')}, ratio ${figure(ratio)} (${PAIRS} pairs)`,
    bound: 'at most 1.1 times',
    holds: ratio <= 1.1,
  },
  {
    what: 'memory of the server for these connections',
    ours: `heap ${figure(heapOfSockets / 2 ** 20, 'MB')}, resident ${figure(rssOfSockets / 2 ** 20, 'MB')}`,
    bound: 'under 100 MB (S2-90)',
    holds: rssOfSockets < 100 * 2 ** 20,
  },
])
tracker.completeSession(id)

// 1,000 sessions, each with its own watcher, ten updates a second each.
const RATE_MS = 100
const SECONDS = 3
const TURNS = 3
const ids = Array.from({ length: SOCKETS }, () => tracker.createSession({ operation: 'load' }, { owner: 'ada' }))
await crowd.ask({ kind: 'join', ids })

interface Line {
  readonly latencies: number[]
  readonly perSecond: number[]
}

async function endToEnd(line: Line, send: (index: number, stamp: string) => void): Promise<void> {
  await crowd.ask({ kind: 'report' })
  const start = performance.now()
  await paced({ count: SOCKETS, everyMs: RATE_MS, seconds: SECONDS }, send)
  const took = (performance.now() - start) / 1_000
  await pause(500)
  const { heard, latencies } = await crowd.ask({ kind: 'report' })
  for (const latency of latencies) line.latencies.push(latency)
  line.perSecond.push(heard / took)
}

const sockets = [...io.sockets.sockets.values()]
const lines: Line = { latencies: [], perSecond: [] }
const beside: Line = { latencies: [], perSecond: [] }
for (let turn = 0; turn < TURNS; turn++) {
  await endToEnd(lines, (index, stamp) => tracker.updateProgress(ids[index] ?? '', 1, stamp))
  await endToEnd(beside, (index, stamp) => sockets[index]?.emit('progress-update', { ...payload, message: stamp }))
}
const p99 = percentile(lines.latencies, 0.99)
printTable(`${SOCKETS.toLocaleString('en-US')} connections, each with a session of its own at 10 updates a second`, [
  {
    what: 'from the update to the callback, p50 / p99 / max',
    ours: spread(lines.latencies),
    baseline: `bare ${spread(beside.latencies)}`,
    bound: 'p99 under 50 ms (S2-87)',
    holds: p99 < 50,
  },
  {
    what: 'delivered a second',
    ours: figure(median(lines.perSecond)),
    baseline: figure(median(beside.perSecond)),
    bound: 'over 1,000 (S2-89)',
    holds: median(lines.perSecond) > 1_000,
  },
])
for (const each of ids) tracker.completeSession(each)
await crowd.end()

// One watcher of 500 sessions of his own, by one list.
const OWN = 500
const WINDOWS = 20
const own = Array.from({ length: OWN }, () => tracker.createSession({ operation: 'own' }, { owner: 'bob' }))
const bob = client(url, { transports: ['websocket'], auth: { token: 'bob' } })
await new Promise<void>((resolve) => bob.once('connect', resolve))
let packets = 0
let told = 0
bob.on('progress-batch', ({ sessions }: { sessions: readonly unknown[] }) => {
  packets += 1
  told += sessions.length
})
await bob.emitWithAck('list-progress', {})
for (let window = 1; window <= WINDOWS; window++) {
  for (const each of own) tracker.updateProgress(each, window)
  await pause(LIMITS.throttleMs + 10)
}
await pause(300)
const one = OWN * WINDOWS
printTable(`One watcher of ${OWN} sessions of his own`, [
  {
    what: `packets for ${WINDOWS} rounds of updates`,
    ours: `${packets} (with ${figure(told)} states)`,
    baseline: `${figure(one)} with one emit per session`,
    bound: 'at most a tenth',
    holds: packets > 0 && packets <= one / 10 && told >= OWN,
  },
])
bob.close()
