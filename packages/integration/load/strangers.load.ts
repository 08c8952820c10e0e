// 7: hundreds of handshakes a second without a login: what those notice who are logged in, and what is left of it; beside bare
// Socket.IO, which refuses them in a middleware.
import { Child } from '../bench/child'
import { Crowd } from '../bench/crowd'
import { percentile } from '../bench/measure'
import { isShort, oneAfterTheOther, pick } from '../bench/short'
import { figure, printTable } from '../bench/table'
import { Hosted } from './hosted'

const VIEWERS = pick(200, 20)
const RATE = pick(500, 100)
const SECONDS = pick(30, 2)
const WARM_SECONDS = pick(5, 1)
const REST_MS = pick(60_000, 1_500)
/** In the short form our server's clock is faster: it looks after those whom it has refused for some seconds. */
const SPEED = pick(1, 10)
/** What a machine that is not idle anyway adds to a p99 of a millisecond. */
const NOISE_MS = 10

async function visited(kind: 'ours' | 'bare') {
  using host = await Hosted.start({ kind, speed: SPEED })
  using viewers = new Crowd()
  await viewers.ask({ kind: 'connect', url: host.url, count: VIEWERS })
  const { ids } = await host.ask({ kind: 'make', count: VIEWERS, bytes: 200 })
  await viewers.ask({ kind: 'join', ids })
  await host.ask({ kind: 'offer', everyMs: 250 })
  const listen = async (until: Promise<unknown>) => {
    await viewers.ask({ kind: 'report' })
    await until
    return percentile((await viewers.ask({ kind: 'report' })).latencies, 0.99)
  }
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const strangers = async (seconds: number) => {
    const args = [host.port, RATE, seconds].map(String)
    using child = new Child<object, { readonly refused: number }>(new URL('strangers.ts', import.meta.url), args)
    return await child.ask({})
  }
  await strangers(WARM_SECONDS) // until the code is warm
  await pause(10_000 / SPEED)
  const before = await host.look()
  const quiet = await listen(pause((SECONDS * 1_000) / 2))
  const asked = strangers(SECONDS)
  const busy = await listen(asked)
  const { refused } = await asked
  await pause(REST_MS)
  const { look: after } = await host.until(({ engines }) => engines <= VIEWERS, 20_000)
  return {
    quiet,
    busy,
    refused,
    grown: after.heap - before.heap,
    left: after.engines - VIEWERS,
  }
}

const [ours, bare] = await oneAfterTheOther(visited)
printTable(`7: ${RATE} handshakes a second without a login, for ${SECONDS} s, beside ${VIEWERS} viewers`, [
  {
    what: 'p99 from the update to the callback: before, meanwhile',
    ours: `${figure(ours.quiet)}, ${figure(ours.busy, 'ms')}`,
    baseline: `bare ${figure(bare.quiet)}, ${figure(bare.busy, 'ms')}`,
    ...(!isShort && {
      bound: `less than doubled, or within ${NOISE_MS} ms`,
      holds: ours.busy < 2 * ours.quiet || ours.busy < NOISE_MS,
    }),
  },
  {
    what: 'refused',
    ours: figure(ours.refused),
    baseline: `bare ${figure(bare.refused)}`,
    bound: `all ${figure(RATE * SECONDS)}`,
    holds: ours.refused === RATE * SECONDS,
  },
  {
    what: `connections left ${figure(REST_MS / 1_000, 's')} later, heap grown`,
    ours: `${ours.left}, ${figure(ours.grown / 2 ** 20, 'MB')}`,
    baseline: `bare ${bare.left}, ${figure(bare.grown / 2 ** 20, 'MB')}`,
    bound: '0, under 2 MB',
    holds: ours.left === 0 && ours.grown < 2 * 2 ** 20,
  },
])
