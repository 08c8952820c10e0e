import { jsonBytes, LIMITS } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { parseState, recorded } from './recorder.test-support'

const thrower = () => {
  throw new Error('odd')
}
const traps = {
  get: thrower,
  has: thrower,
  ownKeys: thrower,
  getPrototypeOf: thrower,
  getOwnPropertyDescriptor: thrower,
}
const circular: Record<string, unknown> = {}
circular['self'] = circular

/** What nobody should pass, and somebody will. */
const HOSTILE: readonly [string, unknown][] = [
  ['a proxy', new Proxy({}, traps)],
  ['a proxy over a list', new Proxy([], traps)],
  ['a proxy over a function', new Proxy(() => 1, traps)],
  [
    'a getter that throws',
    {
      get code() {
        return thrower()
      },
      get name() {
        return thrower()
      },
    },
  ],
  ['a toString that throws', { toString: thrower, valueOf: thrower, toJSON: thrower }],
  ['a toString that is none', { toString: 1, valueOf: 1 }],
  ['no prototype', Object.create(null)],
  ['a cycle', circular],
  ['a symbol', Symbol('s')],
  ['a BigInt', 7n],
  ['a function', () => 'source'],
  ['a number', Number.NaN],
  ['null', null],
  ['nothing', undefined],
  ['a long text', 'x'.repeat(1_000_000)],
  ['half a character', '\ud800'],
]

describe('a hostile value', () => {
  it.each(HOSTILE)('53: %s as message, metadata, details and reason costs nothing', async (_, value) => {
    const { tracker, sent, states, clock } = recorded()
    const odd = value as never
    const bag = { odd, list: [odd], inner: { odd } }
    for (const metadata of [odd, bag as never]) {
      const id = tracker.createSession(metadata)
      expect(tracker.updateProgress(id, 10, odd, metadata)).toBe(true)
      await tracker.requestCancel(id, odd)
      tracker.signalOf(id)
      expect(await tracker.requestCancel(id, odd)).toEqual({ ok: true })
      expect(tracker.completeSession(id, odd, metadata)).toBe(true)
      const failed = tracker.createSession()
      expect(tracker.errorSession(failed, odd, metadata)).toBe(true)
      const cancelled = tracker.createSession()
      expect(tracker.cancelSession(cancelled, odd)).toBe(true)
    }
    expect([tracker.updateProgress(odd, 5), tracker.completeSession(odd), tracker.getSession(odd)]).toEqual([
      false,
      false,
      null,
    ])
    expect(await tracker.requestCancel(odd)).toMatchObject({ ok: false, code: 'NOT_FOUND' })
    expect(await tracker.find(odd)).toBeNull()
    await clock.advance(200)
    for (const state of [...states, ...sent.map(({ payload }) => payload)]) parseState(state)
  })

  it.each(HOSTILE)('%s as anything that a task takes costs nothing', async (_, value) => {
    const { tracker, states } = recorded()
    const odd = value as never
    const job = tracker.run('work', { owner: null, message: odd, unit: odd, metadata: odd ?? {} }, async (task) => {
      task.advance(odd)
      task.update(odd)
      task.update({
        progress: odd,
        current: odd,
        total: odd,
        unit: odd,
        message: odd,
        metadata: odd,
        indeterminate: odd,
      })
      task.log(odd, 'warn')
      for (const item of task.track([odd], { total: odd, unit: odd, size: () => odd })) expect(item).toBe(odd)
      return task.shield(() => [odd])
    })
    await expect(job).resolves.toHaveLength(1)
    for (const state of states) parseState(state)
    expect(states.at(-1)?.status).toBe('completed')
  })

  it.each(HOSTILE)('%s that a job throws ends it as failed, and says nothing of itself', async (_, value) => {
    const { tracker, states, of } = recorded()
    const job = tracker.run('work', { owner: null }, () => {
      throw value
    })
    expect(await job.catch((error) => error === value || Object.is(error, value))).toBe(true)
    expect(states.map(({ status }) => status)).toEqual(['active', 'error'])
    expect(parseState(states[1])).toMatchObject({ error: { code: 'OPERATION_FAILED', reference: expect.any(String) } })
    expect(of('job-failed')).toHaveLength(1)
    const again = tracker.run('work', { owner: null, id: 'one' }, async (task) => {
      await tracker.requestCancel('one')
      expect(task.signal.aborted).toBe(true)
      throw value
    })
    await again.catch(() => {})
    expect(tracker.getSession('one')?.status).toBe('error')
  })

  it('a ProgressError whose details cannot be read still ends it', async () => {
    const { tracker, states } = recorded()
    const error = {
      name: 'ProgressError',
      code: 'MINE',
      message: 'said',
      get details() {
        return thrower()
      },
    }
    await tracker.run('work', { owner: null }, () => Promise.reject(error)).catch(() => {})
    expect(parseState(states.at(-1))).toMatchObject({ status: 'error', error: { code: 'OPERATION_FAILED' } })
  })
})

