import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { memory } from './backend/memory'
import { over } from './conformance/over.test-support'
import { recorded } from './recorder.test-support'

const HOUR = 60 * 60_000

/** A job that reports nothing, in one of two processes; `keepMs`: what becomes of the one that a heartbeat asks for. */
async function setUp(keepMs = (asked: number) => asked) {
  const clock = new ManualClock()
  const store = memory({ clock })
  const backend = over(store, { heartbeat: (node, ttlMs, asked) => store.heartbeat(node, ttlMs, keepMs(asked)) })
  const [worker, viewer] = [recorded({ backend, clock }), recorded({ backend, clock })]
  const job = worker.tracker.run('work', { owner: 'ada', id: 'one' }, (task) => {
    task.log('begun')
    return new Promise(() => {})
  })
  await clock.advance(30 * HOUR)
  return { clock, worker, viewer, job }
}

describe('a job that reports nothing for more than a day', () => {
  it('stays in a shared backend with its lines, as long as its process lives', async () => {
    const { clock, viewer, worker } = await setUp()
    const found = await viewer.tracker.find('one')
    expect(found).toMatchObject({ status: 'active', worker: 'alive' })
    const node = viewer.tracker['~node']
    expect(await node.listByOwner('ada')).toHaveLength(1)
    expect((await node.readLog('one', found?.epoch ?? '', -1)).lines).toHaveLength(1)
    await Promise.all([worker.tracker.close(), viewer.tracker.close()])
    await clock.advance(24 * HOUR)
    expect(await node.backend.get(['one'])).toEqual([null])
  })

  it('twin: falls out where a heartbeat keeps nothing on', async () => {
    const { viewer } = await setUp(() => 0)
    expect(await viewer.tracker.find('one')).toBeNull()
  })
})
