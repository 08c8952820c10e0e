// `npm run soak -- --minutes N`: visitors churn over a bad line while jobs come and go; a line of figures a minute, a verdict at
// the end. Fails where memory grows, something is left behind, or an end was lost or told twice.
import { parseArgs } from 'node:util'
import { figure, printTable } from '../bench/table'
import { growthOf, type Sample } from './growth'
import { type Look, Soak } from './soak'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    clients: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const [minutes, clients, seed] = [values.minutes, values.clients, values.seed].map(Number) as [number, number, number]
const runMs = minutes * 60_000
const sampleMs = Math.max(1_000, Math.min(10_000, runMs / 30))
const lineMs = Math.min(60_000, runMs / 5)
const longestMs = Math.min(30_000, runMs / 10)

const { soak, baseline } = await Soak.start({ clients, seed, longestMs })
const start = Date.now()
const samples: Sample[] = []
process.stdout.write(`Soak of ${figure(minutes, 'min')} with ${clients} clients, seed ${seed}\n`)
process.stdout.write(
  'time   heap     rss      rooms timers handles sessions here connected seen lost doubled wrong broken\n',
)

function line(look: Look): void {
  const { server } = look
  const cells = [
    [`${figure((Date.now() - start) / 60_000)}'`, 6],
    [figure(server.heap / 2 ** 20, 'MB'), 8],
    [figure(server.rss / 2 ** 20, 'MB'), 8],
    [server.rooms, 5],
    [server.timers, 6],
    [server.handles, 7],
    [server.sessions, 8],
    [look.here, 4],
    [look.connected, 9],
    [look.seen, 4],
    [look.lost, 4],
    [look.doubled, 7],
    [look.wrong, 5],
    [soak.broken, 6],
  ] as const
  process.stdout.write(`${cells.map(([value, width]) => String(value).padEnd(width)).join(' ')}\n`)
}

for (let nextLine = lineMs; Date.now() - start < runMs; ) {
  await new Promise((resolve) => setTimeout(resolve, sampleMs))
  const look = await soak.look()
  const atMs = Date.now() - start
  samples.push({ atMs, heap: look.server.heap })
  if (atMs < nextLine) continue
  line(look)
  nextLine += lineMs
}
const drained = await soak.drain(90_000)
line(drained)
const left = await soak.leave(
  ({ rooms, sockets, timers, handles }) =>
    rooms <= baseline.rooms && sockets === 0 && timers <= baseline.timers && handles <= baseline.handles,
  90_000,
)
await soak[Symbol.asyncDispose]()

const { first, last, count, holds } = growthOf(samples, runMs)
const faults = Object.entries(soak.faults).map(([name, count]) => `${name} ${count}`)
printTable(`9: a soak of ${figure(minutes, 'min')}, ${clients} clients that churn, ${figure(drained.visits)} visits`, [
  {
    what: 'heap after gc: median of the first third after warm-up, of the last',
    ours: `${figure(first / 2 ** 20, 'MB')}, ${figure(last / 2 ** 20, 'MB')}`,
    baseline: `of ${count} samples`,
    bound: 'at most 2 MB more',
    holds,
  },
  {
    what: 'ends told, lost, told twice, told wrong',
    ours: `${figure(drained.seen)}, ${drained.lost}, ${drained.doubled}, ${drained.wrong}`,
    bound: 'some, 0, 0, 0',
    holds: drained.seen > 0 && drained.lost + drained.doubled + drained.wrong === 0,
  },
  {
    what: 'other promises broken',
    ours: [soak.broken, ...soak.violations].join('; '),
    bound: '0',
    holds: soak.broken === 0,
  },
  {
    what: 'left when all have gone: visitors, jobs, rooms, sockets',
    ours: `${drained.here}, ${left.sessions}, ${left.rooms}, ${left.sockets}`,
    bound: '0',
    holds: drained.here + left.sessions + left.rooms + left.sockets === 0,
  },
  {
    what: 'timers, handles; before',
    ours: `${left.timers}, ${left.handles}; ${baseline.timers}, ${baseline.handles}`,
    bound: 'no more than before',
    holds: left.timers <= baseline.timers && left.handles <= baseline.handles,
  },
  { what: 'faults', ours: faults.join(', '), bound: 'some', holds: faults.length > 0 },
])
// All has ended, and what is left was counted above. Once this process did not end by itself after that, with Node 20.20.2; why is
// not known, perhaps for a socket that was reset while it was being shut down.
process.exit()
