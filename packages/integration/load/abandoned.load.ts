// 8: polling handshakes that nobody goes on with: how long the server holds them, beside bare Socket.IO, and what the others
// notice.
import { LIMITS } from '@progress/protocol/wire'
import { Crowd } from '../bench/crowd'
import { isShort, pick } from '../bench/short'
import { figure, printTable } from '../bench/table'
import { ask, POLL } from '../support/socketClients'
import type { HostOptions } from './host'
import { Hosted } from './hosted'

const COUNT = pick(5_000, 100)
/** In the short form our server's clock is faster: what takes it half a minute is over in one and a half seconds. */
const SPEED = pick(1, 20)
const FREED_MS = LIMITS.authenticateMs / SPEED + 2_500
const AT_ONCE = 50

async function abandon(options: HostOptions) {
  using host = await Hosted.start(options)
  using viewer = new Crowd()
  await viewer.ask({ kind: 'connect', url: host.url, count: 1 })
  const { ids } = await host.ask({ kind: 'make', count: 1, bytes: 0 })
  const { heap: before } = await host.look()
  await viewer.ask({ kind: 'join', ids })
  await host.ask({ kind: 'offer', everyMs: 200 })
  for (let from = 0; from < COUNT; from += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => ask(host.url, POLL)))
  }
  const held = await host.look()
  await viewer.ask({ kind: 'report' }) // what it hears from here on, it hears beside them
  const { look: after, tookMs } = await host.until(({ engines }) => engines <= 1, 60_000)
  await host.ask({ kind: 'rest' })
  const { dropped, connected, heard } = await viewer.ask({ kind: 'report' })
  return {
    each: (held.heap - before) / COUNT,
    held: held.engines - 1,
    left: after.engines - 1,
    tookMs,
    viewer: dropped === 0 && connected === 1 && heard > 0,
  }
}

const ours = await abandon({ kind: 'ours', speed: SPEED })
const bare = isShort ? undefined : await abandon({ kind: 'bare' })
printTable(`8: ${figure(COUNT)} abandoned polling handshakes`, [
  {
    what: 'held; freed after; left then',
    ours: `${figure(ours.held)}, ${figure(ours.tookMs / 1_000, 's')}, ${ours.left}`,
    ...(bare && { baseline: `bare ${figure(bare.held)}, ${figure(bare.tookMs / 1_000, 's')}, ${bare.left}` }),
    bound: `some, at most ${figure(FREED_MS / 1_000, 's')}, 0`,
    holds: ours.held > 0 && ours.left === 0 && ours.tookMs <= FREED_MS,
  },
  {
    what: 'heap of each while it is held',
    ours: figure(ours.each / 1_024, 'kB'),
    ...(bare && { baseline: `bare ${figure(bare.each / 1_024, 'kB')}` }),
  },
  {
    what: 'a viewer stayed, and went on hearing',
    ours: ours.viewer ? 'yes' : 'no',
    bound: 'yes',
    holds: ours.viewer,
  },
])
