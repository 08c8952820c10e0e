import { defineOperation } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { memory } from './backend/memory'
import { type Unruly, unruly } from './conformance/unruly.test-support'
import { deferred, parseState, recorded } from './recorder.test-support'

const mine = { owner: 'ada', id: 'one' } as const

/** A process on a shared store, whose line is in your hands. */
function shared(store = memory({ clock: new ManualClock() }), clock = new ManualClock()) {
  const line: Unruly = unruly(store)
  return { ...recorded({ backend: line.backend, clock }), clock, line, store }
}

/** A store in which another process has a session of this owner. */
async function withSession(owner: string, state: 'runs' | 'waits') {
  const clock = new ManualClock()
  const store = memory({ clock })
  const other = recorded({ backend: store, clock })
  if (state === 'waits') other.tracker.reserve(defineOperation('work'), { ...mine, owner })
  else other.tracker.createSessionWithId('one', {}, { owner })
  await other.tracker.flush()
  return { other, clock, store, here: shared(store, clock) }
}

describe.each([
  ['without a backend', () => ({ ...recorded(), answer: () => {} })],
  ['with a shared backend', () => ({ ...shared(), answer: () => {} })],
  [
    'with a shared backend that does not answer',
    () => {
      const kit = shared()
      kit.line.become('hanging')
      return { ...kit, answer: () => kit.line.become('well') }
    },
  ],
] as const)('a job %s', (_, make) => {
  it.each([
    ['an id of its own', {}],
    ['an id that was given', { id: 'one' }],
  ])('under %s begins after run has answered, when its place is known', async (_name, id) => {
    const { tracker, answer } = make()
    const used: string[] = []
    const job = tracker.run('work', { owner: 'ada', ...id }, () => {
      used.push(job.id)
    })
    expect(used).toEqual([])
    expect(tracker.getSession(job.id)).toMatchObject({ sessionId: job.id, status: 'active', cancellable: true })
    answer()
    await job
    expect(used).toEqual([job.id])
  })

  it('that throws as it begins is a failed run, not an exception where it was called', async () => {
    const { tracker, answer } = make()
    const job = tracker.run('work', mine, () => {
      throw new RangeError('mine')
    })
    answer()
    await expect(job).rejects.toThrow('mine')
    expect(tracker.getSession('one')?.status).toBe('error')
  })
})

describe('a job whose id another process may know', () => {
  it('waits for the backend, and nobody is told before', async () => {
    const { tracker, states, line, settle } = shared()
    line.become('hanging')
    const job = tracker.run('work', mine, (task) => {
      task.update({ progress: 40, message: 'half' })
      task.log('first')
      return 7
    })
    await settle()
    expect(states).toEqual([])
    expect(tracker['~node'].local('one')).toBeUndefined()
    let isFlushed = false
    const flushed = tracker.flush().then(() => {
      isFlushed = true
    })
    await settle()
    expect(isFlushed).toBe(false)
    line.become('well')
    expect(await job).toBe(7)
    await flushed
    expect(states.map(({ status, revision }) => [status, revision])).toEqual([
      ['active', 1],
      ['completed', 2],
    ])
    expect(await tracker.find('one')).toMatchObject({ status: 'completed', message: 'half' })
    for (const state of states) parseState(state)
  })

  it('never begins, and its run rejects, where a live session of another owner has it', async () => {
    const { other, here } = await withSession('bob', 'runs')
    let hasBegun = false
    const job = here.tracker.run('work', mine, () => {
      hasBegun = true
    })
    await expect(job).rejects.toMatchObject({ code: 'SESSION_CONFLICT' })
    expect([hasBegun, here.tracker.getSession('one')]).toEqual([false, null])
    expect([here.states, here.of('job-failed'), here.of('ended')]).toEqual([[], [], []])
    expect(here.of('refused')).toMatchObject([{ code: 'SESSION_CONFLICT', sessionId: 'one' }])
    expect(other.tracker.updateProgress('one', 50)).toBe(true)
  })

  it('goes on above what waits in a queue, with what it has said meanwhile', async () => {
    const { other, here } = await withSession('ada', 'waits')
    const [waiting] = other.states
    await here.tracker.run('work', { ...mine, total: 4, message: 'begun' }, (task) => {
      task.log('first')
      task.advance()
      task.update({ message: 'reading' })
    })
    await here.tracker.flush()
    expect(here.states.map(({ epoch }) => epoch)).toEqual(here.states.map(() => waiting?.epoch))
    expect(await other.tracker.find('one')).toMatchObject({ status: 'completed', message: 'reading', total: 4 })
    for (const state of here.states) parseState(state)
  })

  it('that is ended by hand meanwhile ends once, when it is told', async () => {
    const { tracker, states, line, events, of, settle } = shared()
    line.become('hanging')
    const { promise, resolve } = deferred()
    const job = tracker.run('work', mine, () => promise)
    expect([tracker.cancelSession('one', 'by hand'), tracker.errorSession('one', 'late')]).toEqual([true, false])
    expect(tracker.getSession('one')).toMatchObject({ status: 'cancelled', reason: 'by hand' })
    expect(tracker.updateProgress('one', 5)).toBe(false)
    line.become('well')
    await settle()
    resolve()
    await job
    expect(states.map(({ status }) => status)).toEqual(['active', 'cancelled'])
    expect([events(), of('ended').length]).toEqual([['progress-cancelled'], 1])
  })

  it('that is ended by hand meanwhile ends so where it waited in a queue', async () => {
    const { other, here } = await withSession('ada', 'waits')
    const { promise, resolve } = deferred()
    const job = here.tracker.run('work', mine, () => promise)
    expect(here.tracker.cancelSession('one', 'by hand')).toBe(true)
    await here.settle()
    resolve()
    await job
    await here.tracker.flush()
    expect(await other.tracker.find('one')).toMatchObject({ status: 'cancelled', reason: 'by hand' })
    expect(new Set([...other.states, ...here.states].map(({ epoch }) => epoch)).size).toBe(1)
  })

  it('that is begun anew meanwhile is stopped, and only the newer one is told', async () => {
    const { tracker, states, line, settle } = shared()
    line.become('hanging')
    const first = tracker.run('work', mine, (task) => settle().then(() => task.signal.throwIfAborted()))
    const second = tracker.run('work', mine, () => 'second')
    line.become('well')
    await expect(first).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(await second).toBe('second')
    expect(new Set(states.map(({ epoch }) => epoch)).size).toBe(1)
    expect(states.at(-1)?.status).toBe('completed')
  })

  it('can be asked to stop meanwhile', async () => {
    const { tracker, states, line } = shared()
    line.become('hanging')
    const job = tracker.run('work', mine, (task) => task.signal.throwIfAborted())
    expect(await tracker.requestCancel('one', 'enough')).toEqual({ ok: true })
    line.become('well')
    await job.catch(() => {})
    expect(states.at(-1)).toMatchObject({ status: 'cancelled', reason: 'enough' })
  })
})
