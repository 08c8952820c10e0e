import { describe, expect, it } from 'vitest'
import { clientRig, settled, state, watchRig } from '../clientRig.test-kit'

describe('watches of one id', () => {
  it('ten share one join, and the last one leaves', async () => {
    const { client, connect } = clientRig()
    const watches = Array.from({ length: 10 }, () => client.watch('a'))
    const link = await connect()
    await settled()
    expect(link.asked('join-progress').map(({ args }) => args)).toEqual([['a', {}]])
    link.answer('join-progress', { success: true, status: state(1) })
    expect(new Set(watches.map((watch) => watch.state))).toHaveLength(1)
    for (const watch of watches.slice(1)) watch.leave()
    watches[1]?.leave()
    await settled()
    expect(link.asked('leave-progress')).toEqual([])
    watches[0]?.leave()
    watches[0]?.leave()
    await settled()
    expect(link.asked('leave-progress').map(({ args }) => args)).toEqual([['a']])
  })

  it('92: coming and going within one turn costs nothing, also the first time', async () => {
    const { client, connect } = clientRig()
    client.watch('a').leave()
    const link = await connect()
    client.watch('b').leave()
    await settled()
    expect(link.sent).toEqual([])
  })

  it('92: leaving and coming back within one turn keeps the join and what is known', async () => {
    const { client, watch, link } = await watchRig()
    link.answer('join-progress', { success: true, status: state(3) })
    watch.leave()
    const again = client.watch('a')
    await settled()
    expect([link.asked('join-progress').length, link.asked('leave-progress').length]).toEqual([1, 0])
    expect(again.state).toMatchObject({ revision: 3 })
  })

  it('91: what nobody watched any more is forgotten, and begins anew', async () => {
    const { client, watch, link } = await watchRig()
    link.answer('join-progress', { success: true, status: state(3) })
    watch.leave()
    await settled()
    expect(client.watch('a').state.status).toBe('waiting')
    await settled()
    expect(link.asked('join-progress').at(-1)?.args).toEqual(['a', {}])
  })

  it('what is watched while a link stands is joined at the end of the turn', async () => {
    const { client, link } = await watchRig()
    client.watch('b')
    client.watch('c')
    expect(link.asked('join-progress')).toHaveLength(1)
    await settled()
    expect(link.asked('join-progress').map(({ args: [id] }) => id)).toEqual(['a', 'b', 'c'])
  })

  it('a watch that is opened while a link is dialled is joined over it once', async () => {
    const { client, transport, link, clock } = await watchRig()
    client.on('disconnect', () => client.watch('b'))
    await clock.advance(2_000)
    link.drop()
    await settled()
    expect(transport.links.length).toBe(2)
    expect(transport.link.asked('join-progress').map(({ args: [id] }) => id)).toEqual(['a', 'b'])
  })

  it('S0-73: over a new link all are joined anew, from where they are', async () => {
    const { transport, link, clock } = await watchRig()
    link.answer('join-progress', { success: true, status: state(3) })
    await clock.advance(2_000)
    link.drop()
    expect(transport.link).not.toBe(link)
    expect(transport.link.asked('join-progress')[0]?.args).toEqual(['a', { position: `${state(3).epoch}.3` }])
  })

  it.each(['', 'health', '__proto__', 'a b', 'x'.repeat(65), null, 7])('%j can be no id: said at once', (id) => {
    expect(() => clientRig().client.watch(id as string)).toThrow(TypeError)
    expect(() => clientRig().client.emit('join-progress', id as string)).toThrow('not a session id')
  })
})
