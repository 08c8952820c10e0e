import { describe, expect, it } from 'vitest'
import { createFormat } from './format'

describe('createFormat', () => {
  it('writes in the language of the page', () => {
    const german = createFormat('de')
    expect(german.number(1_234.56)).toBe('1.234,6')
    expect(german.percent(43.9).replace(/\s/, ' ')).toBe('43 %')
    expect(german.amount(1_500_000, 'bytes')).toBe('1,5 MB')
    expect(german.amount(1_500, 'Zeilen')).toBe('1.500 Zeilen')
  })

  it('writes tenths only of what is few', () => {
    const { amount } = createFormat('en')
    expect([amount(12_098.8, 'rows'), amount(2.25, 'rows')]).toEqual(['12,099 rows', '2.3 rows'])
  })

  it('writes two units of a span, and never nothing', () => {
    const { duration } = createFormat('en')
    expect([0, 400, 1_600, 60_000, 125_000, 3_600_000, 5_430_000, 90_000_000].map(duration)).toEqual([
      '1 sec',
      '1 sec',
      '2 sec',
      '1 min',
      '2 min, 5 sec',
      '1 hr',
      '1 hr, 30 min',
      '1 day, 1 hr',
    ])
  })

  it('bears a language tag that is none', () => {
    for (const lang of ['', 'not a language', '-', 'en_US', '🙂']) expect(createFormat(lang).number(1)).toBe('1')
  })

  it('bears huge numbers', () => {
    const { amount, duration } = createFormat('en')
    expect(amount(Number.MAX_VALUE, 'bytes')).toContain('TB')
    expect(duration(Number.MAX_VALUE)).toContain('day')
  })
})
