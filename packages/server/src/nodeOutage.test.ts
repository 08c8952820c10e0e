import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { memory } from './backend/memory'
import { cluster, type Member, told } from './conformance/cluster.test-support'
import { unruly } from './conformance/unruly.test-support'
import { DEFAULTS } from './defaults'
import { ProgressTracker } from './progressTracker'

const SECOND = 1_000

/** A tracker whose backend is away from the first call on. */
function without(health: 'failing' | 'hanging') {
  const clock = new ManualClock()
  const line = unruly(memory({ clock }))
  line.become(health)
  return { clock, line, tracker: new ProgressTracker({ backend: line.backend, clock }) }
}

describe.each(['failing', 'hanging'] as const)('a backend that is %s', (health) => {
  it('20, 21, 25, 28: never reaches the job', async () => {
    const { tracker, clock } = without(health)
    const values: unknown[] = []
    const run = tracker.run('import', { id: 's-1', owner: 'ada' }, async (task) => {
      task.advance(5)
      task.log('line')
      return 7
    })
    void run.then((value) => values.push(value))
    tracker.createSessionWithId('s-2')
    expect(tracker.updateProgress('s-2', 50)).toBe(true)
    expect(tracker.completeSession('s-2')).toBe(true)
    await clock.advance(DEFAULTS.readTimeoutMs)
    expect(values).toEqual([7])
    expect(tracker.getSession('s-1')).toMatchObject({ status: 'completed' })
  })

  it('answers its readers in bounded time', async () => {
    const { tracker, clock } = without(health)
    const answers: unknown[] = []
    void tracker.find('elsewhere').then((found) => answers.push(found))
    void tracker.requestCancel('elsewhere').then((answer) => answers.push(answer))
    void tracker['~node'].listByOwner('ada').catch((error: { name: string }) => answers.push(error.name))
    void tracker['~node'].readLog('s-1', 'none', -1).catch((error: { name: string }) => answers.push(error.name))
    await clock.advance(DEFAULTS.readTimeoutMs)
    expect(answers).toHaveLength(4)
    expect(answers).toContain(null)
    expect(answers).toContainEqual(expect.objectContaining({ ok: false, code: 'UNAVAILABLE' }))
  })

  it('does not hold up close, which leaves no timer', async () => {
    const { tracker, clock, line } = without(health)
    tracker.createSessionWithId('s-1')
    tracker.updateProgress('s-1', 50)
    let isClosed = false
    void tracker.close().then(() => {
      isClosed = true
    })
    await clock.advance(DEFAULTS.flushTimeoutMs + DEFAULTS.readTimeoutMs)
    expect([isClosed, clock.pending]).toEqual([true, 0])
    line.become('well')
    await clock.advance(60 * SECOND)
    expect(clock.pending).toBe(0)
  })

  it('22: is used as soon as it is there, without a restart', async () => {
    const { tracker, clock, line } = without(health)
    const gaps: number[] = []
    tracker['~node'].listen({ gap: () => gaps.push(clock.now()) })
    tracker.createSessionWithId('s-1')
    await clock.advance(60 * SECOND)
    line.become('well')
    await clock.advance(DEFAULTS.retryMaxMs)
    expect((await line.backend.get(['s-1']))[0]?.snapshot.status).toBe('active')
    const heard: string[] = []
    tracker['~node'].listen({ revoked: () => heard.push('revoked') })
    await line.backend.send({ kind: 'revoke', whose: { userId: 'ada' } })
    await clock.advance(0)
    expect(heard).toEqual(['revoked'])
    expect(gaps).toHaveLength(health === 'failing' ? 1 : 0)
    await tracker.close()
  })

  it('20, 22: does not hide an end from who comes to its process before it could be stored', async () => {
    const { tracker, clock, line } = without(health)
    tracker.createSessionWithId('s-1', {}, { owner: 'ada' })
    tracker.errorSession('s-1', 'no room left')
    await clock.advance(5 * 60 * SECOND)
    expect(tracker.getSession('s-1')).toMatchObject({ status: 'error' })
    line.become('well')
    await clock.advance(DEFAULTS.retryMaxMs + DEFAULTS.errorLingerMs)
    expect(tracker.getSession('s-1')).toBeNull()
    expect(await tracker.find('s-1')).toMatchObject({ status: 'error' })
    await tracker.close()
  })

  it('is not asked again and again by each beat', async () => {
    const { tracker, clock, line } = without(health)
    tracker.createSessionWithId('s-1')
    await clock.advance(10 * 60 * SECOND)
    expect(line.waiting.now).toBeLessThanOrEqual(3)
    await Promise.all([tracker.close(), clock.advance(10 * SECOND)])
  })
})

describe('close', () => {
  it('writes what there is, leaves no timer, and may be called twice', async () => {
    const { members, pass, store } = cluster(2)
    const [a, b] = members as [Member, Member]
    a.tracker.createSessionWithId('s-1', {}, { owner: 'ada' })
    a.tracker.completeSession(b.tracker.createSessionWithId('s-2'))
    a.tracker.updateProgress('s-1', 10)
    a.tracker.updateProgress('s-1', 77)
    await Promise.all([a.tracker.close(), a.tracker.close()])
    expect((await store.get(['s-1']))[0]?.snapshot.progress).toBe(77)
    expect(a.clock.pending).toBe(0)
    await pass(SECOND)
    expect(told(b, 's-1').at(-1)).toMatchObject({ progress: 77 })
    await b.tracker.close()
    expect(b.clock.pending).toBe(0)
  })

  it('leaves a backend that was handed in to whoever opened it', async () => {
    const { members, store } = cluster(2)
    const [a, b] = members as [Member, Member]
    await a.tracker.close()
    b.tracker.createSessionWithId('s-1')
    await b.tracker.flush()
    expect(await store.get(['s-1'])).not.toEqual([null])
  })
})
