import { describe, expect, it } from 'vitest'
import { ERRORS, errorRow, isKnownCode, isProgressError, ProgressError } from './errors'

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

  it('reads a code of the app’s own like a failed operation, and no inherited name as a code', () => {
    expect(errorRow('DISK_ON_FIRE')).toBe(ERRORS.OPERATION_FAILED)
    expect(errorRow('toString')).toBe(ERRORS.OPERATION_FAILED)
  })
})

describe('ProgressError', () => {
  it('takes retryable from the table, and from who throws it', () => {
    expect(new ProgressError('SQLITE_BUSY', 'x').retryable).toBe(true)
    expect(new ProgressError('SQLITE_BUSY', 'x', { retryable: false }).retryable).toBe(false)
    expect(new ProgressError('DISK_ON_FIRE', 'x').retryable).toBe(false)
  })

  it('keeps its cause', () => {
    const cause = new Error('locked')
    expect(new ProgressError('SQLITE_BUSY', 'x', { cause }).cause).toBe(cause)
    expect('cause' in new ProgressError('SQLITE_BUSY', 'x')).toBe(false)
  })
})

describe('isProgressError', () => {
  it('knows one of another copy of this package', () => {
    const foreign = Object.assign(new Error('full'), {
      name: 'ProgressError',
      code: 'FILE_TOO_LARGE',
      retryable: false,
    })
    expect(isProgressError(foreign)).toBe(true)
    expect(foreign instanceof ProgressError).toBe(false)
  })

  it.each([
    ['a system error with a code', Object.assign(new Error('no file'), { code: 'ENOENT' })],
    ['a bare object', { code: 'X', message: 'y' }],
    ['a text', 'ProgressError'],
    ['nothing', undefined],
    ['null', null],
    ['a revoked proxy', revoked()],
    [
      'a getter that throws',
      Object.defineProperty({}, 'name', {
        get: () => {
          throw new Error('odd')
        },
      }),
    ],
  ])('is false for %s', (_what, value) => expect(isProgressError(value)).toBe(false))
})

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
