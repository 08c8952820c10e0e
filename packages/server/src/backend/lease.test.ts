import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { entry, LONG_MS } from '../conformance/bench'
import { over } from '../conformance/over.test-support'
import { unruly } from '../conformance/unruly.test-support'
import { DEFAULTS } from '../defaults'
import { Signals } from '../observe/signals'
import type { Backend } from './contract'
import { Lease } from './lease'
import { memory } from './memory'

const BEAT = DEFAULTS.heartbeatMs

function leaseOn(backend: Backend, clock: ManualClock, node: string, hasWork = () => true) {
  const signals = new Signals()
  const failed: string[] = []
  signals.on('store-failed', ({ where }) => failed.push(where))
  const keep = { activeKeepMs: LONG_MS * 60, endKeepMs: LONG_MS * 60 }
  return { lease: new Lease({ backend, clock, signals, node, ...keep, hasWork }), failed }
}

/** A store in which `node-1` has a session that is worked on, and is not heard of. */
async function setUp() {
  const clock = new ManualClock()
  const store = memory({ clock })
  await store.put(entry(), LONG_MS * 60)
  return { clock, store, ...unruly(store) }
}

const stateOf = async (store: Backend) => {
  const [stored] = await store.get(['s-1'])
  return stored?.snapshot.status === 'active' ? stored.snapshot.worker : stored?.snapshot.status
}

describe('Lease', () => {
  it('says that its process lives as long as it has work', async () => {
    const { clock, store } = await setUp()
    let isBusy = false
    const { lease } = leaseOn(store, clock, 'node-2', () => isBusy)
    await clock.advance(BEAT)
    expect(await store.silence(['node-2'])).toEqual([null])
    isBusy = true
    await clock.advance(BEAT + 1_000)
    expect(await store.silence(['node-2'])).toEqual([1_000])
    lease.stop()
    expect(clock.pending).toBe(0)
  })

  it('says so at once when work begins after a time without any, and not again before the next beat', async () => {
    const { clock, backend, calls } = await setUp()
    let isBusy = false
    const { lease } = leaseOn(backend, clock, 'node-2', () => isBusy)
    await clock.advance(BEAT + 1_000)
    expect(calls).toEqual([])
    isBusy = true
    for (let change = 0; change < 3; change++) lease.work()
    expect(calls).toEqual(['heartbeat'])
    await clock.advance(BEAT)
    lease.work()
    expect(calls).toEqual(['heartbeat', 'heartbeat'])
    lease.stop()
  })

  it('looks after nobody whose work it has not seen, nor after itself', async () => {
    const { clock, store, backend, calls } = await setUp()
    const { lease } = leaseOn(backend, clock, 'node-1', () => false)
    lease.note(entry())
    lease.note(entry({ node: 'node-2', isEnded: true }))
    lease.note(entry({ node: 'node-3', snapshot: { queued: true } as never }))
    await clock.advance(DEFAULTS.leaseMs * 2)
    expect(calls).toEqual([])
    expect(await stateOf(store)).toBe('alive')
  })

  it('gives who was never heard of the whole time', async () => {
    const { clock, store } = await setUp()
    leaseOn(store, clock, 'node-2').lease.note(entry())
    const states: unknown[] = []
    for (let beat = 1; beat <= 6; beat++) {
      await clock.advance(BEAT)
      states.push(await stateOf(store))
    }
    expect(states).toEqual(['alive', 'alive', 'quiet', 'quiet', 'quiet', 'error'])
  })

  it('gives everybody the whole time again after it could not hear', async () => {
    const { clock, store, backend, become } = await setUp()
    const { lease, failed } = leaseOn(backend, clock, 'node-2')
    lease.note(entry())
    await clock.advance(4 * BEAT)
    become('failing')
    await clock.advance(20 * BEAT)
    become('well')
    await clock.advance(5 * BEAT)
    expect(await stateOf(store)).toBe('quiet')
    await clock.advance(BEAT)
    expect(await stateOf(store)).toBe('error')
    expect(new Set(failed)).toEqual(new Set(['heartbeat', 'lease']))
  })

  it('asks nothing more while it waits for an answer', async () => {
    const { clock, backend, become, waiting } = await setUp()
    leaseOn(backend, clock, 'node-2').lease.note(entry())
    become('hanging')
    await clock.advance(100 * BEAT)
    expect(waiting.most).toBe(2)
  })

  it('goes on saying that its process lives while it has much to say of another', async () => {
    const { clock, store } = await setUp()
    const stuck = over(store, { listActiveByNode: () => new Promise(() => {}) })
    leaseOn(stuck, clock, 'node-2').lease.note(entry())
    await clock.advance(DEFAULTS.leaseMs * 3)
    expect(await store.silence(['node-2'])).toEqual([0])
  })

  it('ends a session that somebody has called lost, and died before he ended it', async () => {
    const { clock, store } = await setUp()
    await store.put(entry({ revision: 2, snapshot: { worker: 'lost' } as never }), LONG_MS * 60)
    leaseOn(store, clock, 'node-2').lease.note(entry())
    await clock.advance(DEFAULTS.leaseMs)
    expect(await stateOf(store)).toBe('error')
  })

  it('leaves a session alone whose process speaks in the last moment', async () => {
    const { clock, store } = await setUp()
    const late = over(store, {
      listActiveByNode: async (node) => {
        const entries = await store.listActiveByNode(node)
        await store.put(entry({ revision: 2 }), LONG_MS * 60)
        return entries
      },
    })
    leaseOn(late, clock, 'node-2').lease.note(entry())
    await clock.advance(3 * BEAT)
    expect(await stateOf(store)).toBe('alive')
  })

  it('ends each of many sessions once, however many processes look', async () => {
    const { clock, store } = await setUp()
    for (let index = 0; index < 200; index++) await store.put(entry({ id: `s-${index}` }), LONG_MS * 60)
    const ends: string[] = []
    await store.listen(
      (message) => {
        if (message.kind === 'changed' && message.entry.snapshot.status === 'error') {
          ends.push(message.entry.snapshot.sessionId)
        }
      },
      () => {},
    )
    for (let index = 2; index < 7; index++) leaseOn(store, clock, `node-${index}`).lease.note(entry())
    await clock.advance(DEFAULTS.leaseMs * 3)
    expect([ends.length, new Set(ends).size]).toEqual([200, 200])
  })
})
