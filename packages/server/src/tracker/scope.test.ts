import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Scope } from './scope'

describe('Scope', () => {
  it('takes in what was counted, once', () => {
    const scope = new Scope()
    scope.counted = 3
    expect([scope.take(), scope.take(), scope.current]).toEqual([true, false, 3])
    expect(scope.shown()).toEqual({ current: 3, total: null })
  })

  it('turns its units into progress of the whole', () => {
    const scope = new Scope(40, 20)
    scope.total = 4
    scope.counted = 1
    scope.take()
    expect(scope.shown()).toEqual({ current: 1, total: 4, progress: 45 })
    expect([scope.scaled(-5), scope.scaled(50), scope.scaled(500)]).toEqual([40, 50, 60])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('puts %d aside', (counted) => {
    const scope = new Scope()
    scope.counted = counted
    expect([scope.take(), scope.current, scope.counted]).toEqual([false, undefined, 0])
  })

  it('does not count beyond what a number can say', () => {
    const scope = new Scope()
    for (let turn = 0; turn < 2; turn++) {
      scope.counted = Number.MAX_VALUE
      scope.take()
    }
    expect(scope.current).toBe(Number.MAX_VALUE)
  })

  it('expects all items of work that begin, and keeps a total that has room for them', () => {
    const scope = new Scope()
    scope.total = scope.expect(3)
    scope.counted = 3
    expect(scope.expect(2)).toBe(5)
    scope.total = 100
    expect(scope.expect(50)).toBe(100)
  })

  it('counts from the beginning after a reset', () => {
    const scope = new Scope()
    scope.total = 5
    scope.counted = 3
    scope.reset()
    expect([scope.take(), scope.shown()]).toEqual([false, { current: 0, total: null }])
  })

  it('divides itself by weight, in order', () => {
    const parts = new Scope(50, 50).divide({ upload: 10, parse: 30, insert: 60 })
    expect([...parts].map(([name, { start, span }]) => [name, start, span])).toEqual([
      ['upload', 50, 5],
      ['parse', 55, 15],
      ['insert', 70, 30],
    ])
  })

  it('leaves no gap, goes never back and stays in its bounds, whatever the weights', () => {
    const weight = fc.oneof(fc.double(), fc.integer({ min: 1, max: 100 }), fc.constant('7' as unknown as number))
    fc.assert(
      fc.property(fc.dictionary(fc.string(), weight, { minKeys: 1, maxKeys: 9 }), (weights) => {
        let before = 10
        for (const part of new Scope(10, 80).divide(weights).values()) {
          expect(part.start).toBeCloseTo(before)
          expect(part.span).toBeGreaterThanOrEqual(0)
          before = part.start + part.span
        }
        expect(before).toBeCloseTo(90)
      }),
    )
  })
})
