// 500 clients of a server that is killed and started again: when each of them shows the new truth, and when push stands.
import { freePort } from '../support/freePort'
import { Herd } from '../support/herd'
import { percentile } from './measure'
import { figure, printTable, type Row } from './table'

const CLIENTS = 500
const BOUND_MS = 5_000
const BUCKET_MS = 500

using herd = await Herd.start({ port: await freePort(), clients: CLIENTS, processes: 2 })

for (const downMs of [500, 8_000]) {
  await herd.forget()
  await herd.kill()
  await new Promise((resolve) => setTimeout(resolve, downMs))
  const at = await herd.up()
  const right = await herd.until(({ rightAt }) => rightAt > 0)
  const reports = await herd.until(({ isConnected, connectedAt }) => isConnected && connectedAt > 0, 120_000)
  const rightMs = right.map(({ rightAt }) => rightAt - at)
  const pushMs = reports.map(({ connectedAt }) => connectedAt - at)
  const broken = reports.reduce((sum, { violations }) => sum + violations, 0)
  printTable(`${CLIENTS} clients, the server killed, and gone for ${figure(downMs / 1_000)} s and its own start`, [
    {
      what: 'state right after its return, min / median / p99 / max',
      ours: spread(rightMs),
      baseline: histogram(rightMs),
      bound: 'all within 5 s (S2-88)',
      holds: Math.max(...rightMs) <= BOUND_MS,
    },
    {
      what: 'push again, min / median / p99 / max',
      ours: spread(pushMs),
      baseline: histogram(pushMs),
      bound: 'all within 5 s (S2-88)',
      holds: Math.max(...pushMs) <= BOUND_MS,
    },
    { what: 'promises broken', ours: String(broken), bound: '0', holds: broken === 0 },
  ] satisfies readonly Row[])
  // Those that have stood for a while dial at once, the next time.
  await new Promise((resolve) => setTimeout(resolve, 2_500))
}

function spread(all: readonly number[]): string {
  return `${[0, 0.5, 0.99, 1].map((share) => figure(percentile(all, share) / 1_000)).join(' / ')} s`
}

/** How many in each half second: a crowd that comes in one is a herd. */
function histogram(all: readonly number[]): string {
  const counts: number[] = Array.from({ length: Math.floor(Math.max(...all) / BUCKET_MS) + 1 }, () => 0)
  for (const ms of all) {
    const bucket = Math.max(0, Math.floor(ms / BUCKET_MS))
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  return `in each half second: ${counts.join(' ')}`
}