describe('an odd progress', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '50', null, {}, undefined, 5n])(
    '51: %s is not recorded',
    (progress) => {
      const { tracker, of } = recorded()
      const id = tracker.createSession()
      tracker.updateProgress(id, 30)
      expect(tracker.updateProgress(id, progress as number, 'lost')).toBe(false)
      expect(tracker.getSession(id)).toMatchObject({ progress: 30, revision: 2 })
      expect(tracker.getSession(id)).not.toHaveProperty('message')
      expect(of('dropped')).toEqual([{ name: 'dropped', sessionId: id, reason: 'progress takes a finite number' }])
    },
  )

  it.each([
    [-5, 0],
    [250, 100],
    [1e308, 100],
    [-0, 0],
  ])('51: %d is recorded as %d', (progress, expected) => {
    const { tracker } = recorded()
    const id = tracker.createSession()
    expect(tracker.updateProgress(id, progress)).toBe(true)
    expect(tracker.getSession(id)?.progress).toBe(expected)
  })

  it('52: that falls is kept out, inside of a window as between two', async () => {
    const { tracker, clock, sent } = recorded()
    const id = tracker.createSession()
    for (const progress of [10, 60, 20, 40]) tracker.updateProgress(id, progress)
    await clock.advance(100)
    tracker.updateProgress(id, 5, 'still')
    await clock.advance(100)
    expect(sent.map(({ payload }) => payload['progress'])).toEqual([10, 60, 60])
  })

  it('52: may fall where that was asked for: the latest is shown', async () => {
    const { tracker, clock, sent } = recorded()
    const id = tracker.createSession({}, { allowRegress: true })
    for (const progress of [10, 60, 20, 40]) tracker.updateProgress(id, progress)
    await clock.advance(100)
    tracker.updateProgress(id, 5)
    await clock.advance(100)
    expect(sent.map(({ payload }) => payload['progress'])).toEqual([10, 40, 5])
  })
})

describe('an odd value in a loop', () => {
  it('51: is signalled once for each session and reason, not for each call', async () => {
    const { tracker, of } = recorded()
    const [one, two] = [tracker.createSessionWithId('one'), tracker.createSessionWithId('two')]
    for (let turn = 0; turn < 1_000; turn++) {
      for (const id of [one, two]) expect(tracker.updateProgress(id, Number.NaN)).toBe(false)
      expect(tracker.updateProgress('nobody', 5)).toBe(false)
    }
    await tracker.run('work', { owner: null, id: 'three' }, (task) => {
      for (let turn = 0; turn < 1_000; turn++) {
        task.advance(Number.NaN)
        task.update({ current: Number.NaN })
      }
    })
    const told = of('dropped').map(({ sessionId, reason }) => `${sessionId}: ${reason}`)
    expect(told).toEqual([
      'one: progress takes a finite number',
      'two: progress takes a finite number',
      'nobody: no live session has this id',
      'three: advance() takes a finite number of units, 0 or more',
      'three: current takes a finite number',
    ])
  })

  it('51: is signalled again in a new life of its id', () => {
    const { tracker, of } = recorded()
    for (let life = 0; life < 2; life++) {
      tracker.createSessionWithId('one')
      for (let turn = 0; turn < 10; turn++) tracker.updateProgress('one', Number.NaN)
    }
    expect(of('dropped')).toHaveLength(2)
  })
})

