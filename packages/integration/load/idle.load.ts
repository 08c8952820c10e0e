// 4: sockets that only stay, ours and bare Socket.IO's at the same time: how many are dropped, and what each takes.
import { Crowd } from '../bench/crowd'
import { isShort, pick } from '../bench/short'
import { figure, printTable } from '../bench/table'
import { openFilesLimit } from './files'
import { Hosted } from './hosted'

const WANTED = pick(10_000, 500)
const HELD_MS = pick(600_000, 4_000)
/** Pings have to be answered, in the short form, too. */
const PING_MS = pick(25_000, 1_000)
/** Files that a process has open beside its sockets. */
const OTHER_FILES = 200

const count = Math.min(WANTED, openFilesLimit() - OTHER_FILES)

async function hold(kind: 'ours' | 'bare') {
  using host = await Hosted.start({ kind, pingInterval: PING_MS })
  using crowd = new Crowd()
  const before = await host.look()
  for (let from = 0; from < count; from += 1_000) {
    await crowd.ask({ kind: 'connect', url: host.url, count: Math.min(1_000, count - from) })
  }
  const full = await host.look()
  await new Promise((resolve) => setTimeout(resolve, HELD_MS))
  const { connected, dropped } = await crowd.ask({ kind: 'report' })
  const after = await host.look()
  await crowd.end()
  const { look: left } = await host.until(({ engines }) => engines === 0, 10_000)
  return {
    stayed: Math.min(connected, after.sockets),
    dropped,
    rss: (full.rss - before.rss) / count,
    rssAfter: (after.rss - before.rss) / count,
    heap: (full.heap - before.heap) / count,
    left,
  }
}

const [ours, bare] = await Promise.all([hold('ours'), hold('bare')])
printTable(`4: ${figure(count)} idle sockets, held for ${figure(HELD_MS / 60_000, 'min')}`, [
  {
    what: 'still connected, and dropped meanwhile',
    ours: `${figure(ours.stayed)}, ${ours.dropped}`,
    baseline: `bare ${figure(bare.stayed)}, ${bare.dropped}`,
    bound: `all of ${figure(WANTED)}, and 0`,
    holds: ours.stayed === WANTED && ours.dropped === 0,
  },
  {
    what: 'resident memory of the server for each, and at the end',
    ours: `${figure(ours.rss / 1_024, 'kB')}, ${figure(ours.rssAfter / 1_024, 'kB')}`,
    baseline: `bare ${figure(bare.rss / 1_024, 'kB')}, ${figure(bare.rssAfter / 1_024, 'kB')}`,
    ...(!isShort && { bound: 'under 40 kB', holds: Math.max(ours.rss, ours.rssAfter) < 40 * 1_024 }),
  },
  {
    what: 'heap of the server for each',
    ours: figure(ours.heap / 1_024, 'kB'),
    baseline: `bare ${figure(bare.heap / 1_024, 'kB')}`,
  },
  {
    what: 'rooms and ids that are left when all have gone',
    ours: `${ours.left.rooms}, ${ours.left.sids}`,
    baseline: `bare ${bare.left.rooms}, ${bare.left.sids}`,
    bound: '0',
    holds: ours.left.rooms === 0 && ours.left.sids === 0,
  },
])
