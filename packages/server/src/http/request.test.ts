import { describe, expect, it } from 'vitest'
import { readTarget } from './request'

describe('readTarget', () => {
  it.each([
    ['/', ''],
    ['', ''],
    ['/abc', 'abc'],
    ['/abc/', 'abc'],
    ['/api/progress', ''],
    ['/api/progress/', ''],
    ['/api/progress/abc', 'abc'],
    ['/base/api/progress/abc', 'abc'],
    ['/api/progress/api/progress/abc', 'abc'],
    ['/api/progressive/abc', 'api/progressive/abc'],
    ['http://app.test/api/progress/abc#x', 'abc'],
    ['http://app.test', ''],
    ['//evil.test/abc', '/evil.test/abc'],
    ['*', '*'],
    ['/%', '%'],
  ])('%j is the path %j', (target, path) => {
    expect(readTarget(target)).toEqual({ path, query: '' })
  })

  it('leaves the query as it was sent', () => {
    expect(readTarget('/api/progress?ids=a%2Cb?c')).toEqual({ path: '', query: 'ids=a%2Cb?c' })
    expect(readTarget('/?next=/api/progress/x')).toEqual({ path: '', query: 'next=/api/progress/x' })
  })
})
