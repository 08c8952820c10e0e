import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { SlidingWindow } from './rateLimit'

describe('SlidingWindow', () => {
  it('lets the limit through within a window, and says when there is room again', async () => {
    // S1-21
    const clock = new ManualClock()
    const window = new SlidingWindow(clock, 2, 60_000)
    expect(window.take('ada')).toEqual({ ok: true })
    await clock.advance(10_000)
    expect(window.take('ada')).toEqual({ ok: true })
    expect(window.take('ada')).toEqual({ ok: false, retryAfterMs: 50_000 })
    await clock.advance(49_999)
    expect(window.take('ada')).toEqual({ ok: false, retryAfterMs: 1 })
    await clock.advance(1)
    expect(window.take('ada')).toEqual({ ok: true })
    expect(window.take('ada')).toEqual({ ok: false, retryAfterMs: 10_000 })
  })

  it('slides: a burst over the edge of two windows is no way round it', async () => {
    const clock = new ManualClock()
    const window = new SlidingWindow(clock, 100, 60_000)
    await clock.advance(59_000)
    let passed = 0
    for (let at = 0; at < 20; at++) {
      for (let i = 0; i < 20; i++) passed += window.take('ada').ok ? 1 : 0
      await clock.advance(100)
    }
    expect(passed).toBe(100)
  })

  it('twin: a window that begins anew at each minute lets twice as many through', async () => {
    const clock = new ManualClock()
    const counts = new Map<number, number>()
    const take = (): boolean => {
      const minute = Math.floor(clock.now() / 60_000)
      const count = (counts.get(minute) ?? 0) + 1
      counts.set(minute, count)
      return count <= 100
    }
    await clock.advance(59_000)
    let passed = 0
    for (let at = 0; at < 20; at++) {
      for (let i = 0; i < 20; i++) passed += take() ? 1 : 0
      await clock.advance(100)
    }
    expect(passed).toBe(200)
  })

  it('counts each key alone, and what it refuses not at all', async () => {
    const clock = new ManualClock()
    const window = new SlidingWindow(clock, 1, 1_000)
    expect(window.take('ada').ok).toBe(true)
    for (let i = 0; i < 50; i++) expect(window.take('ada').ok).toBe(false)
    expect(window.take('bob').ok).toBe(true)
    await clock.advance(1_000)
    expect(window.take('ada').ok).toBe(true)
  })

  it('forgets keys that are quiet, and never remembers more than it may', async () => {
    // reliability.md 95
    const clock = new ManualClock()
    const window = new SlidingWindow(clock, 5, 1_000, 100)
    for (let i = 0; i < 101; i++) window.take(`user-${i}`)
    expect(window.size).toBe(100)
    await clock.advance(1_000)
    window.take('ada')
    expect(window.size).toBe(1)
  })

  it('twin: without a bound it remembers all of them', () => {
    const window = new SlidingWindow(new ManualClock(), 5, 1_000, Number.POSITIVE_INFINITY)
    for (let i = 0; i < 20_000; i++) window.take(`user-${i}`)
    expect(window.size).toBe(20_000)
  })

  it('keeps a key that is in use while others are evicted', () => {
    const window = new SlidingWindow(new ManualClock(), 3, 1_000, 2)
    window.take('ada')
    window.take('bob')
    window.take('ada')
    window.take('cyd') // bob has been quiet for longest
    expect([window.take('ada').ok, window.take('ada').ok]).toEqual([true, false])
  })

  it('locks nobody out when the clock is set back', async () => {
    const clock = new ManualClock()
    const window = new SlidingWindow(clock, 1, 1_000)
    window.take('ada')
    clock.jump(-3_600_000)
    expect(window.take('ada')).toEqual({ ok: true })
    expect(window.take('ada')).toEqual({ ok: false, retryAfterMs: 1_000 })
  })

  it('refuses everything at a limit of 0', () => {
    expect(new SlidingWindow(new ManualClock(), 0, 1_000).take('ada')).toEqual({ ok: false, retryAfterMs: 1_000 })
  })
})
