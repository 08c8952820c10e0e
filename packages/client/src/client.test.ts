import { describe, expect, it, vi } from 'vitest'
import { WebSocketClient } from './client'
import { clientRig, settled, state, watchRig } from './clientRig.test-kit'

describe('the client', () => {
  it('S0-52: dials nothing before it is asked to, and one thing then', async () => {
    const { client, transport } = clientRig()
    expect([client.connection.status, transport.links.length]).toEqual(['idle', 0])
    const connected = client.connect()
    client.watch('a')
    client.watchMine()
    client.emit('join-progress', 'b')
    transport.link.open()
    await connected
    expect(transport.links).toHaveLength(1)
  })

  it('S0-65: tells of a lost connection by an object that prints as its reason, and of the new one', async () => {
    const { client, transport, link, clock } = await watchRig()
    const heard: unknown[] = []
    client.on('disconnect', (why) => heard.push(`${why}`, why.reason)).on('connect', () => heard.push('connect'))
    await clock.advance(2_000)
    link.drop({ message: 'transport close' })
    transport.link.open()
    expect(heard).toEqual(['transport close', 'transport close', 'connect'])
  })

  it('S0-57, S0-64: `connectionFailed` has an empty payload, and comes once', async () => {
    const { client, transport, clock } = clientRig()
    const failed = vi.fn()
    client.on('connectionFailed', failed)
    client.connect().catch(() => {})
    for (let second = 0; second < 60; second++) {
      for (const link of transport.live) link.drop()
      await clock.advance(1_000)
    }
    expect(failed.mock.calls).toEqual([[{}]])
  })

  it('S0-60: progress that goes on is `progress`, and how it stands is `progressStatus`', async () => {
    const { link, events } = await watchRig()
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-update', state(2))
    link.say('progress-status', state(3))
    expect(events.map(([name]) => name)).toEqual(['progressStatus', 'progress', 'progressStatus'])
  })

  it('on, once and off hand back the client', () => {
    const { client } = clientRig()
    const listener = (): void => {}
    expect(client.on('connect', listener).once('connect', listener).off('connect', listener)).toBe(client)
  })

  it('tells each change of the connection', async () => {
    const { client, connect } = clientRig()
    const seen: string[] = []
    client.on('connectionChange', ({ status }) => seen.push(status))
    client.watch('a')
    await connect()
    client.close()
    expect(seen).toEqual(['connecting', 'connected', 'closed'])
  })

  it('S0-76: `socket` says what to do where there is none', () => {
    expect(() => new WebSocketClient().socket).toThrow('connect() first')
    expect(() => new WebSocketClient({ transport: ['poll'] }).socket).toThrow('leaves sockets out')
    expect(() => clientRig().client.socket).toThrow('leaves sockets out')
  })

  it('91: once closed says so to whoever wants more, and has no timer for it', async () => {
    const { client, transport, clock } = clientRig()
    client.close()
    client.close()
    await expect(client.connect()).rejects.toThrow('make a new one')
    client.watch('a').leave()
    client.watch('b')
    await settled()
    await clock.advance(60_000)
    expect([transport.links.length, clock.pending]).toEqual([0, 0])
  })
})

describe('odd answers to a command', () => {
  it.each([
    [undefined],
    [null],
    ['yes'],
    [{ error: null }],
    [{ error: 'no' }],
    [{ error: {} }],
    [{ error: { code: 5 } }],
  ])('%j: the join waits on, and `cancel` says that there was no answer', async (odd) => {
    const { watch, link } = await watchRig()
    expect(() => link.answer('join-progress', odd)).not.toThrow()
    const asked = watch.cancel()
    link.answer('cancel-progress', odd)
    expect(await asked).toEqual({ ok: false, code: 'NETWORK_ERROR', message: 'the server did not answer' })
    expect(watch.state.status).toBe('waiting')
  })
})

describe('108: 50 times up and down', () => {
  it('positions strictly grow, and the end comes once', async () => {
    const { client, watch, transport, clock, named } = await watchRig()
    const revisions: number[] = []
    const ended = vi.fn()
    watch.onEnd(ended)
    watch.subscribe((one) => 'revision' in one && revisions.push(one.revision))
    for (let round = 1; round <= 50; round++) {
      const { link } = transport
      link.answer('join-progress', { success: true, status: state(2 * round) })
      for (const late of [2 * round - 3, 2 * round + 1, 2 * round])
        link.say('progress-update', state(Math.max(1, late)))
      if (round >= 40) link.say('progress-complete', state(200, { status: 'completed' }))
      await clock.advance(2_000)
      link.drop()
      transport.link.open()
    }
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
    expect([ended.mock.calls.length, named('progressComplete').length, transport.live.length]).toEqual([1, 1, 1])
    client.close()
    expect(clock.pending).toBe(0)
  })
})
