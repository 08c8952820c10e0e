// 93: readers that stall while each is sent 4 kB ten times a second, and come back whenever they are cut off: how the server's
// memory grows, beside bare Socket.IO, which is let go of where it is over the bound.
import { Child } from '../bench/child'
import { oneAfterTheOther, pick } from '../bench/short'
import { figure, printTable } from '../bench/table'
import { Hosted } from './hosted'
import type { StallAsk } from './stalledReaders'

const READERS = pick(1_000, 5)
/** What the system itself holds for a connection has to be filled first: in the short form each watches more. */
const EACH = pick(1, 90)
const MINUTES = pick(5, 0.08)
const STATE_BYTES = 4_000
const CAP = 2 ** 20
/** What a server needs that does nothing but encode. */
const OWN_BYTES = 100 * 2 ** 20
const BOUND = READERS * CAP + OWN_BYTES

async function stalled(kind: 'ours' | 'bare') {
  using host = await Hosted.start({ kind })
  using readers = new Child<StallAsk, object>(new URL('stalledReaders.ts', import.meta.url))
  const { ids } = await host.ask({ kind: 'make', count: Math.max(READERS, EACH), bytes: STATE_BYTES })
  await host.ask({ kind: 'offer', everyMs: 100 })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const before = await host.look()
  let { rss: most, held: mostHeld } = before
  let opened = 0
  const start = performance.now()
  let tookMs = 0
  while (tookMs < MINUTES * 60_000 && (kind === 'ours' || most - before.rss < BOUND)) {
    const { sockets, rss, held } = await host.look()
    most = Math.max(most, rss)
    mostHeld = Math.max(mostHeld, held)
    const more = READERS - sockets
    if (more > 0) await readers.ask({ port: host.port, more, ids, each: EACH })
    opened += Math.max(0, more)
    await new Promise((resolve) => setTimeout(resolve, 500))
    tookMs = performance.now() - start
  }
  return { grown: most - before.rss, mostHeld, tookMs, cut: opened - READERS }
}

const [ours, bare] = await oneAfterTheOther(stalled)
const grew = ({ grown, tookMs }: Awaited<ReturnType<typeof stalled>>) =>
  `${figure(grown / 2 ** 20, 'MB')} within ${figure(tookMs / 1_000, 's')}`
printTable(`93: ${figure(READERS)} stalled readers, each of ${EACH} x 4 kB ten times a second`, [
  {
    what: 'resident memory grown by',
    ours: grew(ours),
    baseline: `bare ${grew(bare)}`,
    bound: `at most ${figure(BOUND / 2 ** 20, 'MB')}: 1 MB for each, and the server's own`,
    holds: ours.grown <= BOUND,
  },
  {
    what: 'most held for one of them',
    ours: figure(ours.mostHeld / 1_024, 'kB'),
    baseline: `bare ${figure(bare.mostHeld / 1_024, 'kB')}`,
    bound: 'at most 1,024 kB, and more without us',
    holds: ours.mostHeld <= CAP && bare.mostHeld > ours.mostHeld,
  },
  { what: 'cut off, and came back', ours: figure(ours.cut), baseline: `bare ${figure(bare.cut)}` },
])
