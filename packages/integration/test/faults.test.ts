// The runs of `npm run faults`, some of them, and what shows that they would see it if a promise were broken.
import { describe, expect, it } from 'vitest'
import { BareWatcher, bare, type Heard } from '../faults/bare'
import { KIND_NAMES } from '../faults/kinds'
import { ours } from '../faults/ours'
import type { Party } from '../faults/party'
import { planOf } from '../faults/plan'
import { type Outcome, playAll } from '../faults/play'

const TIMEOUT = { timeout: 90_000 }
/** Four of each kind by each preference of ways. */
const RUNS = 4 * 3 * KIND_NAMES.length
const LONGEST_MS = 1_500

async function outcomesOf(party: Party, seeds: readonly number[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  await playAll(seeds, party, seeds.length, (outcome) => outcomes.push(outcome), LONGEST_MS)
  await party[Symbol.asyncDispose]()
  return outcomes
}

/** Seeds of runs whose messages come twice, out of order, or not at all. */
function mangledSeeds(count: number): readonly number[] {
  const all = Array.from({ length: 10 * count }, (_, run) => run + 1)
  return all.filter((seed) => planOf(seed).kind.endsWith('(18)')).slice(0, count)
}

describe.concurrent('runs over real sockets through lines that break', () => {
  it(
    `11 to 15, 18, 35, 107: ${RUNS} runs tell each end once, and show only what was so, in its order`,
    TIMEOUT,
    async ({ expect }) => {
      const seeds = Array.from({ length: RUNS }, (_, run) => run + 1)
      const outcomes = await outcomesOf(await ours(), seeds)
      const broken = outcomes.flatMap(({ seed, words }) => words.map((word) => `seed ${seed}: ${word}`))
      expect(broken).toEqual([])
      expect(outcomes).toHaveLength(RUNS)
      for (const kind of KIND_NAMES) {
        const struck = outcomes.filter((outcome) => outcome.kind === kind).reduce((sum, { faults }) => sum + faults, 0)
        expect(struck, kind).toBeGreaterThan(0)
      }
    },
  )

  it(
    'twin: of the same server a bare socket.io-client loses ends, tells some twice, and shows what is older',
    TIMEOUT,
    async ({ expect }) => {
      const party = await ours((id, url) => new BareWatcher(id, url))
      const outcomes = await outcomesOf({ ...party, deadlineMs: 2_000 }, mangledSeeds(96))
      expect(outcomes.filter(({ isLost }) => isLost).length).toBeGreaterThan(0)
      expect(outcomes.filter(({ isDoubled }) => isDoubled).length).toBeGreaterThan(0)
      expect(outcomes.filter(({ older }) => older > 0).length).toBeGreaterThan(0)
    },
  )

  it('twin: so does one of a seed-like server', TIMEOUT, async ({ expect }) => {
    const outcomes = await outcomesOf({ ...(await bare()), deadlineMs: 2_000 }, mangledSeeds(96))
    expect(outcomes.filter(({ isLost }) => isLost).length).toBeGreaterThan(0)
    expect(outcomes.filter(({ isDoubled }) => isDoubled).length).toBeGreaterThan(0)
  })

  it('twin: a watcher that makes a state of two is seen to show what was never so', TIMEOUT, async ({ expect }) => {
    const party = await ours((id, url) => new MergingWatcher(id, url))
    const outcomes = await outcomesOf(party, [1])
    expect(outcomes[0]?.words.join()).toContain('G2')
  })
})

describe('a plan', () => {
  it('is the same for the same seed, and another for the next', () => {
    expect(planOf(7)).toEqual(planOf(7))
    expect(planOf(7).stepsAtMs).not.toEqual(planOf(8).stepsAtMs)
  })

  it('puts the end of the work into faults, or between them, or after them', () => {
    const plans = Array.from({ length: RUNS }, (_, run) => planOf(run + 1))
    const during = plans.filter(({ strokes, endAtMs }) =>
      strokes.some(({ fromMs, forMs }) => fromMs < endAtMs && endAtMs < fromMs + forMs),
    )
    expect(during.length).toBeGreaterThan(RUNS / 4)
    expect(RUNS - during.length).toBeGreaterThan(RUNS / 8)
  })
})

/** Shows something of its own beside what it hears, as a bar does that runs ahead. */
class MergingWatcher extends BareWatcher {
  override hear(heard: Heard): void {
    super.hear(Object.assign(heard, { progress: 0.5 }))
  }
}
