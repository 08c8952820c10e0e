import { LIMITS } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { namesTag, Query, readPlace } from './query'

const POSITION = 'mk3v0000a-00000000.7'

/** Reads everything of a query: is it well formed? */
function isFine(query: string, read: (query: Query) => unknown): boolean {
  const one = new Query(query)
  read(one)
  return one.isWellFormed
}

describe('Query', () => {
  it('reads what is there', () => {
    const query = new Query(`ids=a,b,a&wait=20&since=${POSITION}&mine=1&reason=no%20more`)
    expect(query.ids()).toEqual(['a', 'b'])
    expect(query.waitMs()).toBe(20_000)
    expect(query.since()).toEqual({ epoch: 'mk3v0000a-00000000', revision: 7 })
    expect(query.mine()).toBe(true)
    expect(query.reason()).toBe('no more')
    expect(query.isWellFormed).toBe(true)
  })

  it('has defaults for what is absent, and passes over what it does not know', () => {
    const query = new Query('utm_source=mail&__proto__=1&constructor=2')
    expect([query.ids(), query.waitMs(), query.since(), query.mine(), query.reason()]).toEqual([
      ...[undefined, 0, undefined, false, undefined],
    ])
    expect(query.isWellFormed).toBe(true)
    expect(({} as Record<string, unknown>)['1']).toBeUndefined() // reliability.md 45
  })

  it.each(['NaN', '-1', '1;DROP', '', '21', '1.5', '1e1', '01', '+1', '0x1', ' 1', '١'])('refuses wait=%s', (wait) => {
    expect(isFine(`wait=${encodeURIComponent(wait)}`, (query) => query.waitMs())).toBe(false) // reliability.md 44
  })

  it.each(['NaN', '-1', '1;DROP', '', `${POSITION}0000000000000000`, 'mk3v0000a-00000000.9007199254740992', '*'])(
    'refuses since=%s',
    (since) => {
      expect(isFine(`since=${encodeURIComponent(since)}`, (query) => query.since())).toBe(false) // reliability.md 44
    },
  )

  it.each(['', ',', 'a,', 'a b', 'a,health', '../x', 'a%00', 'ä', 'a'.repeat(65)])('refuses ids=%s', (ids) => {
    expect(isFine(`ids=${ids}`, (query) => query.ids())).toBe(false) // reliability.md 38
  })

  it('takes 100 ids, and not 101', () => {
    const ids = (count: number) => `ids=${Array.from({ length: count }, (_, i) => `id-${i}`).join()}`
    expect(isFine(ids(LIMITS.watchedPerConnection), (query) => query.ids())).toBe(true)
    expect(isFine(ids(LIMITS.watchedPerConnection + 1), (query) => query.ids())).toBe(false)
  })

  it('refuses what is said twice, where once is meant', () => {
    // reliability.md 44
    expect(isFine('wait=1&wait=1', (query) => query.waitMs())).toBe(false)
    expect(isFine('ids=a&ids=b', (query) => query.ids())).toBe(false)
    expect(isFine(`since=${POSITION}&since=${POSITION}`, (query) => query.since())).toBe(false)
    expect(isFine('mine=1&mine=1', (query) => query.mine())).toBe(false)
  })

  it('refuses a query over 8 kB, whatever is in it', () => {
    expect(isFine(`x=${'y'.repeat(8_190)}`, () => {})).toBe(true)
    expect(isFine(`x=${'y'.repeat(8_191)}`, () => {})).toBe(false)
  })

  it('refuses mine=yes and a reason that is too long', () => {
    expect(isFine('mine=yes', (query) => query.mine())).toBe(false)
    expect(isFine(`reason=${'x'.repeat(LIMITS.reasonChars)}`, (query) => query.reason())).toBe(true)
    expect(isFine(`reason=${'x'.repeat(LIMITS.reasonChars + 1)}`, (query) => query.reason())).toBe(false)
  })

  it('reads a place of each session', () => {
    const query = new Query(`since=a@${POSITION}&since=b:c@${POSITION}`)
    expect([...query.sinceEach().keys()]).toEqual(['a', 'b:c'])
    expect(isFine(`since=a@${POSITION}&since=b`, (one) => one.sinceEach())).toBe(false)
  })
})

describe('readPlace', () => {
  it.each(['', '@', 'a@', `@${POSITION}`, `health@${POSITION}`, 'a', `a b@${POSITION}`, POSITION])(
    'is not %j',
    (text) => {
      expect(readPlace(text)).toBeUndefined()
    },
  )
})

describe('namesTag', () => {
  it.each([
    [`"${POSITION}"`, true],
    [`W/"${POSITION}"`, true],
    [`"x", W/"${POSITION}"`, true],
    ['*', true],
    [POSITION, false],
    ['"x"', false],
    ['', false],
    [null, false],
  ])('%j: %s', (header, names) => {
    expect(namesTag(header, POSITION)).toBe(names)
  })
})
