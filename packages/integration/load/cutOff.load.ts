// 6: thousands of clients whose connections are all reset at once: when each is right again, how many come in a second, and
// what that asks of the backend, also where another process writes the session.
import { Crowd } from '../bench/crowd'
import { percentile } from '../bench/measure'
import { pick } from '../bench/short'
import { figure, printTable, type Row } from '../bench/table'
import { freePort } from '../support/freePort'
import { Herd } from '../support/herd'
import { Hosted } from './hosted'

const CLIENTS = pick(2_000, 50)
const PROCESSES = pick(4, 1)
const BOUND_MS = 10_000

async function cutOff(isElsewhere: boolean) {
  using herd = await Herd.start({ port: await freePort(), clients: CLIENTS, processes: PROCESSES, isElsewhere })
  const { at } = await herd.cut()
  const right = await herd.until(({ rightAt, isConnected }) => rightAt > 0 && isConnected)
  const { queries, arrivals } = await herd.counts()
  return {
    rightMs: right.map(({ rightAt }) => rightAt - at),
    pushMs: arrivals.map((arrivedAt) => arrivedAt - at),
    broken: right.reduce((sum, { violations }) => sum + violations, 0),
    queries,
  }
}

/** socket.io-client's own way back. */
async function bareCutOff() {
  using host = await Hosted.start({ kind: 'bare' })
  using crowd = new Crowd()
  await crowd.ask({ kind: 'connect', url: host.url, count: CLIENTS, reconnects: true })
  await host.ask({ kind: 'cut' })
  const { look } = await host.until(({ arrivals }) => arrivals.length >= CLIENTS, 60_000)
  return look.arrivals
}

/** Most within a second. */
function peak(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b)
  let from = 0
  let most = 0
  for (const [to, time] of sorted.entries()) {
    while (time - (sorted[from] ?? 0) > 1_000) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

const bare = await bareCutOff()
for (const isElsewhere of [false, true]) {
  const { rightMs, pushMs, broken, queries } = await cutOff(isElsewhere)
  const rows: readonly Row[] = [
    {
      what: 'state right, min / median / p99 / max',
      ours: spread(rightMs),
      bound: 'all within 10 s',
      holds: rightMs.length >= CLIENTS && Math.max(...rightMs) <= BOUND_MS,
    },
    { what: 'push again', ours: spread(pushMs), baseline: `socket.io-client ${spread(bare)}, and no state` },
    {
      what: 'most that came within a second',
      ours: figure(peak(pushMs)),
      baseline: `socket.io-client ${figure(peak(bare))}`,
    },
    {
      what: 'questions to the backend for each client and session',
      ours: figure(queries / CLIENTS),
      bound: 'at most 1',
      holds: queries <= CLIENTS,
    },
    { what: 'promises broken', ours: String(broken), bound: '0', holds: broken === 0 },
  ]
  const whose = isElsewhere ? 'another process writes the session' : 'the server writes the session'
  printTable(`6: ${figure(CLIENTS)} clients cut off at once; ${whose}`, rows)
}

function spread(all: readonly number[]): string {
  return `${[0, 0.5, 0.99, 1].map((share) => figure(percentile(all, share) / 1_000)).join(' / ')} s`
}
