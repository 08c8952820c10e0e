import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { clientRig, settled, watchRig } from '../clientRig.test-kit'
import { watchDay } from './wake'

function fire(target: EventTarget, type: string, fields: object = {}): void {
  target.dispatchEvent(Object.assign(new Event(type), fields))
}

function shows(state: 'visible' | 'hidden'): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  fire(document, 'visibilitychange')
}

async function rig() {
  const made = await watchRig()
  onTestFinished(() => {
    vi.restoreAllMocks()
    made.client.close()
  })
  const syncs = (): number => made.transport.link.asked('sync-progress').length
  return { ...made, syncs }
}

describe('110: a page\u2019s day', () => {
  it('online: one comparison, and no second dial', async () => {
    const { transport, syncs } = await rig()
    fire(window, 'online')
    expect([syncs(), transport.links.length]).toEqual([1, 1])
  })

  it('shown again: one comparison; hidden: none', async () => {
    const { syncs, transport } = await rig()
    shows('hidden')
    expect(syncs()).toBe(0)
    shows('visible')
    expect([syncs(), transport.links.length]).toEqual([1, 1])
  })

  it('put aside whole: hung up, said so, and nothing waits; fetched back: dialled once, and joined', async () => {
    const { transport, client, clock } = await rig()
    fire(window, 'pagehide', { persisted: true })
    expect([transport.live.length, client.connection.status]).toEqual([0, 'reconnecting'])
    await clock.advance(600_000)
    fire(window, 'online') // asleep: nothing is dialled
    client.watch('b')
    shows('visible')
    expect(transport.links).toHaveLength(1)
    fire(window, 'pageshow', { persisted: true })
    shows('visible')
    await settled()
    expect([transport.links.length, transport.live.length]).toEqual([2, 1])
    expect(transport.link.asked('join-progress').map(({ args: [id] }) => id)).toEqual(['a', 'b'])
    transport.link.open()
    expect(client.connection.status).toBe('connected')
  })

  it('left or loaded for good: nothing happens', async () => {
    const { transport } = await rig()
    fire(window, 'pagehide', { persisted: false })
    fire(window, 'pageshow', { persisted: false })
    expect([transport.links.length, transport.live.length]).toEqual([1, 1])
  })

  it('while it waits for the next attempt, a network that is back dials at once, and once', async () => {
    const { transport, clock } = await rig()
    await clock.advance(2_500)
    transport.link.drop()
    await clock.advance(0)
    transport.link.drop()
    expect(transport.live).toHaveLength(0)
    fire(window, 'online')
    shows('visible')
    expect(transport.live).toHaveLength(1)
  })

  it('wakes nothing that was refused, or was never asked for', async () => {
    const { transport, link } = await rig()
    link.drop({ code: 'REVOKED' })
    fire(window, 'online')
    fire(window, 'pagehide', { persisted: true })
    fire(window, 'pageshow', { persisted: true })
    expect(transport.live).toHaveLength(0)
  })

  it('sets no timer on a client that nobody uses', () => {
    const { client, clock, transport } = clientRig()
    fire(window, 'online')
    shows('visible')
    fire(window, 'pagehide', { persisted: true })
    fire(window, 'pageshow', { persisted: true })
    expect([clock.pending, transport.links.length, client.connection.status]).toEqual([0, 0, 'idle'])
    client.close()
    vi.restoreAllMocks()
  })

  it('91: leaves no listener', () => {
    const listeners = [window, document].map((target) => [
      vi.spyOn(target, 'addEventListener'),
      vi.spyOn(target, 'removeEventListener'),
    ])
    const stop = watchDay({ woke() {}, slept() {}, returned() {} })
    stop()
    for (const [added, removed] of listeners) {
      expect(added?.mock.calls.length).toBeGreaterThan(0)
      expect(removed?.mock.calls).toEqual(added?.mock.calls)
    }
    vi.restoreAllMocks()
  })
})
