// What a durable backend costs the process that runs the jobs: 1,000 live sessions at 10 updates a second, over a SQLite file
// and over memory; and how long the event loop stands still meanwhile.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Backend, memory, ProgressTracker } from '@progress/server'
import { sqlite } from '@progress/server/sqlite'
import Database from 'libsql'
import { median } from './measure'
import { figure, printTable } from './table'

const SESSIONS = 1_000
const RATE_MS = 100
const ROUNDS = 50
const TURNS = 3
/** The delay is measured by a timer of this length: it is taken off. */
const RESOLUTION_MS = 1

interface Line {
  readonly stalls: number[]
  readonly cpu: number[]
  readonly written: number[]
  readonly flushes: number[]
}

const folder = mkdtempSync(join(tmpdir(), 'sqlite-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** @param together all jobs report in one moment, else each in its own */
async function run(backend: Backend, line: Line, together: boolean): Promise<void> {
  let written = 0
  const stop = await backend.listen(
    () => written++,
    () => {},
  )
  const tracker = new ProgressTracker({ backend })
  const ids = Array.from({ length: SESSIONS }, (_, index) =>
    tracker.createSession(
      { operation: 'csv-import', filename: `customers-${index}.csv` },
      { owner: 'ada', total: 1e6 },
    ),
  )
  await tracker.flush()
  await pause(200)
  written = 0
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  const cpu = process.cpuUsage()
  const start = performance.now()
  delay.enable()
  for (let round = 1; round <= ROUNDS; round++) {
    const slices = together ? 1 : 10
    for (let slice = 0; slice < slices; slice++) {
      for (let index = slice; index < SESSIONS; index += slices) {
        tracker.updateProgress(ids[index] ?? '', round, `row ${round * 1_000 + index}`)
      }
      const due = start + (round - 1) * RATE_MS + ((slice + 1) * RATE_MS) / slices
      await pause(Math.max(0, due - performance.now()))
    }
  }
  delay.disable()
  const seconds = (performance.now() - start) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  line.stalls.push(delay.max / 1e6 - RESOLUTION_MS)
  line.cpu.push((user + system) / 1e4 / seconds)
  line.written.push(written / seconds)
  const flushing = performance.now()
  for (const id of ids) tracker.completeSession(id)
  await tracker.flush()
  line.flushes.push(performance.now() - flushing)
  stop()
  await tracker.close()
  await backend.close()
}

const newLine = (): Line => ({ stalls: [], cpu: [], written: [], flushes: [] })
let files = 0

for (const together of [false, true]) {
  const [ours, beside, shared] = [newLine(), newLine(), newLine()]
  for (let turn = 0; turn < TURNS; turn++) {
    const database = new Database(join(folder, `${files++}.db`))
    await run(sqlite(database), ours, together)
    database.close()
    await run(memory(), beside, together)
    const both = [0, 1].map(() => new Database(join(folder, `${files}.db`)))
    files += 1
    const [own, other] = both.map((one) => sqlite(one))
    if (!own || !other) throw new Error('not reached')
    await other.listen(
      () => {},
      () => {},
    )
    await run(own, shared, together)
    await other.close()
    for (const one of both) one.close()
  }
  const when = together ? 'all in one moment' : 'each in its own moment'
  const stall = median(ours.stalls)
  printTable(`${SESSIONS.toLocaleString('en-US')} live sessions over SQLite at 10 updates a second, ${when}`, [
    {
      what: 'longest the event loop stood still, in each of the runs',
      ours: all(ours.stalls, 'ms'),
      baseline: `memory ${all(beside.stalls, 'ms')}`,
      bound: 'under 20 ms (their median)',
      holds: stall < 20,
    },
    {
      what: 'the same while a second process listens (here: in this one)',
      ours: all(shared.stalls, 'ms'),
      baseline: '',
    },
    {
      what: 'states written a second',
      ours: figure(median(ours.written)),
      baseline: `memory ${figure(median(beside.written))}`,
      bound: 'at least 9,000',
      holds: median(ours.written) >= 9_000,
    },
    {
      what: 'one core in use',
      ours: `${figure(median(ours.cpu))} %, with a listener ${figure(median(shared.cpu))} %`,
      baseline: `memory ${figure(median(beside.cpu))} %`,
    },
    {
      what: `${SESSIONS.toLocaleString('en-US')} ends and a flush`,
      ours: figure(median(ours.flushes), 'ms'),
      baseline: `memory ${figure(median(beside.flushes), 'ms')}`,
    },
  ])
}

function all(values: readonly number[], unit: string): string {
  return `${[...values]
    .sort((a, b) => a - b)
    .map((value) => figure(value))
    .join(' / ')} ${unit}`
}
