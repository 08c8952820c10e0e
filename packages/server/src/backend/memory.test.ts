import { isEnd } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { backendContract } from '../conformance'
import { entry } from '../conformance/bench'
import { over } from '../conformance/over.test-support'
import { plantedBugs } from '../conformance/plantedBugs.test-support'
import type { Backend } from './contract'
import { memory } from './memory'

/** The contract over a backend that lives on a clock moved by hand. */
function contractOf(make: (good: Backend) => Backend) {
  const clock = new ManualClock()
  return backendContract(() => make(memory({ clock })), { clock })
}

describe('memory', () => {
  for (const { name, run } of contractOf((good) => good)) it(name, run)

  it('keeps so many ends, the newest', async () => {
    const backend = memory({ clock: new ManualClock(), endsKept: 2 })
    await backend.put(entry({ id: 'running' }), 1_000)
    for (const id of ['a', 'b', 'c']) await backend.put(entry({ id, isEnded: true }), 1_000)
    const stored = await backend.get(['a', 'b', 'c', 'running'])
    expect(stored.map((one) => one && isEnd(one.snapshot))).toEqual([null, true, true, false])
    expect(await backend.listByOwner('ada')).toHaveLength(3)
  })

  it('95: holds names for claims and counters only as long as they last', async () => {
    const clock = new ManualClock()
    const backend = memory({ clock })
    for (let index = 0; index < 3_000; index++) {
      expect(await backend.count(`call ${index}`, 1_000)).toBe(1)
      expect(await backend.claim(`claim ${index}`, 1_000)).toBe(true)
    }
    expect(await backend.count('call 0', 1_000)).toBe(2)
    await clock.advance(1_000)
    expect(await backend.count('call 0', 1_000)).toBe(1)
    expect(await backend.claim('claim 0', 1_000)).toBe(true)
  })
})

describe('backendContract', () => {
  for (const [name, plant] of Object.entries(plantedBugs)) {
    it(`catches a backend in which ${name}`, async () => {
      const broken: string[] = []
      for (const fact of contractOf(plant)) await fact.run().catch((error: Error) => broken.push(error.message))
      expect(broken).not.toEqual([])
    })
  }

  it('passes a backend that only passes on', async () => {
    for (const { run } of contractOf((good) => over(good, {}))) await run()
  })

  it('runs over two handles of one store', async () => {
    const clock = new ManualClock()
    let store = memory({ clock })
    const make = () => {
      store = memory({ clock })
      return store
    }
    for (const { run } of backendContract(make, { clock, peer: () => store })) await run()
  })

  it('says in a sentence what is broken', async () => {
    const older = plantedBugs['the last write wins, also an older one']
    const facts = contractOf((good) => older?.(good) ?? good)
    const fact = facts.find(({ name }) => name === 'an older and an equal position are passed over')
    await expect(fact?.run()).rejects.toThrow('put() answers false for what is not newer. Expected false, got true')
  })
})
