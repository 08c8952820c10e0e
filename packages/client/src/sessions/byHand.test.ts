import { describe, expect, it } from 'vitest'
import { clientRig, settled, state } from '../clientRig.test-kit'

async function joined() {
  const rig = clientRig()
  rig.client.emit('join-progress', 'a')
  const link = await rig.connect()
  await settled()
  return { ...rig, link }
}

describe('S0-66: rooms by hand', () => {
  it('joining connects and joins, and its events come', async () => {
    const { link, named } = await joined()
    expect(link.asked('join-progress').map(({ args }) => args)).toEqual([['a', {}]])
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-update', state(2))
    link.say('progress-complete', state(3, { status: 'completed' }))
    expect([named('progressStatus').length, named('progress').length, named('progressComplete').length]).toEqual([
      1, 1, 1,
    ])
  })

  it('S0-61: joining again says how it stands again, also where that is known', async () => {
    const { client, link, named } = await joined()
    link.answer('join-progress', { success: true, status: state(1) })
    client.emit('join-progress', 'a')
    link.answer('join-progress', { success: true, status: state(1) })
    expect(named('progressStatus')).toEqual([state(1), state(1)])
    client.emit('join-progress', 'a')
    link.answer('join-progress', { success: true, status: state(2) })
    expect(named('progressStatus')).toHaveLength(3)
  })

  it('leaving leaves, once, and its events come no more', async () => {
    const { client, link, named } = await joined()
    link.answer('join-progress', { success: true, status: state(1) })
    client.emit('leave-progress', 'a').emit('leave-progress', 'a')
    client.emit('leave-progress', 'never-joined')
    await settled()
    link.say('progress-update', state(2))
    expect([link.asked('leave-progress').map(({ args }) => args), named('progress')]).toEqual([[['a']], []])
  })

  it('leaving by hand does not end a watch, nor the other way round', async () => {
    const { client, link } = await joined()
    const watch = client.watch('a')
    client.emit('leave-progress', 'a')
    await settled()
    link.answer('join-progress', { success: true, status: state(1) })
    expect(watch.state.status).toBe('active')
    client.emit('join-progress', 'a')
    watch.leave()
    await settled()
    expect(link.asked('leave-progress')).toEqual([])
  })

  it('S0-73: after a reconnect the join is sent anew, also where an app does so itself on `connect`', async () => {
    const { client, transport, link, clock, named } = await joined()
    link.answer('join-progress', { success: true, status: state(1) })
    client.on('connect', () => client.emit('join-progress', 'a'))
    await clock.advance(2_000)
    link.drop()
    const second = transport.link.open()
    for (const { answer } of second.asked('join-progress')) answer?.({ success: true, status: state(4) } as never)
    expect(named('progressStatus').at(-1)).toEqual(state(4))
    expect(client.watch('a').state).toMatchObject({ revision: 4 })
  })

  it('S0-68: several sessions at once, each by its own id', async () => {
    const { client, link, named } = await joined()
    client.emit('join-progress', 'b')
    await settled()
    link.say('progress-update', state(1, { sessionId: 'b' }))
    link.say('progress-update', state(1, { sessionId: 'c' }))
    expect(named('progressStatus')).toMatchObject([{ sessionId: 'b' }])
  })
})
