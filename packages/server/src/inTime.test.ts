// What is waited for, and for how long.
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { inTime } from './inTime'

describe('inTime', () => {
  it.each([null, 0, 'said', {}])('answers %j at once, without a timer', async (said) => {
    const clock = new ManualClock()
    const answer = inTime(clock, said)
    expect(clock.pending).toBe(0)
    expect(await answer).toBe(said)
  })

  it('gives up what never comes, and leaves no timer', async () => {
    const clock = new ManualClock()
    const answer = inTime(clock, new Promise(() => {}), 100)
    expect(clock.pending).toBe(1)
    await Promise.all([expect(answer).rejects.toMatchObject({ code: 'UNAVAILABLE' }), clock.advance(100)])
    expect(clock.pending).toBe(0)
  })

  it('takes the timer back where it comes in time', async () => {
    const clock = new ManualClock()
    expect(await inTime(clock, Promise.resolve(1), 100)).toBe(1)
    expect(clock.pending).toBe(0)
  })
})
