import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithin } from './commandSize'

describe('isWithin', () => {
  it('lets through what is far below the bound, and nothing that is far above it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const bytes = JSON.stringify(value).length
        expect(isWithin(value, 4 * bytes + 16)).toBe(true)
        // A number or an escape may be long as text and counts little: this guards memory, it weighs nothing out.
        if (bytes > 256) expect(isWithin(value, Math.floor(bytes / 25))).toBe(false)
      }),
    )
  })

  it.each([
    ['a long text', 'x'.repeat(1_000_000)],
    ['many numbers', Array.from({ length: 100_000 }, () => 1)],
    ['many keys', Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n]))],
    ['bytes', new Uint8Array(100_000)],
    ['depth', nested(400_000)],
  ])('ends early at %s', (_what, value) => expect(isWithin(value, 16_384)).toBe(false))
})

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = [value]
  return value
}
