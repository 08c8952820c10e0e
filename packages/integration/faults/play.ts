// One run: a plan and those who take part come in; the faults are put on the line and taken off again, and the verdict on what
// was shown comes out.
import { FaultProxy } from '../support/faultProxy'
import { Ledger } from '../support/ledger'
import type { Faults } from '../support/proxy/faults'
import type { Party, Watcher } from './party'
import { type Plan, planOf, type Stroke } from './plan'

/** What came of a run. */
export interface Outcome {
  readonly seed: number
  readonly kind: string
  readonly way: string
  /** Faults put on; where messages were mangled, so many of them. */
  readonly faults: number
  /** The end was not shown in time, or never told. */
  readonly isLost: boolean
  /** It was told more than once. */
  readonly isDoubled: boolean
  /** States that were shown after a newer one, or after the end. */
  readonly older: number
  /** States that were never so. */
  readonly untrue: number
  /** From the end of the last fault, or of the job where that was later, until the end was shown. Absent where it never was. */
  readonly rightMs?: number
  /** What was wrong, in words. */
  readonly words: readonly string[]
}

/** After the end is shown, nothing more may be told: so long is listened. */
const LISTEN_MS = 400
/** About as long as a run takes. */
const SPREAD_MS = 5_000

/** Plays it. */
export async function play(plan: Plan, party: Party): Promise<Outcome> {
  const id = idOf(plan)
  const proxy = await FaultProxy.start(party.port, plan.seed)
  const line = new BrokenLine(proxy)
  const watchers: Watcher[] = []
  const beginnings: readonly Scene[] = [
    { atMs: plan.makeAtMs, act: () => party.make(id) },
    { atMs: plan.watchAtMs, act: () => void watchers.push(party.watch(id, proxy.url, plan)) },
  ]
  const scenes = [
    ...plan.strokes.flatMap((stroke): Scene[] => [
      { atMs: stroke.fromMs, act: () => line.begin(stroke) },
      { atMs: stroke.fromMs + stroke.forMs, act: () => line.end(stroke) },
    ]),
    ...plan.stepsAtMs.map((atMs, step): Scene => ({ atMs, act: () => party.step(id, step + 1) })),
    { atMs: plan.endAtMs, act: () => party.end(id, plan.ending) },
  ]
  try {
    if (plan.isGoodAtFirst) {
      await perform(beginnings)
      await Promise.all(watchers.map(({ first }) => inTime(first, party.deadlineMs)))
    }
    await perform(plan.isGoodAtFirst ? scenes : [...beginnings, ...scenes])
    const [watcher] = watchers
    if (!watcher) throw new Error('nobody looked on')
    const healedAt = performance.now()
    const rightAt = await inTime(watcher.right, party.deadlineMs)
    if (plan.again) watcher.again()
    await pause(LISTEN_MS)
    const faults = line.strokes + proxy.dropped + proxy.moved
    return judged(plan, party, watcher, faults, rightAt && rightAt - healedAt)
  } finally {
    for (const watcher of watchers) watcher.close()
    await proxy.close()
  }
}

/** Plays the plans of some seeds, so many at once, and tells each outcome. */
export async function playAll(
  seeds: readonly number[],
  party: Party,
  atOnce: number,
  told: (outcome: Outcome) => void,
  longestMs?: number,
): Promise<void> {
  const left = [...seeds]
  const lane = async (_: unknown, number: number): Promise<void> => {
    // Not all in the same moment: the machine is to be busy, not drowned.
    await pause((number / atOnce) * SPREAD_MS)
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      told(await play(planOf(seed, longestMs), party))
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, seeds.length) }, lane))
}

function judged(plan: Plan, party: Party, watcher: Watcher, faults: number, lateMs: number | undefined): Outcome {
  const { shown, ends, broken } = watcher
  const ledger = new Ledger()
  for (const state of shown) ledger.state(state)
  const untrue = [...broken, ...party.untrue(idOf(plan), [...shown, ...ends.flat()])]
  const isLost = lateMs === undefined || ends.some((told) => told.length === 0)
  const isDoubled = ends.some((told) => told.length > 1)
  return {
    seed: plan.seed,
    kind: plan.kind,
    way: plan.ways[0],
    faults,
    isLost,
    isDoubled,
    older: ledger.violations.length,
    untrue: untrue.length,
    ...(lateMs !== undefined && { rightMs: Math.max(0, lateMs) }),
    words: [
      ...ledger.violations,
      ...untrue,
      ...(isLost ? [`G4: the end was not shown, or not told; the last state was ${JSON.stringify(shown.at(-1))}`] : []),
      ...(isDoubled ? [`G4: the end was told ${ends.map((told) => told.length).join(' and ')} times`] : []),
    ],
  }
}

function idOf({ seed }: Plan): string {
  return `run-${seed}`
}

/** A line with all strokes on it that last now. */
class BrokenLine {
  readonly #proxy: FaultProxy
  readonly #lasting = new Set<Stroke>()
  /** Strokes so far; those that mangle are counted by message. */
  strokes = 0

  constructor(proxy: FaultProxy) {
    this.#proxy = proxy
  }

  begin(stroke: Stroke): void {
    if (!stroke.faults.mangle) this.strokes += 1
    this.#lasting.add(stroke)
    this.#look()
    if (stroke.resets) this.#proxy.resetAll()
  }

  end(stroke: Stroke): void {
    this.#lasting.delete(stroke)
    this.#look()
  }

  #look(): void {
    const all = [...this.#lasting].map(({ faults }) => faults)
    this.#proxy.faults = Object.assign({}, ...all) as Faults
  }
}

interface Scene {
  readonly atMs: number
  act(): void
}

async function perform(scenes: readonly Scene[]): Promise<void> {
  const began = performance.now()
  for (const { atMs, act } of [...scenes].sort((a, b) => a.atMs - b.atMs)) {
    const leftMs = began + atMs - performance.now()
    if (leftMs > 0) await pause(leftMs)
    act()
  }
}

/** The answer, or nothing where it takes too long. */
async function inTime<T>(answer: Promise<T>, withinMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), withinMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
