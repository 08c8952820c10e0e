import { expect, it } from 'vitest'
import { createFakeClient } from './fakeClient.test-kit'
import { shareClients } from './sharedClient'

it('makes one client for each url and endpoint', () => {
  const made: (readonly [string | null, string | null])[] = []
  const clientFor = shareClients((url, endpoint) => {
    made.push([url, endpoint])
    return createFakeClient()
  })
  expect(clientFor(null, null)).toBe(clientFor(null, null))
  expect(clientFor('/a', null)).not.toBe(clientFor(null, '/a'))
  expect(made).toEqual([
    [null, null],
    ['/a', null],
    [null, '/a'],
  ])
})
