import { describe, expect, it, vi } from 'vitest'
import { clientRig, NOT_FOUND, settled, state, watchRig } from '../clientRig.test-kit'

describe('an id that is not known yet', () => {
  it('is waited for 30 s, and then gone', async () => {
    const { watch, link, clock } = await watchRig()
    link.isAlive = true
    link.answer('join-progress', NOT_FOUND)
    await clock.advance(29_999)
    link.say('progress-gone', { sessionId: 'a', code: 'NOT_FOUND' })
    expect(watch.state).toEqual({ status: 'waiting', progress: 0 })
    await clock.advance(1)
    expect(watch.state).toEqual({ status: 'gone', progress: 0, code: 'NOT_FOUND' })
    await settled()
    expect(link.asked('leave-progress')).toHaveLength(1)
  })

  it('made meanwhile, is seen', async () => {
    const { watch, link, clock, named } = await watchRig()
    link.isAlive = true
    link.answer('join-progress', NOT_FOUND)
    await clock.advance(20_000)
    link.say('progress-status', state(1))
    await clock.advance(60_000)
    expect([watch.state.status, named('progressStatus').length]).toEqual(['active', 1])
  })

  it('18: made meanwhile, outlives an answer that is older than its state, and is asked for again', async () => {
    const { watch, link, clock } = await watchRig()
    link.isAlive = true
    link.say('progress-status', state(1))
    link.answer('join-progress', NOT_FOUND)
    expect(watch.state.status).toBe('active')
    await clock.advance(10_000)
    expect(link.asked('join-progress')).toHaveLength(2)
  })

  it('18: so it does where the answer is that of a comparison', async () => {
    const { watch, link, clock } = await watchRig()
    link.isAlive = true
    link.answer('join-progress', NOT_FOUND)
    await clock.advance(10_000)
    expect(link.asked('sync-progress')).toHaveLength(1)
    link.say('progress-status', state(1))
    const gone = { success: true, snapshots: [], gone: [{ sessionId: 'a', code: 'NOT_FOUND' }] }
    link.answer('sync-progress', gone)
    expect(watch.state.status).toBe('active')
    await clock.advance(10_000)
    expect(link.asked('join-progress')).toHaveLength(2)
    link.answer('join-progress', NOT_FOUND)
    expect(watch.state.status).toBe('gone')
  })

  it('18: twin: what was known when it was asked, and is not there, is gone', async () => {
    const { watch, link, clock } = await watchRig()
    link.isAlive = true
    link.answer('join-progress', { success: true, status: state(1) })
    await clock.advance(10_000)
    link.answer('sync-progress', { success: true, snapshots: [], gone: [{ sessionId: 'a', code: 'NOT_FOUND' }] })
    expect(watch.state.status).toBe('gone')
  })

  it('is not gone by an old answer where the server could not say any more: the next answer decides', async () => {
    const { watch, link, clock } = await watchRig()
    link.isAlive = true
    link.answer('join-progress', NOT_FOUND)
    const unavailable = { error: { code: 'UNAVAILABLE', message: 'Progress cannot be read.' } }
    for (let round = 1; round <= 3; round++) {
      await clock.advance(10_000)
      link.answer('sync-progress', unavailable)
    }
    await clock.advance(30_000)
    expect(watch.state.status).toBe('waiting')
    link.answer('sync-progress', { success: true, snapshots: [], gone: [{ sessionId: 'a', code: 'NOT_FOUND' }] })
    expect(watch.state.status).toBe('gone')
  })

  it('is not gone by what another way has said before, where the server cannot say: it is asked again', async () => {
    const { watch, link, clock } = await watchRig()
    link.isAlive = true
    link.say('progress-gone', { sessionId: 'a', code: 'NOT_FOUND' })
    link.answer('join-progress', { error: { code: 'UNAVAILABLE', message: '' } })
    await clock.advance(30_000)
    expect(watch.state.status).toBe('waiting')
    link.answer('join-progress', { success: true, status: state(1) })
    expect(watch.state.status).toBe('active')
  })

  it('is waited for as long as the longest of its watches says', async () => {
    const { client, watch, link, clock } = await watchRig({ awaitMs: 1_000 })
    client.watch('a', { awaitMs: 5_000 })
    client.watch('a', { awaitMs: 100 })
    link.answer('join-progress', NOT_FOUND)
    await clock.advance(4_999)
    expect(watch.state.status).toBe('waiting')
    await clock.advance(1)
    expect(watch.state.status).toBe('gone')
  })

  it('is waited for as long as it takes: no timer is asked for more than it can hold', async () => {
    const { client, clock } = clientRig()
    const after = vi.spyOn(clock, 'after')
    client.watch('a', { awaitMs: Number.POSITIVE_INFINITY })
    expect(Math.max(...after.mock.calls.map(([ms]) => ms))).toBe(2 ** 31 - 1)
    client.close()
    expect(clock.pending).toBe(0)
  })

  it('of which nobody could say anything is decided by the next answer', async () => {
    const { client, transport, clock } = clientRig()
    const watch = client.watch('a', { awaitMs: 1_000 })
    await clock.advance(60_000)
    expect(watch.state.status).toBe('waiting')
    for (const wake of transport.wakes) wake()
    transport.link.open()
    transport.link.answer('join-progress', NOT_FOUND)
    expect(watch.state.status).toBe('gone')
  })

  it('of which a stream says nothing is asked for when it was waited for long enough', async () => {
    const { watch, link, clock } = await watchRig({ awaitMs: 1_000 })
    await clock.advance(1_000)
    expect([watch.state.status, link.asked('sync-progress').length]).toEqual(['waiting', 1])
    link.answer('sync-progress', { success: true, snapshots: [], gone: [{ sessionId: 'a', code: 'NOT_FOUND' }] })
    expect(watch.state.status).toBe('gone')
  })

  it('that is known, or known to be missing, is not asked for then', async () => {
    for (const answer of [NOT_FOUND, { success: true, status: state(1) }]) {
      const { link, clock } = await watchRig({ awaitMs: 1_000 })
      link.answer('join-progress', answer)
      await clock.advance(1_000)
      expect(link.asked('sync-progress')).toEqual([])
    }
  })

  it('said to be missing over a line that broke, is asked for anew before it is given up', async () => {
    const { watch, transport, link, clock } = await watchRig()
    link.isAlive = true
    link.answer('join-progress', NOT_FOUND)
    await clock.advance(29_500)
    link.drop()
    await clock.advance(500)
    expect(watch.state.status).toBe('waiting')
    transport.link.open()
    transport.link.answer('join-progress', { success: true, status: state(1) })
    expect(watch.state.status).toBe('active')
  })

  it('a comparison says the same as a join', async () => {
    const { watch, link, clock } = await watchRig({ awaitMs: 15_000 })
    await clock.advance(10_000)
    expect(link.asked('sync-progress')[0]?.args).toEqual([{ a: '000000000-00000000.0' }, { mine: false }])
    link.answer('sync-progress', { success: true, snapshots: [], gone: [{ sessionId: 'a', code: 'NOT_FOUND' }] })
    expect(watch.state.status).toBe('waiting')
    await clock.advance(5_000)
    expect(watch.state.status).toBe('gone')
  })

  it('112: a refusal that is final is not waited for', async () => {
    const { watch, link } = await watchRig()
    link.answer('join-progress', { error: { code: 'BAD_REQUEST', message: '' } })
    expect(watch.state).toMatchObject({ status: 'gone', code: 'BAD_REQUEST' })
  })
})

