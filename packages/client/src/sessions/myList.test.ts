import { LIMITS } from '@progress/protocol/wire'
import { describe, expect, it, vi } from 'vitest'
import { clientRig, FIRST, SECOND, settled, state } from '../clientRig.test-kit'
import { MyList } from './myList'

const RUNNING = state(1, { sessionId: 'runs', createdAt: 10 })
const OVER = state(5, { sessionId: 'over', status: 'completed', timestamp: 20 })

async function rig() {
  const made = clientRig()
  const watch = made.client.watchMine()
  const link = await made.connect()
  const ended = vi.fn()
  watch.onEnd(ended)
  const list = (...sessions: unknown[]): void => link.answer('list-progress', { success: true, sessions })
  const ids = (): string[] => watch.state.sessions.map(({ sessionId }) => sessionId)
  return { ...made, watch, link, ended, list, ids }
}

describe('my sessions', () => {
  it('wait for the first list, whose ends are no news', async () => {
    const { watch, list, ended, ids } = await rig()
    expect(watch.state).toEqual({ status: 'waiting', sessions: [] })
    list(OVER, RUNNING)
    expect([watch.state.status, ids(), ended.mock.calls]).toEqual(['ready', ['runs', 'over'], []])
  })

  it('S0-68: change by batches; an end is told once, and no event of the client', async () => {
    const { link, list, ended, ids, events } = await rig()
    list(RUNNING)
    link.say('progress-batch', { sessions: [state(1, { sessionId: 'new', createdAt: 99 })] })
    const end = state(2, { sessionId: 'runs', status: 'error' })
    link.say('progress-batch', { sessions: [end] })
    link.say('progress-batch', { sessions: [end, state(1, { sessionId: 'runs' })] })
    list(end)
    expect([ids(), ended.mock.calls, events]).toEqual([['runs'], [[end]], []])
  })

  it('run first, the newest first; then what ended, the last first', async () => {
    const { list, ids } = await rig()
    list(
      state(1, { sessionId: 'e1', status: 'completed', timestamp: 1 }),
      state(1, { sessionId: 'r1', createdAt: 1 }),
      state(1, { sessionId: 'e2', status: 'cancelled', timestamp: 2 }),
      state(1, { sessionId: 'r2', createdAt: 2 }),
    )
    expect(ids()).toEqual(['r2', 'r1', 'e2', 'e1'])
  })

  it('G1: never go back, whatever comes late', async () => {
    const { watch, link, list } = await rig()
    list(state(4, { sessionId: 'runs' }))
    link.say('progress-batch', { sessions: [state(3, { sessionId: 'runs' })] })
    expect(watch.state.sessions[0]?.revision).toBe(4)
    link.say('progress-batch', { sessions: [state(5, { sessionId: 'runs', status: 'cancelled' })] })
    link.say('progress-batch', { sessions: [state(6, { sessionId: 'runs' })] })
    expect(watch.state.sessions[0]?.status).toBe('cancelled')
    link.say('progress-batch', { sessions: [state(1, { sessionId: 'runs', epoch: SECOND })] })
    expect(watch.state.sessions[0]?.epoch).toBe(SECOND)
  })

  it('lose what is gone, and what a later list does not name', async () => {
    const { link, list, ids } = await rig()
    list(RUNNING, OVER)
    link.say('progress-gone', { sessionId: 'over', code: 'NOT_FOUND' })
    expect(ids()).toEqual(['runs'])
    list()
    expect(ids()).toEqual([])
  })

  it('wait for the first list, whatever is told of them before it comes', async () => {
    const { watch, link, list, ended, ids } = await rig()
    link.say('progress-batch', { sessions: [state(3, { sessionId: 'runs' }), state(1, { sessionId: 'late' })] })
    link.say('progress-gone', { sessionId: 'late', code: 'NOT_FOUND' })
    expect(watch.state.status).toBe('waiting')
    list(RUNNING, OVER)
    expect([ids(), watch.state.sessions[0]?.revision, ended.mock.calls]).toEqual([['runs', 'over'], 3, []])
  })

  it('are compared with the server, those that it names anew included', async () => {
    const { link, list, ids, clock } = await rig()
    list(RUNNING)
    await clock.advance(10_000)
    expect(link.asked('sync-progress')[0]?.args).toEqual([{ runs: `${FIRST}.1` }, { mine: true }])
    link.answer('sync-progress', {
      success: true,
      snapshots: [state(1, { sessionId: 'other', createdAt: 1 })],
      gone: [],
    })
    expect(ids()).toEqual(['runs', 'other'])
  })

  it('a session that is watched, too, is no reason to take it for mine', async () => {
    const { client, link, list, ids, clock } = await rig()
    client.watch('a')
    list(RUNNING)
    await clock.advance(10_000)
    link.answer('sync-progress', { success: true, snapshots: [state(1)], gone: [] })
    expect(ids()).toEqual(['runs'])
  })
})

