import { decode } from '@progress/protocol'
import { describe, expect, it, vi } from 'vitest'
import { clientRig, FIRST, settled, state, watchRig } from '../clientRig.test-kit'
import type { LogItem } from './watchState'

function log(from: number, texts: readonly string[], gap?: number) {
  const lines = texts.map((text) => ({ text, level: 'info', at: 1 }))
  return { sessionId: 'a', epoch: FIRST, from, lines, ...(gap !== undefined && { gap }) }
}

describe('a join that is refused for the moment', () => {
  it('RATE_LIMITED: is tried again at the next comparison', async () => {
    const { watch, link, clock } = await watchRig()
    link.isAlive = true
    link.answer('join-progress', { error: { code: 'RATE_LIMITED', message: '' } })
    await clock.advance(7_999)
    expect([link.asked('join-progress').length, watch.state.status]).toEqual([1, 'waiting'])
    await clock.advance(2_001)
    expect(link.asked('join-progress')).toHaveLength(2)
    link.answer('join-progress', { success: true, status: state(1) })
    await clock.advance(10_000)
    expect([link.asked('join-progress').length, watch.state.status]).toEqual([2, 'active'])
  })

  it('is forgotten where nobody watches any more', async () => {
    const { watch, link, clock } = await watchRig()
    link.answer('join-progress', { error: { code: 'UNAVAILABLE', message: '' } })
    watch.leave()
    await clock.advance(20_000)
    expect(link.asked('join-progress')).toHaveLength(1)
  })

  it('an answer that comes after leaving changes nothing', async () => {
    const { client, watch, link, events } = await watchRig()
    watch.leave()
    await settled()
    link.answer('join-progress', { success: true, status: state(1) })
    expect([events, client.watch('a').state.status]).toEqual([[], 'waiting'])
  })

  it('an answer about another session is none', async () => {
    const { watch, link } = await watchRig()
    link.answer('join-progress', { success: true, status: state(1, { sessionId: 'b' }) })
    expect(watch.state.status).toBe('waiting')
  })
})

describe('output', () => {
  it('comes to those who asked, what is known first, and by its event', async () => {
    const { watch, link, named } = await watchRig()
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-log', log(0, ['a', 'b']))
    const items: LogItem[] = []
    const stop = watch.onLog((item) => items.push(item))
    link.say('progress-log', log(6, ['g'], 4))
    stop()
    link.say('progress-log', log(7, ['h']))
    expect(items.map((item) => ('gap' in item ? item.gap : item.text))).toEqual(['a', 'b', 4, 'g'])
    expect(named('progressLog')).toMatchObject([
      { sessionId: 'a', lines: [{ line: 0 }, { line: 1 }] },
      { lines: [{ line: 6 }] },
      { lines: [{ line: 7 }] },
    ])
  })

  it('that was missed is asked for again: once, from the last line, however much comes after', async () => {
    const { watch, link } = await watchRig()
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-log', log(0, ['a']))
    const heard = vi.fn()
    watch.onLog(heard)
    for (const from of [3, 4, 5, 6]) link.say('progress-log', log(from, ['x']))
    expect(
      link
        .asked('join-progress')
        .slice(1)
        .map(({ args }) => args),
    ).toEqual([['a', { position: `${FIRST}.1`, logLine: 0 }]])
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-log', log(1, ['b', 'c', 'd', 'e', 'f', 'g']))
    link.say('progress-log', log(7, ['h']))
    expect(heard.mock.calls.map(([{ line }]) => line)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    link.say('progress-log', log(20, ['x']))
    expect(link.asked('join-progress')).toHaveLength(3)
  })
})

describe('what is no message', () => {
  const odd = [null, 'x', 7, [], {}, { sessionId: 'a' }, { sessions: [null, 7] }, { sessionId: 'a', code: 7 }, [null]]
  const names = ['progress-status', 'progress-update', 'progress-log', 'progress-batch', 'progress-gone', 'odd']

  it('35: is passed over, by whichever event or answer it comes', async () => {
    const { client, watch, link, events, clock } = await watchRig()
    client.watchMine()
    await settled()
    for (const payload of odd) {
      for (const name of names) link.say(name, payload)
      link.answer('join-progress', payload)
      link.answer('list-progress', payload)
      link.answer('list-progress', { success: true, sessions: odd })
    }
    await clock.advance(10_000)
    for (const payload of [
      ...odd,
      { success: true, snapshots: odd, gone: odd },
      { success: true, snapshots: 7, gone: {} },
    ])
      link.answer('sync-progress', payload)
    expect([watch.state.status, events]).toEqual(['waiting', []])
  })

  it('`decode` leaves out what does not pass the full check', async () => {
    const { client, connect, named } = clientRig({ decode: decode as never })
    const watch = client.watch('a')
    const link = await connect()
    await settled()
    link.answer('join-progress', { success: true, status: { ...state(1), message: 7 } })
    expect(watch.state.status).toBe('waiting')
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-update', { ...state(2), progress: 1_000 })
    link.say('progress-update', state(3))
    expect(named('progress')).toMatchObject([{ revision: 3 }])
  })
})
