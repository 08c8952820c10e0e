// What authenticators see of a request of Node's.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { authRequestOf } from './nodeRequest'

const asked = (headers: IncomingHttpHeaders) => ({ headers }) as IncomingMessage

describe('authRequestOf', () => {
  it('gives the headers as Headers, the same each time', () => {
    const node = asked({ cookie: 'a=1', 'x-odd': 'line\nbreak' })
    const request = authRequestOf(node)
    expect([...request.headers]).toEqual([['cookie', 'a=1']])
    expect(request.headers).toBe(request.headers)
    expect(request.node).toBe(node)
    expect({ ...request }.headers).toBe(request.headers)
  })

  it('gives them also where somebody has frozen it', () => {
    expect(Object.freeze(authRequestOf(asked({ cookie: 'a=1' }))).headers.get('cookie')).toBe('a=1')
  })

  it('copies none of them before somebody asks', () => {
    const never = new Proxy({}, { ownKeys: () => expect.unreachable('they were copied') })
    expect(authRequestOf(asked(never)).token).toBeUndefined()
  })

  it('has the host that HTTP/2 was asked for', () => {
    expect(authRequestOf(asked({ ':authority': 'a.test' })).headers.get('host')).toBe('a.test')
    expect(authRequestOf(asked({ ':authority': 'a.test', host: 'b.test' })).headers.get('host')).toBe('b.test')
  })

  it.each([
    ['Bearer of-the-header', undefined, 'of-the-header'],
    ['Bearer of-the-header', 'claimed', 'claimed'],
    ['Bearer of-the-header', '', undefined],
    [undefined, 'claimed', 'claimed'],
    [undefined, undefined, undefined],
  ])('with the header %j, and %j claimed beside it, the token is %j', (authorization, claimed, token) => {
    expect(authRequestOf(asked({ authorization }), claimed).token).toBe(token)
  })
})
