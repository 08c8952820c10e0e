import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  comparePositions,
  epochAt,
  isSessionId,
  POSITION_PATTERN,
  parsePosition,
  positionOf,
  requireSessionId,
} from './position'

const random = () => 0.5
const epochs = fc
  .tuple(fc.integer({ min: 0, max: 36 ** 9 - 1 }), fc.double({ min: 0, max: 0.999999, noNaN: true }))
  .map(([at, chance]) => epochAt(at, () => chance))
const positions = fc.record({ epoch: epochs, revision: fc.maxSafeNat() })

describe('epochAt', () => {
  it('sorts newer after older as text', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 }), fc.integer({ min: 1, max: 2 ** 31 }), (at, later) => {
        expect(epochAt(at, random) < epochAt(at + later, random)).toBe(true)
      }),
    )
  })

  it.each([-1, 0.5, Date.UTC(2026, 0, 1), Date.UTC(5000, 0, 1)])('has its form at %s', (at) => {
    expect(`${epochAt(at, () => 0.999999)}.0`).toMatch(POSITION_PATTERN)
  })
})

describe('a position', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(positions, (state) => {
        expect(parsePosition(positionOf(state))).toEqual(state)
      }),
    )
  })

  it.each([
    '',
    'x',
    'abcdefghi-abcdefgh',
    'abcdefghi-abcdefgh.-1',
    'abcdefghi-abcdefgh.01',
    'abcdefghi-abcdefgh.1e3',
    7,
    null,
    {},
  ])('is not %j', (text) => expect(parsePosition(text)).toBeNull())

  it('counts no further than a number is exact', () => {
    expect(parsePosition('abcdefghi-abcdefgh.9007199254740991')).not.toBeNull()
    expect(parsePosition('abcdefghi-abcdefgh.9007199254740992')).toBeNull()
  })

  it('is ordered: exactly one of before, at and after, and transitive', () => {
    fc.assert(
      fc.property(positions, positions, positions, (a, b, c) => {
        expect(Math.sign(comparePositions(a, b))).toBe(-Math.sign(comparePositions(b, a)) + 0)
        if (comparePositions(a, b) < 0 && comparePositions(b, c) < 0) expect(comparePositions(a, c)).toBeLessThan(0)
      }),
    )
  })

  it('of a newer epoch wins over any revision of an older one', () => {
    const older = { epoch: epochAt(1, random), revision: 1_000_000 }
    expect(comparePositions({ epoch: epochAt(2, random), revision: 0 }, older)).toBeGreaterThan(0)
  })
})

describe('isSessionId', () => {
  it.each(['a', 'A-z_0.9:x', crypto.randomUUID(), 'x'.repeat(64)])('takes %s', (id) =>
    expect(isSessionId(id)).toBe(true),
  )

  // reliability.md 38
  it.each([
    '',
    ' ',
    'x'.repeat(65),
    'a b',
    'a/b',
    '../x',
    '%00',
    'a\n',
    'ä',
    'health',
    'events',
    '.',
    '..',
    '__proto__',
    'constructor',
    7,
    null,
    {},
    ['a'],
  ])('refuses %j', (id) => {
    expect(isSessionId(id)).toBe(false)
    expect(() => requireSessionId(id)).toThrow(/^not a session id: .*; 1 to 64 of/)
  })
})
