import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from './decode'
import { sanitizeMetadata } from './sanitize'
import { isEnd, Snapshot } from './snapshot'
import { buildSnapshot } from './testing'
import { cutText } from './text'

const statuses = ['active', 'completed', 'error', 'cancelled'] as const

const common = {
  progress: fc.double({ min: 0, max: 100, noNaN: true }),
  revision: fc.maxSafeNat(),
  attempt: fc.integer({ min: 1, max: 100 }),
  timestamp: fc.maxSafeNat(),
  message: fc.string({ unit: 'binary', maxLength: 600 }).map((text) => cutText(text, 500)),
  metadata: fc.object().map((value) => sanitizeMetadata(value).value),
  total: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
}

describe('Snapshot', () => {
  it('accepts whatever a builder makes, and what it accepts survives JSON', () => {
    const fields = fc.record(common, { requiredKeys: [] })
    fc.assert(
      fc.property(fc.constantFrom(...statuses), fields, (status, over) => {
        const checked = check('snapshot', Snapshot, buildSnapshot(status, over))
        expect(checked).toMatchObject({ ok: true })
        const value = checked.ok && checked.value
        expect(Snapshot.parse(JSON.parse(JSON.stringify(value)))).toEqual(withoutMinusZero(value))
      }),
    )
  })

  it.each(statuses)('says of %s whether it is an end', (status) => {
    expect(isEnd(buildSnapshot(status))).toBe(status !== 'active')
  })

  it.each([
    ['the duration of an end', 'completed', 'duration'],
    ['the error of an error', 'error', 'error'],
    ['whether the worker lives', 'active', 'worker'],
    ['its position', 'active', 'epoch'],
  ] as const)('demands %s', (_what, status, field) => {
    const { [field as 'epoch']: _left, ...rest } = buildSnapshot(status)
    expect(Snapshot.safeParse(rest).success).toBe(false)
  })

  // S0-30, S0-33, S0-37, S0-46: a client of the seed finds its fields where it looks for them
  it('has the fields of the seed', () => {
    expect(Object.keys(buildSnapshot('active'))).toEqual(
      expect.arrayContaining(['sessionId', 'progress', 'status', 'metadata', 'timestamp']),
    )
    expect(Object.keys(buildSnapshot('completed'))).toContain('duration')
    expect(Object.keys(buildSnapshot('error').error)).toEqual(expect.arrayContaining(['code', 'message']))
  })
})

/** -0 is 0 in JSON. */
function withoutMinusZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
