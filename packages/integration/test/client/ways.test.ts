// Each way to the server alone, over a real port: from before a session is made to its end, cancelling, and what is not ours.
import { it } from 'vitest'
import { Site } from '../../support/site'

const soon = { timeout: 5_000, interval: 10 }

it.concurrent.for(['socket', 'sse', 'poll'] as const)('follows a session by %s alone', async (way, { expect }) => {
  await using site = await Site.start()
  const recorder = site.client({ transport: [way] })
  const watch = recorder.watch('job')
  const logged: unknown[] = []
  watch.onLog((item) => logged.push('text' in item ? item.text : item))
  await expect.poll(() => recorder.statuses, soon).toContain(way === 'socket' ? 'connected' : 'polling')
  expect(watch.state.status).toBe('waiting')

  let finish = (): void => {}
  const run = site.tracker.run('import', { id: 'job', owner: 'ada', total: 10, unit: 'rows' }, async (task) => {
    task.advance(4)
    task.log('four')
    await new Promise<void>((resolve) => {
      finish = resolve
    })
  })
  await expect.poll(() => watch.state.progress, soon).toBe(40)
  const mine = recorder.client.watchMine()
  await expect.poll(() => mine.state.sessions.map(({ sessionId }) => sessionId), soon).toEqual(['job'])
  finish()
  await run
  expect((await watch.finished).status).toBe('completed')
  await expect.poll(() => mine.state.sessions[0]?.status, soon).toBe('completed')
  expect(recorder.endsOf('job')).toBe(1)
  // Output is pushed; polling has none.
  expect(logged).toEqual(way === 'poll' ? [] : ['four'])
})

it.concurrent.for(['socket', 'sse', 'poll'] as const)(
  'cancels by %s, and is told that it was asked',
  async (way, { expect }) => {
    await using site = await Site.start()
    const recorder = site.client({ transport: [way] })
    const run = site.tracker.run('import', { owner: 'ada' }, ({ signal }) => {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    const watch = recorder.watch(run.id)
    await expect.poll(() => watch.state.status, soon).toBe('active')
    expect(await watch.cancel('no more')).toEqual({ ok: true })
    expect(await watch.finished).toMatchObject({ status: 'cancelled', reason: 'no more' })
    await run.catch(() => {})
  },
)

it.concurrent.for(['socket', 'sse', 'poll'] as const)(
  'somebody else’s is gone by %s, as one that is not there',
  async (way, { expect }) => {
    await using site = await Site.start()
    const id = site.tracker.createSession({}, { owner: 'bob' })
    const { client } = site.client({ transport: [way] })
    const ends = await Promise.all([id, 'nowhere'].map((each) => client.watch(each, { awaitMs: 300 }).finished))
    expect(ends).toEqual([
      { status: 'gone', progress: 0, code: 'NOT_FOUND' },
      { status: 'gone', progress: 0, code: 'NOT_FOUND' },
    ])
  },
)
