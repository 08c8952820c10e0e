// Runs the model over a backend and a kind of viewer, and reports what it did and what it found. fast-check is asked for
// when it runs, so that whoever never runs it need not have it.
import type { Clock } from '@progress/protocol'
import type * as FastCheck from 'fast-check'
import type { Backend } from '../../backend/contract'
import { COMMANDS } from './commands'
import { heal, quiet } from './ending'
import { MIXTURES, type Theme } from './kinds'
import { ReferenceViewer } from './referenceViewer'
import { type Counts, noCounts, Tally } from './tally'
import type { Viewer, ViewerPlace } from './viewer'
import { World } from './world'

/** What is put to the test, and how long. */
export interface DeliveryOptions {
  /** A handle on an empty store. The clock is the run's: a store that counts time by another is left out of what hangs on time. */
  readonly backend: (clock: Clock) => Backend | Promise<Backend>
  /** Another handle on the store that was made last, as another process has it. Absent: the same handle. */
  readonly peer?: (clock: Clock) => Backend | Promise<Backend>
  /** Who looks on. Default: the smallest viewer that keeps the protocol. */
  readonly viewer?: (place: ViewerPlace) => Viewer
  /** How many runs. Default 200. */
  readonly runs?: number
  /** Default: a new one each time; a failure says which. */
  readonly seed?: number
  /** Longest run, in commands. Default 60. */
  readonly commands?: number
  /** How long what one process tells may take to be heard by the others, in real milliseconds. Default 0: no time at all. */
  readonly hearMs?: number
}

/** What came of it. */
export interface DeliveryReport extends Counts {
  readonly seed: number
  readonly runs: number
  /** Absent where everything held. */
  readonly failure?: {
    /** The run in which it was found. */
    readonly run: number
    readonly sentence: string
    /** The shortest run that was found to show it, as `replayDelivery` takes it. */
    readonly script: string
  }
}

/** Runs the model. Resolves also where something does not hold; rejects where fast-check is missing. */
export async function checkDelivery(options: DeliveryOptions): Promise<DeliveryReport> {
  const fc = await load()
  const counts = noCounts(Object.keys(COMMANDS))
  const { commands: maxCommands = 60 } = options
  let run = 0
  let failedAt = 0
  const property = fc.asyncProperty(
    fc.oneof(...MIXTURES.map((themes) => fc.commands(stepsOf(fc, themes), { maxCommands, size: 'max' }))),
    async (commands) => {
      run += 1
      try {
        await live(options, new Tally(counts), (world) => {
          return fc.asyncModelRun(() => ({ model: world, real: world }), commands)
        })
      } catch (error) {
        failedAt ||= run
        throw error
      }
    },
  )
  const { runs = 200, seed } = options
  const details = await fc.check(property, { numRuns: runs, endOnFailure: false, ...(seed !== undefined && { seed }) })
  const report = { ...counts, seed: details.seed, runs: failedAt || details.numRuns }
  if (!details.failed) return report
  const script = String(details.counterexample?.[0] ?? '').replace(/ *\/\*.*$/, '')
  const sentence =
    details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance)
  return { ...report, failure: { run: failedAt, sentence, script } }
}

/** Runs one run again, as a report has written it down: `watch(0,0),start(0,1,0),crash(1)`. Rejects with what does not hold. */
export async function replayDelivery(options: DeliveryOptions, script: string): Promise<void> {
  const steps = readScript(script)
  await live(options, new Tally(noCounts([])), async (world) => {
    for (const step of steps) if (step.check(world)) await step.run(world)
  })
}

async function live(options: DeliveryOptions, tally: Tally, act: (world: World) => Promise<void>): Promise<void> {
  const { backend, peer, viewer = (place: ViewerPlace) => new ReferenceViewer(place), hearMs = 0 } = options
  const world = new World({ backend, peer, viewer, tally, hearMs })
  await world.begin()
  await act(world)
  await quiet(world)
  await heal(world)
  await world.end()
}

class Step {
  readonly #name: string
  readonly #numbers: readonly number[]

  constructor(name: string, numbers: readonly number[]) {
    this.#name = name
    this.#numbers = numbers
  }

  check(world: Readonly<World>): boolean {
    return this.#kind.may?.(world as World, ...this.#numbers) ?? true
  }

  async run(world: World): Promise<void> {
    world.tally.ran(this.#name)
    await this.#kind.run(world, ...this.#numbers)
    await world.look()
  }

  toString(): string {
    return `${this.#name}(${this.#numbers.join()})`
  }

  get #kind() {
    const kind = COMMANDS[this.#name]
    if (!kind) throw new TypeError(`there is no command '${this.#name}': ${Object.keys(COMMANDS).join(', ')} are`)
    return kind
  }
}

/** fast-check has no weights among commands: what comes more often is there more often. */
function stepsOf(fc: typeof FastCheck, themes: readonly Theme[]) {
  const kinds = Object.entries(COMMANDS).filter(([, { theme }]) => themes.includes(theme))
  return kinds.flatMap(([name, { weight, most }]) => {
    const numbers = fc.tuple(...most.map((max) => fc.nat({ max })))
    return Array.from({ length: weight }, () => numbers.map((drawn) => new Step(name, drawn)))
  })
}

function readScript(script: string): Step[] {
  return [...script.matchAll(/([a-z][a-z ]*)\(([\d,]*)\)/g)].map(([, name = '', numbers = '']) => {
    return new Step(name, numbers === '' ? [] : numbers.split(',').map(Number))
  })
}

async function load(): Promise<typeof FastCheck> {
  try {
    return await import('fast-check')
  } catch (cause) {
    throw new Error('The delivery contract needs fast-check: npm install --save-dev fast-check', { cause })
  }
}
