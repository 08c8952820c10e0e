import { describe, expect, it } from 'vitest'
import { cluster, type Member, told } from './conformance/cluster.test-support'
import { deferred } from './recorder.test-support'

const SECOND = 1_000

/** A job in the first process, and a second process that asks it to stop. */
async function setUp(work?: () => Promise<void>) {
  const { members, pass } = cluster(2)
  const [worker, asker] = members as [Member, Member]
  const job = worker.tracker.run('work', { id: 's-1', owner: 'ada' }, (task) =>
    work ? work() : new Promise((_, reject) => task.signal.addEventListener('abort', () => reject(task.signal.reason))),
  )
  const outcome = job.then(() => 'done').catch((error: { code?: string }) => error.code)
  await pass(SECOND)
  return { worker, asker, outcome, pass }
}

/** What is answered, while time passes. */
async function answerOf({ tracker }: Member, pass: (ms: number) => Promise<void>) {
  const asked = tracker.requestCancel('s-1', 'enough')
  await pass(5 * SECOND)
  return asked
}

describe('a cancel that is asked for in another process', () => {
  it('is answered with ok when the process of the job has taken it in', async () => {
    const { worker, asker, outcome } = await setUp()
    expect(await asker.tracker.requestCancel('s-1', 'enough')).toEqual({ ok: true })
    expect(await outcome).toBe('CANCELLED')
    expect(told(worker, 's-1').at(-1)).toMatchObject({ status: 'cancelled', reason: 'enough' })
  })

  it('is answered at once, although the job has just reported', async () => {
    const { worker, asker } = await setUp(() => new Promise(() => {}))
    worker.tracker.updateProgress('s-1', 5)
    worker.tracker.updateProgress('s-1', 6)
    expect(await asker.tracker.requestCancel('s-1')).toEqual({ ok: true })
    expect(await asker.tracker.requestCancel('s-1')).toEqual({ ok: true })
  })

  it('is refused, to be tried again, where the backend is away for the process of the job, and nothing is lost', async () => {
    const { worker, asker, outcome, pass } = await setUp()
    worker.cut()
    expect(await answerOf(asker, pass)).toMatchObject({ ok: false, code: 'UNAVAILABLE' })
    expect(asker.signals).toContainEqual(expect.objectContaining({ name: 'store-failed', where: 'cancel' }))
    worker.mend()
    await pass(SECOND)
    expect(worker.tracker.getSession('s-1')).toMatchObject({ status: 'active' })
    expect(await answerOf(asker, pass)).toEqual({ ok: true })
    expect(await outcome).toBe('CANCELLED')
  })

  it('is refused at once where its end is told while a slow backend still shows it running', async () => {
    const { promise, resolve } = deferred()
    const { worker, asker, pass } = await setUp(() => promise)
    const { backend } = asker.tracker['~node']
    const found = await backend.get(['s-1'])
    const answer = deferred<typeof found>()
    backend.get = () => answer.promise
    const asked = asker.tracker.requestCancel('s-1')
    resolve()
    await worker.tracker.flush()
    await pass(100)
    answer.resolve(found)
    expect(await asked).toMatchObject({ ok: false, code: 'NOT_CANCELLABLE' })
  })

  it('is refused, to be tried again, where the backend is away for the one that asks', async () => {
    const { asker, pass } = await setUp()
    asker.cut()
    expect(await answerOf(asker, pass)).toMatchObject({ ok: false, code: 'UNAVAILABLE' })
  })

  it('is answered with ok where only its own ears are away: the backend shows that it was taken in', async () => {
    const { asker, outcome, pass } = await setUp()
    asker.cut()
    asker.line.become('well')
    expect(await answerOf(asker, pass)).toEqual({ ok: true })
    expect(await outcome).toBe('CANCELLED')
  })
})
