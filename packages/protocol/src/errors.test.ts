import { describe, expect, it } from 'vitest'
import { ERRORS, errorRow, isKnownCode } from './errors'
import { isRetryable } from './retryable'

describe('ERRORS', () => {
  // S0-78, S1-35, S1-37, S1-40
  it.each([
    'SQLITE_BUSY',
    'VALIDATION_FAILED',
    'FILE_TOO_LARGE',
    'PARSE_ERROR',
    'NETWORK_ERROR',
    'UNAUTHENTICATED',
    'IMPORT_FAILED',
    'VALIDATION_ERROR',
    'HANDLER_ERROR',
  ])('knows the code %s of the seeds', (code) => expect(isKnownCode(code)).toBe(true))

  // S4-23
  it.each([
    [1003, 'BAD_REQUEST'],
    [1006, 'NETWORK_ERROR'],
    [1008, 'UNAUTHENTICATED'],
  ] as const)('gives close code %i to %s', (closeCode, code) => expect(ERRORS[code].closeCode).toBe(closeCode))

  it('retries nothing that a login, a right or a correction is needed for', () => {
    for (const { retryable, httpStatus } of Object.values(ERRORS)) {
      if ([400, 401, 403, 404, 405, 409, 413, 422].includes(httpStatus)) expect(retryable).toBe(false)
      if ([429, 502, 503].includes(httpStatus)) expect(retryable).toBe(true)
    }
  })

  it('lists nothing to try again that it does not know', () => {
    const retried = Object.entries(ERRORS).flatMap(([code, { retryable }]) => (retryable ? [code] : []))
    expect(retried).toHaveLength(8)
    expect(isRetryable('DISK_ON_FIRE')).toBe(false)
  })

  it('reads a code of the app’s own like a failed operation, and no inherited name as a code', () => {
    expect(errorRow('DISK_ON_FIRE')).toBe(ERRORS.OPERATION_FAILED)
    expect(errorRow('toString')).toBe(ERRORS.OPERATION_FAILED)
  })
})
