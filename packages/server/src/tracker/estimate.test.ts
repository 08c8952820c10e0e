import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { etaMs, observe, type Pace, ratePerSecond, startPace } from './estimate'

const SMOOTHING = 5_000
const AFTER = 1_000
const run = (pace: Pace, readings: readonly (readonly [amount: number, at: number])[]) =>
  readings.reduce((before, [amount, at]) => observe(before, amount, at, SMOOTHING), pace)

/** One reading each 100 ms at this rate per second. */
const steady = (pace: Pace, perSecond: number, ms: number) =>
  run(
    pace,
    Array.from({ length: ms / 100 }, (_, index) => {
      const span = (index + 1) * 100
      return [pace.amount + (perSecond * span) / 1_000, pace.at + span] as const
    }),
  )

describe('a pace', () => {
  it('says nothing before a second was seen', () => {
    const pace = steady(startPace(0, 0), 10, 900)
    expect([ratePerSecond(pace, AFTER), etaMs(pace, 100, AFTER)]).toEqual([undefined, undefined])
  })

  it('knows an even pace, and how long it still takes', () => {
    const pace = steady(startPace(0, 0), 10, 2_000)
    expect(ratePerSecond(pace, AFTER)).toBeCloseTo(10)
    expect(etaMs(pace, 100, AFTER)).toBe(8_000)
    expect(etaMs(pace, 5, AFTER)).toBe(0)
  })

  it('follows a change of pace', () => {
    const slow = steady(steady(startPace(0, 0), 100, 10_000), 10, 2_000)
    expect(ratePerSecond(slow, AFTER)).toBeGreaterThan(30)
    expect(ratePerSecond(steady(slow, 10, 20_000), AFTER)).toBeLessThan(13)
  })

  it('falls while it stands still, and stays silent where it never moved', () => {
    const moving = steady(startPace(0, 0), 10, 5_000)
    const still = steady(moving, 0, 10_000)
    expect(ratePerSecond(still, AFTER)).toBeLessThan(2)
    expect(etaMs(still, 100, AFTER)).toBeGreaterThan(25_000)
    expect(ratePerSecond(steady(startPace(5, 0), 0, 5_000), AFTER)).toBeUndefined()
  })

  it('begins anew where amount or time step back', () => {
    const pace = steady(startPace(0, 10_000), 10, 2_000)
    expect(observe(pace, 3, 12_500, SMOOTHING)).toEqual({ since: 12_500, at: 12_500, amount: 3 })
    expect(observe(pace, 30, 5_000, SMOOTHING)).toEqual({ since: 5_000, at: 5_000, amount: 30 })
  })

  it('is not misled by readings of the same moment', () => {
    const pace = startPace(0, 0)
    expect(observe(pace, 0, 0, SMOOTHING)).toBe(pace)
    expect(observe(pace, 7, 0, SMOOTHING)).toEqual({ since: 0, at: 0, amount: 7 })
  })

  it('is never negative, infinite or not a number, whatever it reads', () => {
    const amount = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })
    const reading = fc.tuple(amount, fc.integer({ min: -3_600_000, max: 3_600_000 }))
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 40 }), amount, (readings, total) => {
        let at = Date.UTC(2026, 0, 1)
        let pace = startPace(0, at)
        for (const [one, ms] of readings) {
          at += ms
          pace = observe(pace, one, at, SMOOTHING)
          expect(isSound(pace, total)).toBe(true)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

function isSound(pace: Pace, total: number): boolean {
  const rate = ratePerSecond(pace, AFTER)
  const eta = etaMs(pace, total, AFTER)
  if (rate === undefined) return eta === undefined
  const known = pace.at - pace.since >= AFTER && Number.isFinite(rate) && rate > 0
  return known && (eta === undefined || (Number.isSafeInteger(eta) && eta >= 0))
}
