// 87: sockets that come, join, leave and go, again and again: what they leave behind in the server, beside bare Socket.IO.
import { Crowd } from '../bench/crowd'
import { pick } from '../bench/short'
import { figure, printTable } from '../bench/table'
import type { Look } from './host'
import { Hosted } from './hosted'

const SOCKETS = pick(1_000, 200)
const ROUNDS = pick(100, 3)
/** Keys of those who counted against a limit are remembered for a minute, 10,000 at most. */
const REST_MS = pick(61_000, 500)

async function cycles(kind: 'ours' | 'bare') {
  using host = await Hosted.start({ kind })
  using crowd = new Crowd()
  const { ids } = await host.ask({ kind: 'make', count: 100, bytes: 200 })
  const round = async () => {
    await crowd.ask({ kind: 'connect', url: host.url, count: SOCKETS })
    await crowd.ask({ kind: 'join', ids })
    await crowd.ask({ kind: 'leave', ids })
    await crowd.ask({ kind: 'disconnect' })
    await host.until(({ engines }) => engines === 0, 30_000)
  }
  /** One more comes and goes: what is too old is looked for when somebody asks for something. */
  const rest = async () => {
    await new Promise((resolve) => setTimeout(resolve, REST_MS))
    await crowd.ask({ kind: 'connect', url: host.url, count: 1 })
    await crowd.ask({ kind: 'join', ids })
    await crowd.ask({ kind: 'disconnect' })
    return (await host.until(({ engines }) => engines === 0, 30_000)).look
  }
  await round() // until the code is warm
  const before = await rest()
  for (let done = 0; done < ROUNDS; done++) await round()
  const after = await rest()
  return { before, after, grown: after.heap - before.heap }
}

/** Timers and sockets. */
function waiting({ resources }: Look): number {
  return (resources['Timeout'] ?? 0) + (resources['TCPSocketWrap'] ?? 0)
}

const [ours, bare] = await Promise.all([cycles('ours'), cycles('bare')])
const left = ({ before, after }: typeof ours) =>
  `${after.rooms - before.rooms}, ${after.sids - before.sids}, ${Math.max(0, waiting(after) - waiting(before))}`
printTable(`87: ${figure(SOCKETS)} sockets connect, join, leave and disconnect, ${ROUNDS} times`, [
  {
    what: 'heap grown',
    ours: figure(ours.grown / 2 ** 20, 'MB'),
    baseline: `bare ${figure(bare.grown / 2 ** 20, 'MB')}`,
    bound: 'under 2 MB',
    holds: ours.grown < 2 * 2 ** 20,
  },
  {
    what: 'more than before: rooms, ids, timers and sockets',
    ours: left(ours),
    baseline: `bare ${left(bare)}`,
    bound: '0, 0, 0',
    holds: left(ours) === '0, 0, 0',
  },
])
