import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutText, text } from './text'

describe('cutText', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'abc'],
    ['a👍b', 2, 'a👍'],
    ['👍👍👍', 2, '👍👍'],
    ['a👍', 1, 'a'],
    ['', 0, ''],
  ])('cuts %j at %i to %j', (value, max, cut) => expect(cutText(value, max)).toBe(cut))

  it('gives what its own schema accepts, and leaves alone what fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 20 }), (value, max) => {
        const cut = cutText(value, max)
        expect(value.startsWith(cut)).toBe(true)
        expect(text(max).safeParse(cut).success).toBe(true)
        expect(cut === value).toBe(text(max).safeParse(value).success)
      }),
    )
  })
})
