import { buildSnapshot } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { gone, WAITING, type WatchState } from '../sessions/watchState'
import { type Seen, see, UNSEEN } from './announce'

function hear(states: readonly WatchState[]): { seen: Seen; news: (string | undefined)[] } {
  let seen = UNSEEN
  const news = states.map((state) => {
    const sight = see(seen, state)
    seen = sight.seen
    return sight.news
  })
  return { seen, news }
}

const at = (progress: number, phase?: string): WatchState =>
  buildSnapshot('active', { progress, ...(phase !== undefined && { phase }) })

describe('see', () => {
  it('tells phases, quarters and the end of a session, and nothing else', () => {
    const phases = ['upload', 'parse', 'insert']
    const run = Array.from({ length: 1_000 }, (_, step) => at(step / 10, phases[Math.floor(step / 400)]))
    const { news, seen } = hear([WAITING, ...run, buildSnapshot('completed', { progress: 100 })])
    // Two new phases, three quarters, one end: six announcements in a thousand states.
    expect(news.filter(Boolean)).toEqual(['step', 'step', 'step', 'step', 'step', 'end'])
    expect(seen.steps).toEqual(phases)
  })

  it('says nothing of what stood already when the watch began', () => {
    expect(hear([at(60, 'parse')]).news).toEqual([undefined])
  })

  it('tells the end once per epoch, also when what ended is gone later', () => {
    const end = buildSnapshot('completed')
    expect(hear([at(10), end, end, gone('NOT_FOUND')]).news).toEqual([undefined, 'end', undefined, undefined])
  })

  it('tells the end of the next epoch', () => {
    const end = buildSnapshot('completed')
    expect(hear([end, { ...end, epoch: 'next' }]).news).toEqual(['end', 'end'])
  })

  it('tells that an id which never was is gone, once', () => {
    expect(hear([WAITING, gone('NOT_FOUND'), gone('NOT_FOUND')]).news).toEqual([undefined, 'end', undefined])
  })

  it('is not made to talk by a peer that invents phases', () => {
    const { news, seen } = hear(Array.from({ length: 1_000 }, (_, step) => at(1, `phase ${step}`)))
    expect(news.filter(Boolean).length).toBeLessThan(12)
    expect(seen.steps.length).toBe(12)
  })

  it('does not repeat a quarter when progress steps back', () => {
    expect(hear([at(10), at(30), at(20), at(30)]).news).toEqual([undefined, 'step', undefined, undefined])
  })
})
