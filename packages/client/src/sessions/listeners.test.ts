import { afterEach, describe, expect, it, vi } from 'vitest'
import { FIRST, state, watchRig } from '../clientRig.test-kit'

const LOG = { sessionId: 'a', epoch: FIRST, from: 0, lines: [{ text: 'x', level: 'info', at: 1 }] }

function fails(): never {
  throw new Error('of the app')
}

afterEach(() => vi.unstubAllGlobals())

describe('a listener that throws', () => {
  it('hurts nobody: not the others, not the client, not the next message', async () => {
    const { client, watch, link } = await watchRig()
    const heard = vi.fn()
    for (const event of [
      'progress',
      'progressStatus',
      'progressComplete',
      'progressLog',
      'connectionChange',
    ] as const) {
      client.on(event, fails)
      client.on(event, () => heard(event))
    }
    for (const listener of [fails, () => heard('mine')]) {
      client.watchMine().subscribe(listener)
      client.watchMine().onEnd(listener)
      watch.subscribe(listener)
      watch.onEnd(listener)
      watch.onLog(listener)
    }
    heard.mockClear()
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-update', state(2))
    link.say('progress-log', LOG)
    link.say('progress-complete', state(3, { status: 'completed' }))
    expect(heard.mock.calls.flat()).toEqual([
      ...['mine', 'progressStatus', 'mine', 'progress', 'mine', 'progressLog'],
      ...['mine', 'progressComplete', 'mine'],
    ])
    expect(watch.state.status).toBe('completed')
  })

  it('shows where errors of a page show', async () => {
    const report = vi.fn()
    vi.stubGlobal('reportError', report)
    const { watch, link } = await watchRig()
    watch.onLog(fails)
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-log', LOG)
    expect(report).toHaveBeenCalledWith(new Error('of the app'))
  })

  it('at once in subscribe() is subscribed all the same', async () => {
    const { watch, link } = await watchRig()
    const seen: unknown[] = []
    watch.subscribe(({ status }) => {
      seen.push(status)
      fails()
    })
    link.answer('join-progress', { success: true, status: state(1) })
    expect(seen).toEqual(['waiting', 'active'])
  })
})

describe('a listener that acts', () => {
  it('leaves while it is told: the others are told, and it is told no more', async () => {
    const { client, watch, link } = await watchRig()
    const other = vi.fn()
    const mine = vi.fn(({ status }) => status === 'active' && watch.leave())
    watch.subscribe(mine)
    client.watch('a').subscribe(other)
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-update', state(2))
    expect(mine.mock.calls.map(([one]) => one.status)).toEqual(['waiting', 'active', 'gone'])
    expect(other.mock.lastCall).toEqual([state(2)])
  })

  it('stops another while both are told: that one is told no more', async () => {
    const { watch, link } = await watchRig()
    const other = vi.fn()
    let stop = (): void => {}
    watch.subscribe(({ status }) => status === 'active' && stop())
    stop = watch.subscribe(other)
    link.answer('join-progress', { success: true, status: state(1) })
    expect(other).toHaveBeenCalledTimes(1)
  })
})
