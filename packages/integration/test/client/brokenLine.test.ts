// Lines that break, dawdle and stutter: what is shown stays in order, and comes right.
import { comparePositions, type Snapshot } from '@progress/protocol/wire'
import { describe, it } from 'vitest'
import { Ledger } from '../../support/ledger'
import { Site } from '../../support/site'

const within = (timeout: number) => ({ timeout, interval: 10 })

describe.concurrent('a line that breaks', () => {
  it('11: after a reset in the middle of a frame the next dial makes all right', async ({ expect }) => {
    await using site = await Site.start()
    const id = site.session()
    const recorder = site.client()
    const watch = recorder.watch(id)
    await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
    const cut = site.proxy.cutNextFrame()
    site.tracker.updateProgress(id, 10, 'cut')
    await cut
    await expect.poll(() => watch.state.message, within(3_000)).toBe('cut')
    expect(recorder.statuses).toContain('reconnecting')
    expect(recorder.client.connection.status).toBe('connected')
    site.tracker.completeSession(id)
    expect((await watch.finished).status).toBe('completed')
    expect(recorder.endsOf(id)).toBe(1)
  })

  it('11: where the end itself is cut, it comes once all the same', async ({ expect }) => {
    await using site = await Site.start()
    const id = site.session()
    const recorder = site.client()
    const watch = recorder.watch(id)
    await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
    const cut = site.proxy.cutNextFrame()
    site.tracker.completeSession(id)
    await cut
    expect((await watch.finished).status).toBe('completed')
    expect(recorder.endsOf(id)).toBe(1)
  })

  it('14: with 500 ms ± 400 of latency each way, a byte at a time, all comes in order', async ({ expect }) => {
    await using site = await Site.start({}, 14)
    site.proxy.faults = { shape: { latencyMs: 500, jitterMs: 400, sliceBytes: 1 } }
    const id = site.session()
    const recorder = site.client()
    const watch = recorder.watch(id)
    await expect.poll(() => watch.state.status, within(10_000)).toBe('active')
    for (let step = 1; step <= 10; step++) {
      site.tracker.updateProgress(id, step * 10, `step ${step}`)
      await new Promise((resolve) => setTimeout(resolve, 120)) // a job's own pace
    }
    site.tracker.completeSession(id, 'done')
    expect((await watch.finished).status).toBe('completed')
    expect(recorder.endsOf(id)).toBe(1)
    expect(watch.state.message).toBe('done')
  })
})

describe.concurrent('an answer that comes late', () => {
  it('109: is older than what the socket has shown, and changes nothing', async ({ expect }) => {
    await using site = await Site.start()
    const id = site.session()
    const recorder = site.client()
    // Answers of the endpoint are under way until the hole is closed.
    site.proxy.faults = { block: 'socket.io', hole: { direction: 'down', path: '/api/progress' } }
    const watch = recorder.watch(id)
    await expect.poll(() => site.proxy.asked('/api/progress').length, within(3_000)).toBeGreaterThan(0)
    site.tracker.updateProgress(id, 50, 'newer')
    site.proxy.faults = { hole: { direction: 'down', path: '/api/progress' } }
    await expect.poll(() => watch.state.message, within(8_000)).toBe('newer')
    const shown = recorder.states.length
    site.proxy.faults = {}
    site.tracker.completeSession(id)
    expect((await watch.finished).status).toBe('completed')
    expect(recorder.states).toHaveLength(shown + 1)
    expect(recorder.endsOf(id)).toBe(1)
  })

  it.for(['sse', 'poll'] as const)('109: by %s tells nobody who has left meanwhile', async (way, { expect }) => {
    await using site = await Site.start()
    const [id, other] = [site.session(), site.session()]
    const recorder = site.client({ transport: [way] })
    site.proxy.faults = { hole: { direction: 'down' } }
    const watch = recorder.watch(id)
    await expect.poll(() => site.proxy.asked('/api/progress').length, within(3_000)).toBeGreaterThan(0)
    watch.leave()
    const shown = recorder.states.length
    site.proxy.faults = {}
    const next = recorder.watch(other)
    await expect.poll(() => next.state.status, within(3_000)).toBe('active')
    expect(recorder.states.slice(shown).every((state) => !('sessionId' in state) || state.sessionId === other)).toBe(
      true,
    )
    expect(watch.state).toMatchObject({ status: 'gone', code: 'LEFT' })
  })
})

describe('the book that a recorder keeps', () => {
  const at = (revision: number, status: Snapshot['status'] = 'active') =>
    ({ sessionId: 's', epoch: '0mhq2x8k1-abcdefgh', revision, status }) as Snapshot

  it('has nothing to say of a good watcher', ({ expect }) => {
    const ledger = new Ledger()
    for (const state of [at(1), at(2), at(5, 'completed')]) ledger.state(state)
    ledger.end(at(5))
    expect(comparePositions(at(2), at(1))).toBe(1)
    expect(ledger.violations).toEqual([])
  })

  it('notices a stale position, a state after the end, and an end that is told twice', ({ expect }) => {
    const ledger = new Ledger()
    for (const state of [at(2), at(1)]) ledger.state(state)
    expect(ledger.violations).toHaveLength(1)
    for (const state of [at(2), at(2)]) ledger.state(state)
    expect(ledger.violations).toHaveLength(2)
    for (const state of [at(3, 'completed'), at(4)]) ledger.state(state)
    expect(ledger.violations.at(-1)).toMatch(/^G5/)
    ledger.end(at(3))
    ledger.end(at(3))
    expect(ledger.violations.at(-1)).toMatch(/^G4/)
  })
})
