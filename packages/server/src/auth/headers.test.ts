// Node's headers, read by name, copied, and searched for a token.
import { expect, it } from 'vitest'
import { bearerOf, headersOf, readerOf } from './headers'

it('reads what is there, and nothing that only objects have', () => {
  const reader = readerOf({ host: 'a', 'x-list': ['1', '2'] })
  expect(['host', 'x-list', 'missing', 'constructor'].map((name) => reader.get(name))).toEqual(['a', '1,2', null, null])
})

it('copies headers, and leaves out what cannot be one', () => {
  const headers = headersOf({
    cookie: 'a=1',
    'x-list': ['1', '2'],
    ':path': '/',
    'x-odd': 'line\nbreak',
    none: undefined,
  })
  expect([...headers]).toEqual([
    ['cookie', 'a=1'],
    ['x-list', '1, 2'],
  ])
})

it.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc ', 'abc'],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearer a b', undefined],
  ['Basic abc', undefined],
  ['', undefined],
])('in %j the token is %j', (authorization, token) => {
  expect(bearerOf(readerOf({ authorization }))).toBe(token)
  expect(bearerOf(readerOf({}))).toBeUndefined()
})
