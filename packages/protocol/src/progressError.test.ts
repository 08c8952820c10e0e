import { describe, expect, it } from 'vitest'
import { isProgressError, ProgressError } from './progressError'

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
