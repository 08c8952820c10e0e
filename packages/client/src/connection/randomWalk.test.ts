import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeTransport } from '../fakeTransport.test-kit'
import type { Step } from './machine'
import { LineClock, wander } from './randomWalk.test-kit'

/** Lays a planted bug over each step of the machine that lines go by. */
const bug = vi.hoisted(() => ({ plant: (step: Step, _input: string): Step => step }))
vi.mock('./machine', async (importOriginal) => {
  const machine = await importOriginal<typeof import('./machine')>()
  const next: typeof machine.next = (state, input, facts) => bug.plant(machine.next(state, input, facts), input.type)
  return { ...machine, next }
})

/** Effects of these kinds are left out where the input leads into one of these states. */
function without(effects: readonly string[], into: readonly string[]) {
  return ([state, all]: Step): Step => [
    state,
    all.filter((effect) => !(into.includes(state.name) && effects.includes(effect.do))),
  ]
}

/** A hanging up that does not. */
class Deaf extends FakeTransport {
  override open(listener: Parameters<FakeTransport['open']>[0]) {
    const link = super.open(listener)
    link.close = () => {}
    return link
  }
}

class Forgetful extends LineClock {
  override after(ms: number, run: () => void): () => void {
    super.after(ms, run)
    return () => {}
  }
}

const SEED = 20_260_101

beforeEach(() => {
  bug.plant = (step) => step
})

describe('100,000 inputs at random', () => {
  it('S0-56, 108: no double dial, no double timer, no dead end, and nothing outlives', async () => {
    expect(await wander(SEED, 100_000)).toEqual([])
  }, 120_000)
})

describe('the walk notices', () => {
  it.each([
    ['a dial that is given up and not hung up', without(['hangUp'], ['waiting', 'polling']), /^two dials/],
    ['a pause without an end', without(['wait'], ['waiting']), /^a dead end/],
    ['a background in which nothing is tried', without(['wait'], ['polling']), /^a dead end/],
    ['a dial without a bound', without(['wait'], ['dialing']), /^a dead end/],
    ['a fall-back that never comes', without(['fallBack'], ['dialing', 'waiting']), /^a dead end/],
    ['a fall-back that goes on', without(['standAlone'], ['open']), /outlives$/],
    [
      'a fall-back that outlives a refusal',
      without(['standAlone'], ['refused']),
      /^a link of a client that was refused/,
    ],
    ['a close that does not hang up', without(['hangUp'], ['closed']), /^a link of|outlives$/],
    ['a close that leaves the timer', without(['stopWaiting'], ['closed']), /^(two timers|a timer) of/],
  ])('%s', async (_name, plant, complaint) => {
    bug.plant = plant
    expect((await wander(SEED, 20_000))[0]).toMatch(complaint)
  })

  it('a transport that does not hang up', async () => {
    const wrong = await wander(SEED, 20_000, { makeTransport: (clock) => new Deaf(clock) })
    expect(wrong[0]).toMatch(/^two dials|outlives$|^a link/)
  })

  it('a timer that is set beside another', async () => {
    const wrong = await wander(SEED, 20_000, { makeClock: (clock) => new Forgetful(clock) })
    expect(wrong[0]).toMatch(/^two timers/)
  })
})
