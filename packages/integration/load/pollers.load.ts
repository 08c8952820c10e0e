// 10: a thousand clients that poll every two seconds, for sessions of which nothing is new: what they cost the server, beside a
// handler that answers with the whole state.
import { Child } from '../bench/child'
import { isShort, oneAfterTheOther, pick } from '../bench/short'
import { figure, printTable } from '../bench/table'
import { Hosted } from './hosted'

const POLLERS = pick(1_000, 100)
const EVERY_MS = pick(2_000, 500)
const SECONDS = pick(30, 2)
const SESSIONS = 100
const WARM_EVERY_MS = pick(400, 500)
const WARM_SECONDS = pick(20, 1)

type Statuses = Readonly<Record<string, number>>

async function polled(kind: 'ours' | 'bare') {
  using host = await Hosted.start({ kind })
  const { ids } = await host.ask({ kind: 'make', count: SESSIONS, bytes: 1_000 })
  const poll = async (everyMs: number, seconds: number) => {
    const args = [host.port, POLLERS, everyMs, seconds, ...ids].map(String)
    using pollers = new Child<object, Statuses>(new URL('pollers.ts', import.meta.url), args)
    return await pollers.ask({})
  }
  await poll(WARM_EVERY_MS, WARM_SECONDS) // what is measured is a server that has run for a while, and no collector was forced on
  const before = await host.ask({ kind: 'glance' })
  const statuses = await poll(EVERY_MS, SECONDS)
  const { cpuMs } = await host.ask({ kind: 'glance' })
  return { statuses, core: (cpuMs - before.cpuMs) / (SECONDS * 1_000) }
}

const [ours, bare] = await oneAfterTheOther(polled)
const rounds = (SECONDS * 1_000) / EVERY_MS
const unchanged = POLLERS * (rounds - 1)
printTable(`10: ${figure(POLLERS)} pollers, each every ${EVERY_MS / 1_000} s, for ${SECONDS} s`, [
  {
    what: 'share of one core',
    ours: figure(100 * ours.core, '%'),
    baseline: `bare ${figure(100 * bare.core, '%')}`,
    ...(!isShort && { bound: 'at most 5 %', holds: ours.core <= 0.05 }),
  },
  {
    what: 'answers: the whole state, 304',
    ours: `${ours.statuses[200]}, ${ours.statuses[304]}`,
    baseline: `bare ${bare.statuses[200]}, ${bare.statuses[304] ?? 0}`,
    bound: 'the state once for each, else 304',
    holds: ours.statuses[200] === POLLERS && ours.statuses[304] === unchanged,
  },
])
