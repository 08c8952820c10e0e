// `npm run faults [-- --runs N] [--seed S] [--at-once N]`: runs over real sockets through a line that breaks, ours and a
// baseline; prints what came of them, by kind of fault, and fails where a bound does not hold.
import { type ChildProcess, fork } from 'node:child_process'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Outcome } from './play'
import { printReport } from './report'
import type { Ask, Told } from './worker'

const FLAGS = { execArgv: ['--conditions=@progress/source', '--import', 'tsx'] }
const LOOK_MS = 10_000
/** The baseline takes its time to fail: fewer of it are enough. */
const BARE_SHARE = 0.1

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '200' },
  },
})
const [runs, seed] = [count(values.runs), count(values.seed)]
const atOnce = count(values['at-once'])
const processes = Math.max(1, cpus().length - 1)

const began = performance.now()
const ours = await playAll('ours', runs)
const tookMs = performance.now() - began
const bare = await playAll('bare', Math.ceil(runs * BARE_SHARE))
printReport({ ours: ours.outcomes, bare: bare.outcomes, leftovers: ours.leftovers, seed, atOnce, processes, tookMs })

async function playAll(party: Ask['party'], some: number) {
  const outcomes: Outcome[] = []
  const leftovers: string[] = []
  const workers = Math.min(processes, some)
  const timer = setInterval(() => process.stderr.write(`${party}: ${outcomes.length} of ${some}\n`), LOOK_MS)
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      const seeds = Array.from({ length: some }, (_each, run) => seed + run).filter(
        (_each, run) => run % workers === worker,
      )
      const child = fork(new URL('worker.ts', import.meta.url), FLAGS)
      child.send({ party, seeds, atOnce: Math.ceil(Math.min(atOnce, some) / workers) } satisfies Ask)
      await heard(child, (told) => {
        if (told.kind === 'outcome') outcomes.push(told.outcome)
        else leftovers.push(...told.leftovers)
      })
    }),
  )
  clearInterval(timer)
  return { outcomes, leftovers }
}

/** Resolves when the worker is done; rejects where it died before. */
function heard(child: ChildProcess, hear: (told: Told) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isDone = false
    child.on('message', (told: Told) => {
      isDone ||= told.kind === 'done'
      hear(told)
    })
    child.on('exit', (code) => (isDone ? resolve() : reject(new Error(`a worker died: ${code}`))))
  })
}

function count(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1) return number
  throw new TypeError(`${text}: a whole number is wanted, 1 or more`)
}
