// What the origin rule lets pass, and which entries it does not take.
import { describe, expect, it } from 'vitest'
import { readerOf } from './headers'
import { type OriginRule, originRule } from './origin'

const passes = (headers: Record<string, string>, host: string | undefined, origins: readonly string[] = []): boolean =>
  originRule(origins)(readerOf(headers), host)

const pages: readonly (readonly [origin: string, host: string | undefined, isAllowed: boolean])[] = [
  ['https://app.example', 'app.example', true],
  ['http://app.example', 'app.example', true],
  ['https://app.example', 'app.example:443', true],
  ['http://app.example', 'app.example:80', true],
  ['https://app.example', 'APP.example', true],
  ['http://localhost:3000', 'localhost:3000', true],
  ['http://[::1]:3000', '[::1]:3000', true],
  ['http://[::80]', '[::]', false],
  ['http://localhost:3000', 'localhost:3001', false],
  ['http://app.example', 'app.example:443', false],
  ['https://app.example', 'app.example:80', false],
  ['https://app.example.', 'app.example', false],
  ['https://APP.example', 'app.example', false],
  ['https://app.example/', 'app.example', false],
  ['https://app.example', 'app.example.evil.com', false],
  ['https://app.example.evil.com', 'app.example', false],
  ['https://evil.com@app.example', 'app.example', false],
  ['ftp://app.example', 'app.example', false],
  ['app.example', 'app.example', false],
  ['', 'app.example', false],
  ['null', 'null', false],
  ['https://app.example', undefined, false],
  ['https://', '', false],
]

const sites: readonly (readonly [site: string, isAllowed: boolean])[] = [
  ['same-origin', true],
  ['none', true],
  ['same-site', false],
  ['cross-site', false],
  ['Same-Origin', false],
  ['', false],
]

/** Rules as they are often written: each looks less closely in its own way. */
const naive: readonly OriginRule[] = [
  (headers) => !headers.get('origin'),
  (headers, host) => (headers.get('origin') ?? '').toLowerCase().includes((host ?? '').replace(/:\d+$/, '')),
  (headers, host) => (headers.get('origin') ?? '').split(':')[1] === `//${host?.split(':')[0]}`,
  (headers, host) => (host ?? '').startsWith((headers.get('origin') ?? '').replace(/^\w+:\/\//, '')),
]

describe('originRule', () => {
  it.each(pages)('63: %s at the host %s: %s', (origin, host, isAllowed) => {
    expect(passes({ origin }, host)).toBe(isAllowed)
  })

  it.each(pages.filter(([, , isAllowed]) => !isAllowed))(
    '63: twin: %s at the host %s is taken in by a rule that looks less closely',
    (origin, host) => expect(naive.some((rule) => rule(readerOf({ origin }), host))).toBe(true),
  )

  it.each(sites)('64: without an origin, and Sec-Fetch-Site: %s: %s', (site, isAllowed) => {
    expect(passes({ 'sec-fetch-site': site }, 'app.example')).toBe(isAllowed)
  })

  it.each(sites.filter(([, isAllowed]) => !isAllowed))(
    '64: twin: where the origin alone counts, Sec-Fetch-Site: %s comes in',
    (site) => expect(naive[0]?.(readerOf({ 'sec-fetch-site': site }), 'app.example')).toBe(true),
  )

  it('lets programs pass, which send neither', () => {
    expect(passes({}, 'app.example')).toBe(true)
    expect(passes({}, undefined)).toBe(true)
  })

  it('lets a listed page pass, whatever the browser says of its site', () => {
    const headers = { origin: 'https://good.example', 'sec-fetch-site': 'cross-site' }
    expect(passes(headers, 'app.example', ['https://good.example'])).toBe(true)
    expect(passes(headers, 'app.example')).toBe(false)
  })

  it('reads `Headers`, too', () => {
    const rule = originRule()
    expect(rule(new Headers({ origin: 'https://app.example' }), 'app.example')).toBe(true)
    expect(rule(new Headers({ origin: 'https://evil.example' }), 'app.example')).toBe(false)
  })

  it('takes the origins of apps', () => {
    const apps = ['capacitor://localhost', 'chrome-extension://abc', 'http://localhost:5173', 'http://[::1]:5173']
    for (const origin of apps) expect(passes({ origin }, 'app.example', apps)).toBe(true)
  })
})

describe('an entry that is no origin', () => {
  it.each([
    ['https://good.example/', "Write 'https://good.example'"],
    ['https://good.example/app', "Write 'https://good.example'"],
    ['https://good.example:443', "Write 'https://good.example'"],
    ['https://Good.Example', "Write 'https://good.example'"],
    ['https://göod.example', "Write 'https://xn--god-sna.example'"],
    ['wss://good.example', "Write 'https://good.example'"],
    ['https://user@good.example', "Write 'https://good.example'"],
    ['good.example', 'scheme, host and port'],
    ['localhost:3000', 'scheme, host and port'],
    ['https://*.example', 'scheme, host and port'],
    ['*', 'scheme, host and port'],
    ['null', 'scheme, host and port'],
    ['', 'scheme, host and port'],
    [/good/ as unknown as string, 'scheme, host and port'],
    [null as unknown as string, 'scheme, host and port'],
  ])('%s is refused at once, with what to write', (entry, words) => {
    expect(() => originRule([entry])).toThrow(TypeError)
    expect(() => originRule([entry])).toThrow(words)
  })

  it('is a list that is none, too', () => {
    expect(() => originRule('*' as unknown as string[])).toThrow(/is a list/)
  })
})
