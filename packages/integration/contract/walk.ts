// Runs of the model in workers, as many as there is room for: a number of runs and a seed come in, what they did and what was
// found comes out.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { DeliveryReport } from '@progress/server/conformance'
import type { PlantedBug } from './bugs'
import type { Work } from './runner'
import { testBuild } from './testBuild'

/** A run takes a few milliseconds: one in which nothing has come to an end by then goes round in a circle. */
const CIRCLE_MS = 20_000
/** So many runs have one seed: a seed and a place in it are enough to find a run again. */
const CHUNK = 500

/** Runs of the model. Of a failure the first is told, and no new chunk is begun after it. */
export async function walk(runs: number, seed: number, workers = availableParallelism()): Promise<DeliveryReport> {
  await using built = await testBuild()
  const chunks = Array.from({ length: Math.ceil(runs / CHUNK) }, (_, at) => ({
    runs: Math.min(CHUNK, runs - at * CHUNK),
    seed: seed + at,
  }))
  let total: DeliveryReport | undefined
  await inTurns(chunks, workers, async (chunk) => {
    if (total?.failure) return
    const report = (await inWorker(built.file, chunk)) as DeliveryReport
    total = total ? sum(total, report) : report
  })
  if (!total) throw new TypeError('at least one run')
  return total
}

/** Looks for a planted bug, in so many runs at most. */
export async function hunt(bug: PlantedBug, runs: number, seed: number): Promise<DeliveryReport> {
  await using built = await testBuild(bug)
  const report = inWorker(built.file, { runs, seed }) as Promise<DeliveryReport>
  return await report.catch((error: unknown): DeliveryReport => {
    // A bug may also keep a run from ever coming to an end.
    if (!(error instanceof Circle)) throw error
    return { seed, runs, commands: {}, checks: {}, failure: { run: error.run, sentence: error.message, script: '' } }
  })
}

/** A run that never ends. */
class Circle extends Error {
  readonly run: number

  constructor(run: number, seed: number) {
    super(`run ${run} of seed ${seed} goes round in a circle`)
    this.run = run
  }
}

/** Runs a run again that is written down; what does not hold, or `null`. */
export async function replay(scripts: readonly string[]): Promise<readonly (string | null)[]> {
  await using built = await testBuild()
  const found: (string | null)[] = []
  for (const script of scripts) found.push((await inWorker(built.file, { runs: 1, seed: 0, script })) as string | null)
  return found
}

/** Does all of it, so much of it at the same time. */
export async function inTurns<T>(items: readonly T[], width: number, act: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const take = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await act(next)
  }
  await Promise.all(Array.from({ length: width }, take))
}

async function inWorker(file: string, work: Omit<Work, 'begun'>): Promise<unknown> {
  const begun = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const worker = new Worker(file, { workerData: { ...work, begun } satisfies Work })
  let watch: NodeJS.Timeout | undefined
  try {
    return await new Promise((resolve, reject) => {
      let before = 0
      watch = setInterval(() => {
        const run = Atomics.load(begun, 0)
        if (run === before) reject(run === 0 ? new Error('no run has begun') : new Circle(run, work.seed))
        before = run
      }, CIRCLE_MS)
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the worker has ended without a word')))
    })
  } finally {
    clearInterval(watch)
    await worker.terminate()
  }
}

function sum(a: DeliveryReport, b: DeliveryReport): DeliveryReport {
  const failure = a.failure ? a : b.failure ? b : undefined
  return {
    ...a,
    runs: a.runs + b.runs,
    commands: added(a.commands, b.commands),
    checks: added(a.checks, b.checks),
    ...(failure?.failure && { failure: failure.failure, seed: failure.seed }),
  }
}

function added(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.keys(a).map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]))
}