describe('odd metadata', () => {
  it('54: is cut to its bounds, and the snapshot says so', () => {
    const { tracker } = recorded()
    const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]))
    let deep: unknown = 'deep'
    for (let level = 0; level < 1_000; level++) deep = { deep }
    for (const metadata of [keys, { deep }, { text: 'x'.repeat(1_000_000) }]) {
      const state = parseState(tracker.getSession(tracker.createSession(metadata as never)))
      expect(state.truncated).toBe(true)
      expect(jsonBytes(state.metadata)).toBeLessThanOrEqual(LIMITS.metadataBytes)
      const job = tracker.run('work', { owner: null, metadata: metadata as never }, () => {})
      expect(parseState(tracker.getSession(job.id))).toMatchObject({ truncated: true, metadata: { operation: 'work' } })
    }
  })

  it('stays in its bounds when it comes in a thousand pieces, and keeps up what is there', () => {
    const { tracker } = recorded()
    const id = tracker.createSession({ rows: 0 })
    for (let row = 0; row < 1_000; row++) tracker.updateProgress(id, 1, 'x', { rows: row, [`k${row}`]: row })
    const state = parseState(tracker.getSession(id))
    expect(Object.keys(state.metadata)).toHaveLength(LIMITS.metadataEntries)
    expect(state).toMatchObject({ truncated: true, metadata: { rows: 999, k0: 0 } })
  })

  it('is no change where it says what is known', async () => {
    const { tracker, clock, sent } = recorded()
    const id = tracker.createSession({ a: { b: [1] } })
    tracker.updateProgress(id, 5)
    for (let turn = 0; turn < 5; turn++) {
      tracker.updateProgress(id, 5, undefined, { a: { b: [1] } })
      await clock.advance(100)
    }
    expect(sent).toHaveLength(1)
  })

  it('55: cannot touch a prototype', () => {
    const { tracker } = recorded()
    const evil = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":1,"prototype":2,"inner":{"__proto__":{"polluted":1}}}',
    )
    const id = tracker.createSession(evil)
    tracker.updateProgress(id, 5, undefined, evil)
    tracker.errorSession(id, 'no', evil)
    expect(tracker.getSession(id)?.metadata).toEqual({ inner: {} })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('56, 57: is text, carried as it is', () => {
    const { tracker, sent } = recorded()
    const id = tracker.createSession()
    const text = '<script>alert(1)</script> <img onerror=x> javascript:1 \r\n\u001b[31m\u202e\u0000'
    tracker.updateProgress(id, 5, text, { text })
    expect(sent[0]?.payload).toMatchObject({ message: text, metadata: { text } })
  })

  it('does not change with the object that was handed over', () => {
    const { tracker } = recorded()
    const metadata = { rows: 1, inner: { a: 1 } }
    const id = tracker.createSession(metadata)
    tracker.updateProgress(id, 5)
    tracker.updateProgress(id, 6, undefined, metadata)
    metadata.rows = 2
    metadata.inner.a = 2
    expect(tracker.getSession(id)?.metadata).toEqual({ rows: 1, inner: { a: 1 } })
  })
})

describe('calls that come too late', () => {
  it('58: answer false, change nothing, and are signalled, once for each reason', () => {
    const { tracker, of, events } = recorded()
    const id = tracker.createSession()
    expect(tracker.completeSession(id, 'first')).toBe(true)
    const before = tracker.getSession(id)
    expect([
      tracker.completeSession(id, 'second'),
      tracker.errorSession(id, 'no'),
      tracker.cancelSession(id),
      tracker.updateProgress(id, 5, 'late'),
    ]).toEqual([false, false, false, false])
    expect(tracker.getSession(id)).toEqual(before)
    expect(events()).toEqual(['progress-complete'])
    const reasons = ['the session has ended already', 'no live session has this id']
    expect(of('dropped').map(({ reason }) => reason)).toEqual(reasons)
    expect(() => tracker.signalOf(id)).toThrow('No live session')
  })

  it('58: answer false for an id that nobody knows', () => {
    const { tracker, of } = recorded()
    expect([tracker.completeSession('x'), tracker.errorSession('x', 'y'), tracker.updateProgress('x', 5)]).toEqual([
      false,
      false,
      false,
    ])
    expect(of('dropped').map(({ sessionId }) => sessionId)).toEqual(['x', 'x'])
    expect(tracker.getSession('x')).toBeNull()
  })
})

describe('an id that is taken', () => {
  it("59: is refused where it lives and is another's, and nothing is overwritten", () => {
    const { tracker } = recorded()
    tracker.createSessionWithId('one', { mine: 1 }, { owner: 'ada' })
    for (const owner of ['bob', null] as const) {
      expect(() => tracker.createSessionWithId('one', {}, { owner })).toThrow('another owner')
      expect(() => tracker.run('work', { owner, id: 'one' }, () => {})).toThrow('another owner')
    }
    expect(tracker.getSession('one')).toMatchObject({ metadata: { mine: 1 } })
    tracker.completeSession('one')
    tracker.createSessionWithId('one', {}, { owner: 'bob' })
    expect(tracker.getSession('one')).toMatchObject({ status: 'active', metadata: {} })
  })
})

describe('many at once', () => {
  it('60: a thousand updates from fifty branches count densely, and none is lost', async () => {
    const { tracker, clock, states } = recorded()
    const id = tracker.createSession()
    let done = 0
    const branch = async (number: number) => {
      for (let turn = 0; turn < 20; turn++) {
        await new Promise<void>((resolve) => clock.after((number * 7 + turn * 31) % 90, resolve))
        done += 1
        tracker.updateProgress(id, done / 10, `${done}`, { [`b${number % 9}`]: turn })
      }
    }
    const branches = Promise.all(Array.from({ length: 50 }, (_, number) => branch(number)))
    await clock.advance(5_000)
    await branches
    tracker.completeSession(id)
    expect(states.map(({ revision }) => revision)).toEqual(states.map((_, index) => index + 1))
    expect(states.at(-2)).toMatchObject({ progress: 100, message: '1000' })
    expect(states.at(-1)).toMatchObject({ status: 'completed' })
  })
})
