import { afterEach, describe, expect, it, vi } from 'vitest'
import { Address, type AddressOptions } from './address'

function address(options: Partial<AddressOptions> = {}): Address {
  return new Address({ url: undefined, endpoint: '/api/progress', allowInsecure: false, ...options })
}

afterEach(() => vi.unstubAllGlobals())

describe('S0-9: TLS, or this machine', () => {
  it.each([
    ['wss://app.example', 'https://app.example'],
    ['https://app.example', 'https://app.example'],
    ['https://localhost', 'https://localhost'],
    ['wss://localhost:8443', 'https://localhost:8443'],
    ['ws://localhost:3000', 'http://localhost:3000'],
    ['http://dev.localhost', 'http://dev.localhost'],
    ['http://127.0.0.1:80', 'http://127.0.0.1'],
    ['http://127.1.2.3', 'http://127.1.2.3'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('%s is dialled as %s', (url, origin) => {
    expect(address({ url }).origin().origin).toBe(origin)
  })

  it.each([
    'ws://app.example',
    'http://app.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://10.0.0.1',
    'http://[::2]',
  ])('%s is refused, and told why', (url) => {
    expect(() => address({ url }).origin()).toThrow('is not encrypted')
    expect(() => address({ url }).origin()).toThrow('allowInsecure')
    expect(address({ url, allowInsecure: true }).origin().protocol).toBe('http:')
  })

  it('the refusal is final: dialling again would only be refused again', () => {
    try {
      address({ url: 'http://app.example' }).origin()
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ name: 'ProgressError', code: 'BAD_ADDRESS', retryable: false })
    }
  })

  it.each(['', 'app.example', 'localhost:3000', 'ftp://localhost', 'file:///etc', 'null', 'http://'])(
    '%j is no address',
    (url) => {
      expect(() => address({ url, allowInsecure: true }).origin()).toThrow('not an address')
    },
  )
})

describe('S0-54: where the server is', () => {
  it('this page\u2019s origin, unless it is said', () => {
    vi.stubGlobal('location', new URL('https://page.example/a/b?c'))
    expect(address().origin().href).toBe('https://page.example/')
    expect(address({ url: 'https://other.example' }).origin().href).toBe('https://other.example/')
  })

  it('asked at each dial, where it is a function', () => {
    let count = 0
    const one = address({ url: () => `https://n${++count}.example` })
    expect([one.origin().host, one.origin().host]).toEqual(['n1.example', 'n2.example'])
  })

  it('nowhere, where there is no page: said', () => {
    expect(() => address().origin()).toThrow('give `url`')
  })
})

describe('the endpoint', () => {
  it.each([
    ['/api/progress', 'https://app.example/api/progress/a?since=x'],
    ['/api/progress/', 'https://app.example/api/progress/a?since=x'],
    ['/', 'https://app.example/a?since=x'],
    ['/api/progress/?tenant=7', 'https://app.example/api/progress/a?tenant=7&since=x'],
    ['https://api.example/p', 'https://api.example/p/a?since=x'],
    ['//api.example/p', 'https://api.example/p/a?since=x'],
  ])('%s', (endpoint, href) => {
    expect(address({ url: 'wss://app.example', endpoint }).place('/a', '?since=x').href).toBe(href)
  })

  it('S0-9: elsewhere without TLS is refused, too, however it is written', () => {
    for (const endpoint of ['http://api.example/p', '//api.example/p']) {
      expect(() => address({ url: 'http://localhost', endpoint }).place('', '')).toThrow('not encrypted')
    }
  })
})
