import { describe, expect, it } from 'vitest'
import { clientRig, settled, state, watchRig } from '../clientRig.test-kit'
import { Session } from './session'
import { SessionStore } from './sessionStore'
import { SessionWatch } from './sessionWatch'
import type { End } from './watchState'

/** Listeners of all kinds on one session. */
function listenersOf({ states, logs, ends }: Session): number {
  return states.size + logs.size + ends.size
}

describe('91: what comes goes', () => {
  it('10,000 watches of as many ids leave no timer', async () => {
    const { client, clock, link, watch } = await watchRig()
    link.answer('join-progress', { success: true, status: state(1) })
    watch.leave()
    await settled()
    const before = clock.pending
    for (let count = 0; count < 10_000; count++) {
      const one = client.watch(`id-${count}`)
      one.subscribe(() => {})
      one.onEnd(() => {})
      void one.finished
      if (count % 100 === 0) await settled()
      one.leave()
    }
    await settled()
    expect(clock.pending).toBe(before)
    const [joins, leaves] = [link.asked('join-progress').length, link.asked('leave-progress').length]
    expect(joins).toBe(leaves)
    await clock.advance(10_000)
    expect(link.asked('sync-progress')).toEqual([]) // nothing is known any more that could be compared
  })

  it('10,000 watches of one id leave no listener on it', () => {
    const session = new Session('a')
    const parts = { cancel: async () => ({ ok: true }) as const, left: () => {} }
    const onEnd = (of: Session, listener: (end: End) => void) => {
      of.ends.add(listener)
      return () => void of.ends.delete(listener)
    }
    for (let count = 0; count < 10_000; count++) {
      const watch = new SessionWatch(session, { ...parts, onEnd })
      watch.subscribe(() => {})
      watch.onLog(() => {})
      watch.onEnd(() => {})
      void watch.finished
      if (count === 0) expect(listenersOf(session)).toBe(4)
      watch.leave()
    }
    expect(listenersOf(session)).toBe(0)
  })

  it('a listener that stops by itself is gone, also when it stops twice', () => {
    const session = new Session('a')
    const store = new SessionStore({ emitter: { tell() {} } as never, missed() {}, finished() {} })
    const watch = new SessionWatch(session, {
      cancel: async () => ({ ok: true }),
      onEnd: (of, listener) => store.onEnd(of, listener),
      left: () => {},
    })
    const stops = [watch.subscribe(() => {}), watch.onLog(() => {}), watch.onEnd(() => {})]
    for (const stop of [...stops, ...stops]) stop()
    expect(listenersOf(session)).toBe(0)
  })

  it('`finished` and a broken off iteration leave nothing', async () => {
    const session = new Session('a')
    session.take(state(1))
    const watch = new SessionWatch(session, { cancel: async () => ({ ok: true }), onEnd: () => () => {}, left() {} })
    for await (const _ of watch) break
    const finished = watch.finished
    session.take(state(2, { status: 'completed' }))
    await finished
    expect(listenersOf(session)).toBe(0)
  })

  it('the store forgets what nobody watches, also what is gone', async () => {
    const { client, watch, link, clock } = await watchRig({ awaitMs: 100 })
    link.answer('join-progress', { error: { code: 'NOT_FOUND', message: '' } })
    await clock.advance(100)
    expect(watch.state.status).toBe('gone')
    watch.leave()
    await settled()
    const again = client.watch('a')
    expect(again.state.status).toBe('waiting')
    client.close()
    expect(clock.pending).toBe(0)
  })

  it('a client that is closed has no timer, whatever was under way', async () => {
    const { client, watch, link, clock } = await watchRig()
    client.watchMine()
    await clock.advance(9_900)
    const cancelled = watch.cancel()
    link.drop()
    client.close()
    expect(clock.pending).toBe(0)
    expect(await cancelled).toMatchObject({ ok: false, code: 'NETWORK_ERROR' })
  })

  it('a client that nobody used has none either', () => {
    const { client, clock, transport } = clientRig()
    client.close()
    expect([clock.pending, transport.links.length, transport.wakes.size]).toEqual([0, 0, 0])
  })
})