describe('looks at my sessions', () => {
  it('share one list, and the last one ends it', async () => {
    const { client, watch, link } = await rig()
    const second = client.watchMine()
    expect(link.asked('list-progress').map(({ args }) => args)).toEqual([[{ watch: true }]])
    watch.leave()
    watch.leave()
    await settled()
    expect(link.asked('list-progress')).toHaveLength(1)
    second[Symbol.dispose]()
    await settled()
    expect(link.asked('list-progress').map(({ args }) => args)).toEqual([[{ watch: true }], [{ watch: false }]])
  })

  it('92: that come and go within one turn cost nothing', async () => {
    const { client, connect } = clientRig()
    client.watchMine().leave()
    const link = await connect()
    client.watchMine().leave()
    await settled()
    expect(link.sent).toEqual([])
  })

  it('that are opened while a link is dialled ask over it once', async () => {
    const { client, transport, connect, clock } = clientRig()
    client.watch('a')
    const link = await connect()
    await clock.advance(2_000)
    client.on('disconnect', () => client.watchMine())
    link.drop()
    await settled()
    expect([transport.links.length, transport.link.asked('list-progress').length]).toEqual([2, 1])
  })

  it('call at once and at each change, and keep their last state after they were left', async () => {
    const { watch, list } = await rig()
    const heard = vi.fn()
    watch.subscribe(heard)
    list(RUNNING)
    watch.leave()
    list(RUNNING, OVER)
    watch.subscribe(heard)
    expect(heard.mock.calls.map(([{ status, sessions }]) => [status, sessions.length])).toEqual([
      ['waiting', 0],
      ['ready', 1],
      ['ready', 1],
    ])
  })

  it('begin anew, also where an answer came after the last one had gone', async () => {
    const { client, watch, link, ended } = await rig()
    watch.leave()
    link.asked('list-progress')[0]?.answer?.({ success: true, sessions: [RUNNING] } as never)
    const again = client.watchMine()
    again.onEnd(ended)
    expect(again.state).toEqual({ status: 'waiting', sessions: [] })
    link.answer('list-progress', { success: true, sessions: [state(2, { sessionId: 'runs', status: 'completed' })] })
    expect(ended).not.toHaveBeenCalled()
  })

  it('begin anew after the last one had gone: what was known then is old', async () => {
    const { client, watch, list } = await rig()
    list(RUNNING)
    watch.leave()
    await settled()
    expect(client.watchMine().state).toEqual({ status: 'waiting', sessions: [] })
  })

  it('G4: an end that was told stays told', async () => {
    const { client, watch, link, list, ended } = await rig()
    list(RUNNING)
    const end = state(2, { sessionId: 'runs', status: 'completed' })
    link.say('progress-batch', { sessions: [end] })
    watch.leave()
    const again = client.watchMine()
    again.onEnd(ended)
    list(RUNNING)
    link.say('progress-batch', { sessions: [end] })
    expect(ended).toHaveBeenCalledTimes(1)
  })

  it('S0-73: over a new link are listed anew', async () => {
    const { transport, link, clock } = await rig()
    await clock.advance(2_000)
    link.drop()
    await settled()
    expect(transport.link.asked('list-progress')).toHaveLength(1)
  })
})

describe('what falls between two answers', () => {
  it('G4: an end that is told while an older first list is on its way is news', async () => {
    const { link, list, ended } = await rig()
    const end = state(9, { status: 'completed' })
    link.say('progress-batch', { sessions: [end] })
    list(state(5), OVER)
    expect(ended.mock.calls).toEqual([[end]])
  })

  it('a foreign session that was left while a comparison was on its way is not mine', async () => {
    const { client, link, list, ids, clock } = await rig()
    list()
    const foreign = client.watch('a')
    await settled()
    link.answer('join-progress', { success: true, status: state(1) })
    await clock.advance(10_000)
    foreign.leave()
    await settled()
    link.answer('sync-progress', { success: true, snapshots: [state(2)], gone: [] })
    expect(ids()).toEqual([])
  })

  it('what is watched is compared first, for streams compare fewer at a time', async () => {
    const { client, link, list, clock } = await rig()
    list(...Array.from({ length: 150 }, (_, count) => state(1, { sessionId: `mine-${count}` })))
    client.watch('a')
    await settled()
    await clock.advance(10_000)
    expect(Object.keys(link.asked('sync-progress').at(-1)?.args[0] ?? {})[0]).toBe('a')
  })
})

describe('G8: a page that is open for days', () => {
  it('keeps as many ends as can be compared, the newest', () => {
    const list = new MyList()
    list.replace([state(1, { sessionId: 'runs' })])
    for (let count = 0; count < 1_000; count++) {
      list.take([state(1, { sessionId: `end-${count}`, status: 'completed', timestamp: count })])
    }
    const ids = list.state.sessions.map(({ sessionId }) => sessionId)
    expect([ids.length, ids[0], ids[1], ids.at(-1)]).toEqual([LIMITS.syncEntries + 1, 'runs', 'end-999', 'end-800'])
    expect(Object.keys(list.positions(50))).toHaveLength(50)
    expect(list.positions(-1)).toEqual({})
  })
})
