import { defineOperation, ProgressError, type } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { deferred, parseState, recorded } from './recorder.test-support'

const importCsv = defineOperation('csv-import', {
  metadata: type<{ filename: string; rejected: number }>(),
  result: z.object({ inserted: z.number() }),
  phases: { upload: 10, parse: 30, insert: 60 },
})
const start = { owner: 'ada', metadata: { filename: 'a.csv', rejected: 0 } } as const

describe('run', () => {
  it('that returns ends as completed, and answers its value', async () => {
    const { tracker, states, of, events } = recorded()
    const job = tracker.run(importCsv, { ...start, message: 'Hello', unit: 'rows', total: 3 }, () => ({ inserted: 3 }))
    expect(tracker.getSession(job.id)).toMatchObject({
      operation: 'csv-import',
      metadata: { operation: 'csv-import', filename: 'a.csv' },
      cancellable: true,
      message: 'Hello',
      total: 3,
    })
    await expect(job).resolves.toEqual({ inserted: 3 })
    expect(states.map(({ status }) => status)).toEqual(['active', 'completed'])
    expect(parseState(states[1])).toMatchObject({ progress: 100, result: { inserted: 3 }, current: 3 })
    expect(of('ended')).toEqual([
      { name: 'ended', sessionId: job.id, operation: 'csv-import', status: 'completed', duration: 0 },
    ])
    expect(events()).toEqual(['progress-complete'])
  })

  // snippet 6: my job, each state it made
  it('tells few states of a short job', async () => {
    const { tracker, states } = recorded()
    await tracker.run(importCsv, start, async (task) => {
      for (const row of task.track([1, 2, 3])) await Promise.resolve(row)
      return { inserted: 3 }
    })
    expect(states.map(({ progress }) => progress)).toEqual([0, 100])
    expect(states.map(({ revision }) => revision)).toEqual([1, 2])
  })

  it('goes on as its own promise: an error that the job throws is the one that is caught', async () => {
    const { tracker } = recorded()
    const mine = new RangeError('mine')
    const job = tracker.run('work', { owner: null }, () => Promise.reject(mine))
    expect(await job.catch((error) => error)).toBe(mine)
  })

  describe('that throws', () => {
    // G10
    it('81: something foreign ends with a reference only, which the signal has too', async () => {
      const { tracker, states, of, sent } = recorded()
      const foreign = Object.assign(new TypeError('select * from users at /srv/app.js'), { sql: 'secret' })
      await expect(tracker.run(importCsv, start, () => Promise.reject(foreign))).rejects.toBe(foreign)
      const [failed] = of('job-failed')
      expect(failed?.cause).toBe(foreign)
      const last = parseState(states.at(-1))
      expect(last).toMatchObject({
        status: 'error',
        message: 'The work failed.',
        error: {
          code: 'OPERATION_FAILED',
          message: 'The work failed.',
          reference: failed?.reference,
          retryable: false,
        },
      })
      expect(JSON.stringify([states, sent])).not.toMatch(/users|srv|secret|TypeError|stack/)
      expect(of('ended')[0]).toMatchObject({ status: 'error', code: 'OPERATION_FAILED' })
    })

    it('a ProgressError says what it says', async () => {
      const { tracker, states, of } = recorded()
      const said = new ProgressError('VALIDATION_FAILED', 'Row 7 has no name', { details: { row: 7 }, cause: 'secret' })
      await tracker.run('work', { owner: null }, () => Promise.reject(said)).catch(() => {})
      expect(parseState(states.at(-1))).toMatchObject({
        message: 'Row 7 has no name',
        error: { code: 'VALIDATION_FAILED', row: 7, details: { row: 7 }, reference: of('job-failed')[0]?.reference },
      })
    })

    it('after somebody ended it is still signalled, and changes nothing', async () => {
      const { tracker, states, of } = recorded()
      const job = tracker.run('work', { owner: null, id: 'one' }, async () => {
        tracker.completeSession('one')
        throw new Error('late')
      })
      await expect(job).rejects.toThrow('late')
      expect(states.at(-1)?.status).toBe('completed')
      expect(of('job-failed')).toHaveLength(1)
    })
  })

  describe('that returns a result', () => {
    it('publishes it only where it is declared, stripped by the schema', async () => {
      const { tracker, states } = recorded()
      await tracker.run('work', { owner: null }, () => ({ secret: 1 }))
      expect(states.at(-1)).not.toHaveProperty('result')
      await tracker.run(importCsv, start, () => ({ inserted: 1, secret: 1 }))
      expect(states.at(-1)).toMatchObject({ result: { inserted: 1 } })
      expect(JSON.stringify(states)).not.toContain('secret')
    })

    it.each<[string, unknown, string]>([
      ['is not what was declared', { inserted: 'three' }, 'something other than its operation declares'],
      ['is too large', 'x'.repeat(5_000), 'at most 4096 bytes'],
      ['cannot be said in JSON', { inserted: 3n }, 'could not be said in JSON'],
    ])('leaves it out where it %s, and completes', async (_, value, reason) => {
      const { tracker, states, of } = recorded()
      const free = defineOperation('free', {
        result:
          typeof value === 'object' && reason.includes('JSON')
            ? type<unknown>()
            : z.union([z.object({ inserted: z.number() }), z.string()]),
      })
      await expect(tracker.run(free, { owner: null }, () => value as never)).resolves.toBe(value)
      expect(parseState(states.at(-1))).toMatchObject({ status: 'completed', truncated: true })
      expect(states.at(-1)).not.toHaveProperty('result')
      expect(of('dropped')[0]?.reason).toContain(reason)
    })

    it('completes where the schema itself throws, or answers later', async () => {
      const { tracker, states } = recorded()
      const schema = (validate: (value: unknown) => unknown) => ({
        '~standard': { version: 1 as const, vendor: 'mine', validate },
      })
      const broken = schema(() => {
        throw new Error('schema')
      })
      await tracker.run(defineOperation('a', { result: broken }), { owner: null }, () => 1)
      expect(states.at(-1)).toMatchObject({ status: 'completed', truncated: true })
      const later = schema(async (value) => ({ value: [value] }))
      await tracker.run(defineOperation('b', { result: later }), { owner: null }, () => 1)
      expect(states.at(-1)).toMatchObject({ result: [1] })
      await tracker.run(defineOperation('c', { result: later }), { owner: null }, () => undefined)
      expect(states.at(-1)).toMatchObject({ result: [null] })
    })
  })

  it('completes, with its own value, where the schema of its result never answers', async () => {
    const { tracker, states, of, clock } = recorded()
    const silent = {
      '~standard': { version: 1 as const, vendor: 'mine', validate: () => new Promise<never>(() => {}) },
    }
    const job = tracker.run(defineOperation('a', { result: silent }), { owner: null }, () => 1 as never)
    await clock.advance(10_000)
    expect(states.at(-1)).toMatchObject({ status: 'completed', truncated: true })
    expect(states.at(-1)).not.toHaveProperty('result')
    expect(of('dropped')).toHaveLength(1)
    await expect(job).resolves.toBe(1)
  })

  describe('in several attempts', () => {
    const attempt = (number: number) => ({ owner: 'ada', id: 'one', attempt: { number, of: 2 } }) as const

    it('waits after one that failed and is not the last, and goes on in the same epoch', async () => {
      const { tracker, states, of } = recorded()
      const failing = () => Promise.reject(new Error('first'))
      await tracker
        .run('work', attempt(1), async (task) => {
          task.update({ progress: 60 })
          return failing()
        })
        .catch(() => {})
      expect(parseState(tracker.getSession('one'))).toMatchObject({
        queued: true,
        cancellable: false,
        progress: 60,
        attempt: 1,
      })
      expect([of('ended').length, of('job-failed').length]).toEqual([0, 1])
      expect(await tracker.requestCancel('one')).toMatchObject({ ok: false, code: 'NOT_CANCELLABLE' })

      await tracker.run('work', { ...attempt(2), message: 'Once more' }, (task) => {
        expect(task.attempt).toBe(2)
        const now = tracker.getSession('one')
        expect(now).toMatchObject({ attempt: 2, cancellable: true, progress: 60, message: 'Once more' })
        expect(now).not.toHaveProperty('queued')
      })
      expect(new Set(states.map(({ epoch }) => epoch)).size).toBe(1)
      expect(states.at(-1)?.status).toBe('completed')
      for (const state of states) parseState(state)
    })

    it('ends with the failure of the last', async () => {
      const { tracker } = recorded()
      for (const number of [1, 2])
        await tracker.run('work', attempt(number), () => Promise.reject(new Error())).catch(() => {})
      expect(tracker.getSession('one')).toMatchObject({ status: 'error', attempt: 2 })
    })

    it('is not waited for where somebody asked to stop', async () => {
      const { tracker } = recorded()
      const job = tracker.run('work', attempt(1), async () => {
        await tracker.requestCancel('one')
        throw new Error('connection closed')
      })
      await job.catch(() => {})
      expect(tracker.getSession('one')?.status).toBe('error')
    })

    it('does not hear what an attempt that is over still says', async () => {
      const { tracker, states, clock } = recorded()
      const leak: (() => void)[] = []
      await tracker
        .run('work', attempt(1), (task) => {
          leak.push(
            () => task.update({ progress: 99, message: 'ghost' }),
            () => task.log('ghost'),
            () => task.advance(),
          )
          leak.push(() => void task.shield(() => 1))
          throw new Error('first')
        })
        .catch(() => {})
      const told = states.length
      for (const one of leak) one()
      await clock.advance(500)
      expect(states).toHaveLength(told)
      await tracker.run('work', attempt(2), () => {
        for (const one of leak) one()
        expect(tracker.getSession('one')).toMatchObject({ cancellable: true, progress: 0 })
      })
      expect(JSON.stringify(states)).not.toContain('ghost')
    })

    it('numbers its log lines through', async () => {
      const { tracker, sent } = recorded()
      await tracker
        .run('work', attempt(1), (task) => {
          task.log('a')
          throw new Error('first')
        })
        .catch(() => {})
      await tracker.run('work', attempt(2), (task) => task.log('b'))
      const logs = sent.filter(({ event }) => event === 'progress-log')
      expect(logs.map(({ payload }) => payload['from'])).toEqual([0, 1])
    })

    it('is known before a worker has it', async () => {
      const { tracker, states } = recorded()
      expect(tracker.reserve(importCsv, { ...start, id: 'one' })).toBe('one')
      expect(parseState(tracker.getSession('one'))).toMatchObject({ queued: true, cancellable: false })
      await tracker.run(
        importCsv,
        { ...start, id: 'one', total: 5, metadata: { filename: 'b.csv', rejected: 0 } },
        () => {
          expect(tracker.getSession('one')).toMatchObject({ total: 5, metadata: { filename: 'b.csv' } })
          return { inserted: 5 }
        },
      )
      expect(new Set(states.map(({ epoch }) => epoch)).size).toBe(1)
      expect(states.at(-1)).toMatchObject({ status: 'completed', result: { inserted: 5 } })
    })
  })

  it('under an id that runs begins a new epoch, and stops the old job, which is not heard any more', async () => {
    const { tracker, states, of } = recorded()
    const { promise, resolve } = deferred()
    const old = tracker.run('work', { owner: 'ada', id: 'one' }, async (task) => {
      await promise
      task.update({ message: 'ghost' })
      task.signal.throwIfAborted()
    })
    const fresh = tracker.run('work', { owner: 'ada', id: 'one' }, () => promise)
    resolve()
    await expect(old).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await fresh
    expect(states.map(({ status }) => status)).toEqual(['active', 'active', 'completed'])
    expect([of('ended').length, of('job-failed').length]).toEqual([1, 0])
  })

  it('is not in the way of other work when its process ends sessions by hand', async () => {
    const { tracker } = recorded()
    const job = tracker.run('work', { owner: null, id: 'one' }, async (task) => {
      tracker.cancelSession('one')
      task.advance()
      task.update({ progress: 5 })
      task.log('x')
      return task.phase('none' as never, () => 1)
    })
    await expect(job).rejects.toThrow(TypeError)
    expect(tracker.getSession('one')).toMatchObject({ status: 'cancelled', progress: 0 })
  })
})
