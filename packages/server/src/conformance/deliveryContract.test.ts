import { describe, expect, it } from 'vitest'
import type { Backend, Entry } from '../backend/contract'
import { memory } from '../backend/memory'
import { checkDelivery, type DeliveryOptions } from './delivery/checkDelivery'
import { deliveryContract } from './delivery/deliveryContract'
import { over } from './over.test-support'

const SEED = 20_260_101

describe('the delivery contract over the memory backend', () => {
  it.each(deliveryContract({ backend: (clock) => memory({ clock }), seed: SEED }))('$name', ({ run }) => run(), 60_000)

  it('puts each of its guarantees to the test, and has each of its commands carried out', async () => {
    const { commands, checks, failure } = await checkDelivery({
      backend: (clock) => memory({ clock }),
      seed: SEED,
      runs: 1_000,
    })
    expect(failure).toBeUndefined()
    expect(Object.entries({ ...commands, ...checks }).filter(([, times]) => times === 0)).toEqual([])
  }, 60_000)
})

/** A store whose handles each keep their last write to themselves until they write again. */
function forgetful(): Pick<DeliveryOptions, 'backend' | 'peer'> {
  let store: Backend
  const handle = (): Backend => {
    let last: readonly [Entry, number] | undefined
    return over(store, {
      put: async (entry, keepMs) => {
        if (last) await store.put(...last)
        last = [entry, keepMs]
        await store.send({ kind: 'changed', entry })
        return true
      },
      get: async (ids) => {
        const found = await store.get(ids)
        return found.map((entry, at) => (last && last[0].snapshot.sessionId === ids[at] ? last[0] : entry))
      },
    })
  }
  return {
    backend: (clock) => {
      store = memory({ clock })
      return handle()
    },
    peer: handle,
  }
}

describe('twin: it finds a backend', () => {
  const wrong: Readonly<Record<string, Pick<DeliveryOptions, 'backend' | 'peer'>>> = {
    'that forgets its last write after a crash': forgetful(),
    'that tells nobody': {
      backend: (clock) => over(memory({ clock }), { listen: async () => () => {} }),
    },
    'that stores no end': {
      backend: (clock) => {
        const store = memory({ clock })
        return over(store, {
          put: async (entry, keepMs) => entry.snapshot.status !== 'active' || store.put(entry, keepMs),
        })
      },
    },
    'whose heartbeats reach nobody': {
      backend: (clock) => over(memory({ clock }), { heartbeat: async () => {} }),
    },
  }
  it.each(Object.entries(wrong))(
    '%s',
    async (_, options) => {
      const { failure } = await checkDelivery({ ...options, seed: SEED, runs: 300 })
      expect(failure?.sentence).toBeDefined()
      expect(failure?.script).toMatch(/\w\(/)
    },
    60_000,
  )

  it('that forgets, by the fact that says so', async () => {
    const facts = deliveryContract(forgetful())
    const fact = facts.find(({ name }) => name === 'what flush() answered for is there after a crash')
    await expect(fact?.run()).rejects.toThrow(/^flush: .* was flushed, and the store has/)
  })
})
