import { describe, expect, it } from 'vitest'
import { Failure, failureOf, Refusal, refusal } from './failure'
import { LIMITS } from './limits'
import { ProgressError } from './progressError'
import { jsonBytes } from './sanitize'

const failure = (error: unknown) => failureOf(error, 'ref-1').failure

describe('failureOf', () => {
  it('tells of a foreign error its reference and nothing else', () => {
    const secret = Object.assign(new Error('SELECT * FROM users at /srv/app.js'), { code: 'ER_PARSE', sql: 'SELECT' })
    for (const error of [secret, 'text', undefined, null, 7, { message: 'x' }]) {
      expect(failure(error)).toEqual({
        code: 'OPERATION_FAILED',
        message: 'The work failed.',
        retryable: false,
        reference: 'ref-1',
      })
    }
  })

  // S0-37, S0-79: the details where the seed reads them, and beside the code
  it('tells of a ProgressError what it says', () => {
    const error = new ProgressError('SQLITE_BUSY', 'locked', { details: { sqliteError: 'locked', rows: [7, 8] } })
    expect(failure(error)).toEqual({
      code: 'SQLITE_BUSY',
      message: 'locked',
      retryable: true,
      reference: 'ref-1',
      sqliteError: 'locked',
      rows: [7, 8],
      details: { sqliteError: 'locked', rows: [7, 8] },
    })
  })

  it('81: never tells a stack, and lets details displace nothing', () => {
    const details = { stack: 'at /srv', code: 'OTHER', message: 'other', retryable: true, reference: 'other' }
    const told = failure(new ProgressError('PARSE_ERROR', 'bad', { details }))
    expect(JSON.stringify(told)).not.toContain('/srv')
    expect(told).toMatchObject({ code: 'PARSE_ERROR', message: 'bad', retryable: false, reference: 'ref-1' })
  })

  it('stays within its bounds, says so, and is what the schema accepts', () => {
    const details = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field${index}`, 'x'.repeat(500)]))
    const { failure: told, truncated } = failureOf(new ProgressError('C'.repeat(99), 'm'.repeat(999), { details }), 'r')
    expect(truncated).toBe(true)
    expect(Failure.safeParse(told).success).toBe(true)
    expect(told.message).toHaveLength(LIMITS.messageChars)
    const { code: _code, message: _message, ...context } = JSON.parse(JSON.stringify(told))
    expect(jsonBytes(context)).toBeLessThan(LIMITS.errorDetailsBytes + 100)
  })

  it('reads an error of another copy of this package, however odd', () => {
    const odd = { name: 'ProgressError', code: '', message: 'x', retryable: 'yes', details: 7 }
    expect(failure(odd)).toEqual({ code: 'OPERATION_FAILED', message: 'x', retryable: false, reference: 'ref-1' })
  })
})

describe('refusal', () => {
  it('is the table’s sentence under its code', () => {
    expect(Refusal.parse(refusal('NOT_FOUND'))).toEqual(refusal('NOT_FOUND'))
    expect(refusal('NOT_FOUND').error.message).toBe('There is no such session.')
  })
})
