import { describe, expect, it, vi } from 'vitest'
import { FIRST, NOT_FOUND, SECOND, settled, state, watchRig } from '../clientRig.test-kit'
import { Ends } from './ends'

const END = state(9, { status: 'completed' })

async function ending() {
  const rig = await watchRig()
  const ended = vi.fn()
  rig.watch.onEnd(ended)
  rig.link.answer('join-progress', { success: true, status: state(1) })
  return { ...rig, ended }
}

describe('S0-62, S0-63: an end', () => {
  it.each([
    ['completed', 'progressComplete'],
    ['error', 'progressError'],
    ['cancelled', 'progressCancelled'],
  ] as const)('%s is told once, by its event and to those who asked', async (status, event) => {
    const { link, named, ended } = await ending()
    const end = state(9, { status })
    link.say('progress-update', end)
    link.say('progress-update', end)
    link.say('progress-complete', state(10, { status }))
    expect([named(event), ended.mock.calls]).toEqual([[end], [[end]]])
  })

  it('G4: is not told again by a reconnect, a comparison, or a list', async () => {
    const { transport, link, named, ended, clock } = await ending()
    link.say('progress-complete', END)
    await clock.advance(10_000)
    link.drop()
    const second = transport.link.open()
    second.answer('join-progress', { success: true, status: END })
    second.say('progress-batch', { sessions: [END] })
    expect([named('progressComplete').length, ended.mock.calls.length]).toEqual([1, 1])
  })

  it('G4, 92: is not told again to whoever is mounted anew', async () => {
    const { client, link, watch, named, ended } = await ending()
    link.say('progress-complete', END)
    watch.leave()
    await settled()
    const again = client.watch('a')
    const anew = vi.fn()
    again.onEnd(anew)
    await settled()
    link.answer('join-progress', { success: true, status: END })
    expect(again.state).toBe(END)
    expect([named('progressComplete').length, ended.mock.calls.length, anew.mock.calls.length]).toEqual([1, 1, 0])
  })

  it('that came while nobody asked for ends is told to the first who does, also after it was left', async () => {
    const { client, link, watch } = await watchRig()
    link.answer('join-progress', { success: true, status: END })
    watch.leave()
    await settled()
    const again = client.watch('a')
    await settled()
    link.answer('join-progress', { success: true, status: END })
    const [first, second] = [vi.fn(), vi.fn()]
    again.onEnd(first)
    again.onEnd(second)
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 0])
  })

  it('is told to all who listen at that moment', async () => {
    const { client, watch, link, ended } = await ending()
    const others = [vi.fn(), vi.fn()]
    watch.onEnd(others[0] ?? (() => {}))
    client.watch('a').onEnd(others[1] ?? (() => {}))
    link.say('progress-complete', END)
    expect([ended, ...others].map((one) => one.mock.calls.length)).toEqual([1, 1, 1])
  })

  it('S0-70: is the last that is compared', async () => {
    const { link, clock } = await ending()
    link.say('progress-complete', END)
    await clock.advance(60_000)
    expect(link.asked('sync-progress')).toEqual([])
  })

  it('the same listener may be given twice, and taken back once', async () => {
    const { watch, link } = await watchRig()
    const ended = vi.fn()
    const stop = watch.onEnd(ended)
    watch.onEnd(ended)
    stop()
    link.answer('join-progress', { success: true, status: END })
    expect(ended).toHaveBeenCalledTimes(1)
  })

  it('G6: of a new epoch is another one', async () => {
    const { link, named, ended } = await ending()
    link.say('progress-complete', END)
    link.say('progress-status', state(1, { epoch: SECOND }))
    link.say('progress-error', state(2, { epoch: SECOND, status: 'error' }))
    expect([named('progressComplete').length, named('progressError').length, ended.mock.calls.length]).toEqual([
      1, 1, 2,
    ])
  })

  it('`gone` is an end for those who asked, once, and no event', async () => {
    const { client, watch, link, events, clock } = await watchRig({ awaitMs: 10 })
    const ended = vi.fn()
    watch.onEnd(ended)
    link.answer('join-progress', NOT_FOUND)
    await clock.advance(10)
    watch.leave()
    client.watch('a', { awaitMs: 0 }).onEnd(ended)
    await settled()
    link.answer('join-progress', NOT_FOUND)
    await clock.advance(10)
    expect([ended.mock.calls.length, events]).toEqual([1, []])
    expect(ended.mock.calls[0]).toEqual([{ status: 'gone', progress: 0, code: 'NOT_FOUND' }])
  })
})

describe('the memory of ends', () => {
  it('G4: an end is not told again because another was told in between', () => {
    const ends = new Ends()
    expect([ends.tell('a', FIRST), ends.tell('a', SECOND), ends.tell('a', FIRST), ends.tell('b', FIRST)]).toEqual([
      true,
      true,
      false,
      true,
    ])
  })

  it('G8: is bounded, and forgets the oldest', () => {
    const ends = new Ends()
    for (let count = 0; count <= 1_000; count++) ends.tell(`id-${count}`, FIRST)
    expect([ends.tell('id-1000', FIRST), ends.tell('id-1', FIRST), ends.tell('id-0', FIRST)]).toEqual([
      false,
      false,
      true,
    ])
  })
})