describe('an id that was seen', () => {
  it('G6: is gone as soon as the server says so, with its code', async () => {
    const { watch, link } = await watchRig()
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-gone', { sessionId: 'a', code: 'REVOKED' })
    expect(watch.state).toMatchObject({ status: 'gone', code: 'REVOKED' })
    link.say('progress-update', state(2))
    expect(watch.state.status).toBe('gone') // the last word
  })

  it('G5: stays what it is where it had ended', async () => {
    const { watch, link } = await watchRig()
    link.answer('join-progress', { success: true, status: state(1, { status: 'completed' }) })
    link.say('progress-gone', { sessionId: 'a', code: 'NOT_FOUND' })
    expect(watch.state.status).toBe('completed')
  })

  it('is watched anew after it was gone, and found where it is there again', async () => {
    const { client, watch, link } = await watchRig()
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-gone', { sessionId: 'a', code: 'NOT_FOUND' })
    const again = client.watch('a')
    await settled()
    link.answer('join-progress', { success: true, status: state(7) })
    expect([watch.state.status, again.state.status]).toEqual(['gone', 'active'])
    watch.leave()
    await settled()
    link.say('progress-update', state(8))
    expect(again.state).toMatchObject({ revision: 8 })
  })

  it('is watched anew by the very listener that hears that it is gone: left first, then joined', async () => {
    const { client, watch, link } = await watchRig()
    link.answer('join-progress', { success: true, status: state(1) })
    const again: string[] = []
    const rewatch = (): void => void client.watch('a').subscribe((one) => again.push(one.status))
    watch.onEnd(rewatch)
    link.say('progress-gone', { sessionId: 'a', code: 'NOT_FOUND' })
    await settled()
    expect(link.sent.map(({ command }) => command)).toEqual(['join-progress', 'leave-progress', 'join-progress'])
    link.answer('join-progress', NOT_FOUND)
    link.say('progress-status', state(2))
    expect(again).toEqual(['waiting', 'active'])
  })
})
