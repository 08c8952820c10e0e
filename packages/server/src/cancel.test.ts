import { describe, expect, it } from 'vitest'
import { deferred, parseState, recorded } from './recorder.test-support'

const mine = { owner: 'ada', id: 'one' } as const

describe('requestCancel', () => {
  it('asks the job, shows that it was asked, and ends when the job obeys', async () => {
    const { tracker, states } = recorded()
    const job = tracker.run('work', mine, async (task) => {
      expect(await tracker.requestCancel('one', 'r'.repeat(300))).toEqual({ ok: true })
      expect(parseState(tracker.getSession('one'))).toMatchObject({ cancelRequested: { reason: 'r'.repeat(200) } })
      expect(task.signal.reason).toMatchObject({ code: 'CANCELLED' })
      expect(await tracker.requestCancel('one', 'again')).toEqual({ ok: true })
      task.signal.throwIfAborted()
    })
    await expect(job).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(parseState(states.at(-1))).toMatchObject({ status: 'cancelled', reason: 'r'.repeat(200) })
    expect(states.at(-1)).not.toHaveProperty('cancelRequested')
  })

  it.each([
    ['what the platform throws', () => new DOMException('aborted', 'AbortError')],
    ['an AbortError of a library', () => Object.assign(new Error('aborted'), { name: 'AbortError' })],
  ])('takes %s as obeying', async (_, error) => {
    const { tracker, of } = recorded()
    const job = tracker.run('work', mine, async () => {
      await tracker.requestCancel('one')
      throw error()
    })
    await job.catch(() => {})
    expect(tracker.getSession('one')?.status).toBe('cancelled')
    expect(of('job-failed')).toEqual([])
  })

  it('an AbortError that nobody asked for is a failure', async () => {
    const { tracker } = recorded()
    const error = new DOMException('timeout', 'AbortError')
    await tracker.run('work', mine, () => Promise.reject(error)).catch(() => {})
    expect(tracker.getSession('one')?.status).toBe('error')
  })

  it('leaves a job that finishes all the same completed', async () => {
    const { tracker } = recorded()
    await tracker.run('work', mine, async () => void (await tracker.requestCancel('one')))
    expect(tracker.getSession('one')?.status).toBe('completed')
  })

  it('is refused where nothing can be cancelled', async () => {
    const { tracker } = recorded()
    expect(await tracker.requestCancel('unknown')).toMatchObject({ ok: false, code: 'NOT_FOUND' })
    tracker.createSessionWithId('plain')
    expect(await tracker.requestCancel('plain')).toMatchObject({ ok: false, code: 'NOT_CANCELLABLE' })
    await tracker.run('work', mine, () => {})
    expect(await tracker.requestCancel('one')).toMatchObject({ ok: false, code: 'NOT_CANCELLABLE' })
    tracker.reserve({ kind: 'work', phases: {} }, { owner: 'ada', id: 'waits' })
    expect(await tracker.requestCancel('waits')).toMatchObject({ ok: false, code: 'NOT_CANCELLABLE' })
  })

  it('stops a tracked loop between two items', async () => {
    const { tracker, states } = recorded()
    const seen: number[] = []
    const job = tracker.run('work', mine, async (task) => {
      for (const item of task.track([1, 2, 3, 4])) {
        seen.push(item)
        if (item === 2) await tracker.requestCancel('one', 'enough')
      }
    })
    await job.catch(() => {})
    expect(seen).toEqual([1, 2])
    expect(states.at(-1)).toMatchObject({ status: 'cancelled', current: 2, total: 4, progress: 50 })
  })
})

describe('signalOf', () => {
  it('makes a session of the seed cancellable, and is aborted', async () => {
    const { tracker, sent } = recorded()
    tracker.createSessionWithId('one')
    const signal = tracker.signalOf('one')
    expect(tracker.signalOf('one')).toBe(signal)
    expect(sent.at(-1)?.payload).toMatchObject({ cancellable: true })
    expect(await tracker.requestCancel('one', 'enough')).toEqual({ ok: true })
    expect([signal.aborted, signal.reason.message]).toEqual([true, 'enough'])
    expect(tracker.getSession('one')?.status).toBe('active')
  })

  it('of a session that waits in a queue is the one of its job', async () => {
    const { tracker } = recorded()
    tracker.reserve({ kind: 'work', phases: {} }, mine)
    const signal = tracker.signalOf('one')
    expect(await tracker.requestCancel('one')).toEqual({ ok: true })
    const job = tracker.run('work', mine, (task) => {
      expect(task.signal).toBe(signal)
      task.signal.throwIfAborted()
    })
    await expect(job).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(tracker.getSession('one')?.status).toBe('cancelled')
  })

  it('is the one of the job', async () => {
    const { tracker } = recorded()
    await tracker.run('work', mine, (task) => expect(tracker.signalOf('one')).toBe(task.signal))
    expect(() => tracker.signalOf('unknown')).toThrow('No live session of this process has this id')
  })
})

describe('shield', () => {
  it('refuses a cancel while it runs, says so, and takes one afterwards', async () => {
    const { tracker } = recorded()
    const { promise, resolve } = deferred<number>()
    const job = tracker.run('work', mine, async (task) => {
      const shielded = task.shield(() => promise)
      expect(tracker.getSession('one')).toMatchObject({ cancellable: false })
      expect(await tracker.requestCancel('one')).toMatchObject({ ok: false, code: 'NOT_CANCELLABLE' })
      expect(task.signal.aborted).toBe(false)
      resolve(7)
      expect(await shielded).toBe(7)
      expect(tracker.getSession('one')).toMatchObject({ cancellable: true })
      expect(await tracker.requestCancel('one')).toEqual({ ok: true })
    })
    await job
  })

  it('nests, and lets go when its body throws or rejects', async () => {
    const { tracker } = recorded()
    await tracker.run('work', mine, async (task) => {
      task.shield(() => {
        task.shield(() => 1)
        expect(tracker.getSession('one')).toMatchObject({ cancellable: false })
      })
      const thrown = () => {
        throw new Error('now')
      }
      expect(() => task.shield(thrown)).toThrow('now')
      await expect(task.shield(() => Promise.reject(new Error('later')))).rejects.toThrow('later')
      expect(tracker.getSession('one')).toMatchObject({ cancellable: true })
    })
  })

  it('keeps a tracked loop going that was cancelled before', async () => {
    const { tracker } = recorded()
    const seen: number[] = []
    const job = tracker.run('work', mine, async (task) => {
      await tracker.requestCancel('one')
      task.shield(() => {
        for (const item of task.track([1, 2])) seen.push(item)
      })
      for (const item of task.track([3])) seen.push(item)
    })
    await job.catch(() => {})
    expect(seen).toEqual([1, 2])
    expect(tracker.getSession('one')?.status).toBe('cancelled')
  })
})
