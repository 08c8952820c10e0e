// A server that goes and comes back, with word or without: its clients come back, too, and hear of each end once.
import { describe, it } from 'vitest'
import { Site } from '../../support/site'

const within = (timeout: number) => ({ timeout, interval: 10 })

describe.concurrent('a server that drains and is started again', () => {
  it('S2-88: its clients come back, and an end that they have heard is not told again', async ({ expect }) => {
    await using site = await Site.start()
    const [done, running] = [site.session('done'), site.session('running')]
    const recorder = site.client()
    const [first, second] = [recorder.watch(done), recorder.watch(running)]
    const disconnects: string[] = []
    recorder.client.on('disconnect', ({ reason }) => disconnects.push(reason))
    await expect.poll(() => second.state.status, within(3_000)).toBe('active')
    site.tracker.completeSession(done, 'done')
    await first.finished
    await site.down()
    await expect.poll(() => disconnects, within(3_000)).toEqual(['DRAINING'])
    await site.up()
    site.session(running) // the job is begun anew: a new epoch
    site.tracker.updateProgress(running, 5, 'again')
    await expect.poll(() => second.state.message, within(5_000)).toBe('again')
    await expect.poll(() => recorder.client.connection.status, within(5_000)).toBe('connected')
    site.tracker.completeSession(running)
    await second.finished
    expect([done, running].map((id) => recorder.endsOf(id))).toEqual([1, 1])
  })

  it('S2-88: an end that came while they were away is told once', async ({ expect }) => {
    await using site = await Site.start()
    const id = site.session()
    const recorder = site.client()
    const watch = recorder.watch(id)
    await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
    site.proxy.faults = { hole: { direction: 'down' } }
    site.tracker.completeSession(id, 'unheard')
    await site.down()
    await site.up()
    site.proxy.resetAll()
    site.proxy.faults = {}
    await expect.poll(() => watch.state.message, within(5_000)).toBe('unheard')
    await expect.poll(() => recorder.client.connection.status, within(5_000)).toBe('connected')
    expect(recorder.endsOf(id)).toBe(1)
  })

  it.for(['sse', 'poll'] as const)('S2-88: by %s, too', async (way, { expect }) => {
    await using site = await Site.start()
    const id = site.session()
    const recorder = site.client({ transport: [way] })
    const watch = recorder.watch(id)
    await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
    await site.down()
    await site.up()
    site.session(id)
    site.tracker.completeSession(id, 'by the new one')
    await expect.poll(() => watch.state.message, within(5_000)).toBe('by the new one')
    expect(recorder.endsOf(id)).toBe(1)
  })

  it('S2-88: asks those who come too early to come later, and they do', async ({ expect }) => {
    await using site = await Site.start()
    const id = site.session()
    const recorder = site.client()
    const watch = recorder.watch(id)
    await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
    await site.drain() // and it goes on listening
    await expect.poll(() => recorder.client.connection.status, within(3_000)).toBe('reconnecting')
    await site.down()
    await site.up()
    site.session(id)
    site.tracker.completeSession(id, 'later')
    await expect.poll(() => watch.state.message, within(8_000)).toBe('later')
    expect(recorder.endsOf(id)).toBe(1)
  })
})

describe.concurrent('a server that is gone without a word', () => {
  it('11: what it had told is shown on, what it had not comes from the next one', async ({ expect }) => {
    await using site = await Site.start()
    const id = site.session('job')
    const recorder = site.client()
    const watch = recorder.watch(id)
    site.tracker.updateProgress(id, 40, 'before')
    await expect.poll(() => watch.state.message, within(3_000)).toBe('before')
    site.crash()
    await expect.poll(() => recorder.client.connection.status, within(3_000)).toBe('reconnecting')
    expect(watch.state).toMatchObject({ status: 'active', progress: 40 })
    await site.up()
    site.session(id)
    site.tracker.updateProgress(id, 1, 'after')
    await expect.poll(() => watch.state.message, within(5_000)).toBe('after')
    site.tracker.completeSession(id)
    await watch.finished
    expect(recorder.endsOf(id)).toBe(1)
  })
})
