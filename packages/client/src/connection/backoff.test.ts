import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ATTEMPTS, someday, soon } from './backoff'
import type { Input } from './machine'
import { does, waitOf, walk } from './rows.test-kit'

const FAILED: Input = { type: 'failed' }
const TIMER: Input = { type: 'timer' }
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

/** A dial, and so many that failed after it. */
function failures(count: number): Input[] {
  return [
    { type: 'connect' },
    ...Array.from({ length: count }, () => FAILED).flatMap((failed, index): Input[] =>
      index === 0 ? [failed] : [TIMER, failed],
    ),
  ]
}

describe('the backoff', () => {
  it('S0-56: five attempts: at once, then after 1, 2, 4 and 8 seconds', () => {
    expect(ATTEMPTS).toBe(5)
    expect([0, 1, 2, 3, 4].map((attempt) => soon(attempt, 0.5))).toEqual([0, 1_000, 2_000, 4_000, 8_000])
    expect([1, 2, 3, 4].map((count) => waitOf(walk(failures(count))))).toEqual([1_000, 2_000, 4_000, 8_000])
  })

  it('S0-56: the jitter is a fifth, up or down', () => {
    expect([1, 2, 3, 4].map((attempt) => soon(attempt, 0))).toEqual([800, 1_600, 3_200, 6_400])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), chance, (attempt, random) => {
        const step = 1_000 * 2 ** (attempt - 1)
        const ms = soon(attempt, random)
        expect(ms).toBeGreaterThanOrEqual(step * 0.8)
        expect(ms).toBeLessThanOrEqual(step * 1.2)
      }),
    )
    expect(soon(0, 0.99)).toBe(0)
    expect([5, 50].map((attempt) => soon(attempt, 0.5))).toEqual([8_000, 8_000])
  })

  it('S0-57: `connectionFailed` comes with the fifth failure, and with no other', () => {
    const told = Array.from({ length: 12 }, (_, index) => does(walk(failures(index + 1)), 'tellFailed'))
    expect(told.flatMap((isTold, index) => (isTold ? [index + 1] : []))).toEqual([5])
    expect([4, 5, 6].map((count) => walk(failures(count)).state.name)).toEqual(['waiting', 'polling', 'polling'])
  })

  it('S0-57: a row that somebody asks for after it was given up is told of again', () => {
    const again = walk(
      [{ type: 'connect' }, FAILED, TIMER, FAILED, TIMER, FAILED, TIMER, FAILED],
      {},
      walk(failures(5)).state,
    )
    expect([again.state.name, does(again, 'tellFailed')]).toEqual(['waiting', false])
    const fifth = walk([TIMER, FAILED], {}, again.state)
    expect([fifth.state.name, does(fifth, 'tellFailed')]).toEqual(['polling', true])
  })

  it('in the background it is tried for ever, anywhere up to a bound', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 50 }), chance, fc.constantFrom(4_000, 30_000), (count, random, capMs) => {
        const ms = waitOf(walk(failures(count), { random, capMs }))
        expect(ms).toBe(someday(random, capMs))
        expect(ms).toBeGreaterThanOrEqual(0)
        expect(ms).toBeLessThanOrEqual(capMs)
      }),
    )
    expect(waitOf(walk(failures(300), { random: 0.999, capMs: 4_000 }))).toBe(3_996)
  })

  it('S2-88: a way with a lower bound is waited for no longer than that, from the first attempt on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), chance, (count, random) => {
        expect(waitOf(walk(failures(count), { random, capMs: 4_000 }))).toBeLessThanOrEqual(4_000)
      }),
    )
    expect([1, 2, 3].map((count) => waitOf(walk(failures(count), { capMs: 4_000 })))).toEqual([1_000, 2_000, 4_000])
  })
})
