import { type Fact, ManualClock } from '@progress/protocol/testing'
import { systemClock, type Transport } from '@progress/protocol/wire'
import { describe, expect, it } from 'vitest'
import type { TransportContractOptions } from './bench'
import { loop } from './loop.test-kit'
import { over } from './over.test-kit'
import { plantedBugs } from './plantedBugs.test-kit'
import { transportContract } from './transportContract'

/** The contract over a transport that lives on a clock moved by hand. */
function contractOf(plant: (good: Transport) => Transport = (good) => good, options: TransportContractOptions = {}) {
  const clock = new ManualClock()
  const make = () => {
    const { transport, server } = loop(clock)
    return { transport: plant(transport), server }
  }
  return transportContract(make, { clock, ...options })
}

/** The first fact that does not hold, and its sentence; `undefined` where all hold. */
async function broken(facts: readonly Fact[]): Promise<readonly [fact: string, sentence: string] | undefined> {
  for (const { name, run } of facts) {
    const sentence = await run().catch((error: Error) => error.message)
    if (sentence !== undefined) return [name, sentence]
  }
  return undefined
}

describe('a good transport', () => {
  for (const { name, run } of contractOf()) it(name, run)

  it('keeps the contract also where another only passes it on', async () => {
    expect(await broken(contractOf((good) => over(good, () => ({}))))).toBeUndefined()
  })

  it('keeps it in real time', async () => {
    const facts = transportContract(() => loop(systemClock))
    expect(await broken(facts)).toBeUndefined()
  })
})

describe('transportContract', () => {
  it.each(Object.entries(plantedBugs))('catches a transport in which %s', async (_name, plant) => {
    expect(await broken(contractOf(plant))).toBeDefined()
  })

  it('has no fact that catches none of them', async () => {
    const idle = new Set(contractOf().map(({ name }) => name))
    // A client is promised an open() that does not throw: a walk over one that does proves nothing.
    const { 'the second dial throws': _, ...bugs } = plantedBugs
    for (const plant of Object.values(bugs)) {
      for (const { name, run } of contractOf(plant)) await run().catch(() => idle.delete(name))
    }
    expect([...idle]).toEqual([])
  })

  it('says in a sentence what is broken', async () => {
    const plant = plantedBugs['when to come back is lost']
    expect(await broken(contractOf(plant))).toEqual([
      'a goodbye is told by closed(), once, with its code and when to come back',
      'closed() says when to come back. Expected 1500, got undefined',
    ])
  })

  it('leaves out what a far end cannot do, and only that', () => {
    const names = (options: TransportContractOptions) => contractOf(undefined, options).map(({ name }) => name)
    const all = names({})
    const some = names({ lacks: ['bye'] })
    expect(all.filter((name) => !some.includes(name))).toEqual([
      'a goodbye is told by closed(), once, with its code and when to come back',
    ])
    expect(names({ lacks: ['refuse', 'bye', 'hangUp', 'answer', 'eachEvent'] }).length).toBeGreaterThan(12)
  })

  it('ends what was started for a fact, also where the fact does not hold', async () => {
    let [made, closed] = [0, 0]
    const clock = new ManualClock()
    const facts = transportContract(
      () => {
        made += 1
        const { transport, server } = loop(clock)
        const close = () => {
          closed += 1
        }
        return {
          transport: plantedBugs['opened() is told twice']?.(transport) ?? transport,
          server: { ...server, close },
        }
      },
      { clock },
    )
    const ran = await Promise.allSettled(facts.map(({ run }) => run()))
    expect(ran.some(({ status }) => status === 'rejected')).toBe(true)
    expect([made, closed]).toEqual([facts.length, facts.length])
  })
})
