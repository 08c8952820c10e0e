import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonBytes } from './sanitize'
import { boundedText, cutText, text } from './text'

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

describe('boundedText', () => {
  it.each([
    ['a\u0000b', 'a\u0000b'],
    ['\u0000'.repeat(600), '\ufffd'.repeat(500)],
    ['\ud800'.repeat(500), '\ufffd'.repeat(500)],
    ['👍'.repeat(600), '👍'.repeat(500)],
  ])('takes at most four bytes a character: case %#', (value, said) => expect(boundedText(value, 500)).toBe(said))

  it('keeps its bound whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (value) => {
        expect(jsonBytes(boundedText(value, 20))).toBeLessThanOrEqual(4 * 20 + 2)
      }),
    )
  })
})
