import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from './json'
import { LIMITS } from './limits'
import { Metadata } from './metadata'
import { jsonBytes, sanitizeMetadata } from './sanitize'

const clean = (input: unknown) => sanitizeMetadata(input).value
const thrower = () => {
  throw new Error('odd')
}
const circular: Record<string, unknown> = { name: 'a' }
circular['self'] = circular
circular['list'] = [circular]

function nested(depth: number): unknown {
  let value: unknown = 'deep'
  for (let level = 0; level < depth; level++) value = { inside: value }
  return value
}

class Row {
  id = 7
  #secret = 'x'
  reveal() {
    return this.#secret
  }
}

const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, index]))
const odd = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  maxDepth: 6,
})

describe('sanitizeMetadata', () => {
  // S0-20
  it('leaves out keys over 50 characters and cuts strings at 200', () => {
    const result = sanitizeMetadata({ ['k'.repeat(50)]: 1, ['k'.repeat(51)]: 2, text: 'x'.repeat(201) })
    expect(result.value).toEqual({ ['k'.repeat(50)]: 1, text: 'x'.repeat(200) })
    expect(result.truncated).toBe(true)
  })

  it('keeps the type and the shape of JSON-like data', () => {
    const summary = { rows: { ok: 4_990, bad: 10 }, files: ['a.csv', 'b.csv'], done: true, note: null, ratio: 0.5 }
    expect(sanitizeMetadata({ summary })).toEqual({ value: { summary }, truncated: false })
  })

  // S0-77
  it('makes every value a string of at most 200 characters, where asked to', () => {
    const { value } = sanitizeMetadata({ n: 5, b: true, nothing: null, o: {}, s: 'x'.repeat(300) }, { as: 'strings' })
    expect(value).toEqual({ n: '5', b: 'true', nothing: 'null', o: '[object Object]', s: 'x'.repeat(200) })
  })

  // reliability.md 53
  it.each<[string, unknown, unknown]>([
    ['a BigInt', 12n, '12'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a function, not its source', () => 'secret', '[function]'],
    ['a class, not its source', Row, '[function]'],
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a date that is none', new Date(Number.NaN), null],
    ['a Map', new Map([[1, 2]]), '[object Map]'],
    ['a Set', new Set([1]), '[object Set]'],
    ['an error, without its stack', new TypeError('no'), 'TypeError: no'],
    ['bytes', new Uint8Array(1_000), '[1000 bytes]'],
    ['a URL', new URL('https://example.invalid/'), 'https://example.invalid/'],
    ['a RegExp', /x/g, '/x/g'],
    ['a boxed text', Object('boxed'), 'boxed'],
    ['an instance', new Row(), { id: 7 }],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['minus zero', -0, 0],
    ['a toJSON that throws', { toJSON: thrower }, '[unreadable]'],
    [
      'a toString that throws',
      Object.assign(Object.create({ [Symbol.toStringTag]: 'Odd' }), { toString: thrower }),
      '[unreadable]',
    ],
    ['a list with holes', [1, undefined, 3], [1, null, 3]],
  ])('says %s', (_what, value, said) => expect(clean({ value })).toEqual({ value: said }))

  it('says a proxy that throws', () => {
    expect(clean({ value: new Proxy({}, { ownKeys: thrower, get: thrower }) })).toEqual({ value: '[unreadable]' })
  })

  it('leaves out what is undefined', () => expect(clean({ a: undefined, b: 1 })).toEqual({ b: 1 }))

  it('marks a cycle where it closes, and reads twice what is only shared', () => {
    expect(clean(circular)).toEqual({ name: 'a', self: '[circular]', list: ['[circular]'] })
    const shared = { x: 1 }
    expect(clean({ a: shared, b: shared })).toEqual({ a: { x: 1 }, b: { x: 1 } })
  })

  it('costs a getter that throws its own value only', () => {
    const odd = Object.defineProperty({ before: 1 }, 'odd', { get: thrower, enumerable: true })
    expect(sanitizeMetadata({ a: 1, inner: odd })).toEqual({
      value: { a: 1, inner: { before: 1, odd: '[unreadable]' } },
      truncated: true,
    })
  })

  // reliability.md 54
  it('keeps 50 keys a level, 4 levels and 4 kB', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, index]))
    expect(Object.keys(clean(many))).toHaveLength(LIMITS.metadataEntries)
    expect(clean(nested(1_000))).toEqual({ inside: { inside: { inside: {} } } })
    const large = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, 'x'.repeat(190)]))
    const bytes = jsonBytes(clean(large))
    expect(bytes).toBeLessThanOrEqual(LIMITS.metadataBytes)
    expect(bytes).toBeGreaterThan(LIMITS.metadataBytes - 250)
    for (const value of [many, nested(1_000), large]) expect(sanitizeMetadata(value).truncated).toBe(true)
  })

  // reliability.md 54
  it.each<[string, unknown]>([
    ['a key that is too long', { ['k'.repeat(51)]: 1 }],
    ['a text that is too long', { text: 'x'.repeat(201) }],
    ['a key too many', { ...fifty, more: 1 }],
    ['an item too many', { list: Array.from({ length: 51 }, () => 0) }],
    ['a level too many', nested(5)],
    ['a value that cannot be read', Object.defineProperty({}, 'odd', { get: thrower, enumerable: true })],
    ['what is no object', 'text'],
    ['a list', [1]],
  ])('says that something was cut or left out: %s', (_what, input) =>
    expect(sanitizeMetadata(input).truncated).toBe(true),
  )

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['50 keys', fifty],
    ['50 items', { list: Array.from({ length: 50 }, () => 0) }],
    ['four levels', nested(3)],
    ['a text of 200 characters', { text: 'x'.repeat(200) }],
  ])('says nothing of the kind where all of it was kept: %s', (_what, input) => {
    expect(sanitizeMetadata(input)).toEqual({ value: input ?? {}, truncated: false })
  })

  it('keeps the first 50 items of a list', () => {
    const list = Array.from({ length: 70 }, (_, index) => index)
    expect(clean({ list })).toEqual({ list: list.slice(0, 50) })
  })

  it('a key that is left out takes the place of none that is kept', () => {
    for (const key of ['k'.repeat(51), 'prototype', 'constructor', '__proto__']) {
      expect(clean(Object.fromEntries([[key, 1], ...Object.entries(fifty)]))).toEqual(fifty)
    }
    expect(clean({ nothing: undefined, ...fifty })).toEqual(fifty)
  })

  it('never takes more room than it is given, and uses the last byte', () => {
    const input = fc.dictionary(fc.string({ maxLength: 5 }), odd, { maxKeys: 10 })
    fc.assert(
      fc.property(input, fc.integer({ min: 2, max: 60 }), (value, maxBytes) => {
        const { value: metadata } = sanitizeMetadata(value, { maxBytes })
        expect(jsonBytes(metadata)).toBeLessThanOrEqual(maxBytes)
        expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata)
      }),
      { numRuns: 3_000 },
    )
    expect(sanitizeMetadata({}, { maxBytes: 2 })).toEqual({ value: {}, truncated: false })
    expect(sanitizeMetadata({ a: 'xx' }, { maxBytes: 11 })).toEqual({ value: { a: 'xx' }, truncated: false })
    expect(sanitizeMetadata({ a: 'xx' }, { maxBytes: 10 })).toEqual({ value: {}, truncated: true })
  })

  // reliability.md 55
  it('drops keys that would reach a prototype, at every level', () => {
    const hostile: unknown = JSON.parse(
      '{"__proto__":{"polluted":1},"a":{"constructor":{"prototype":{"polluted":1}},"b":1}}',
    )
    const value = clean(hostile)
    expect(value).toEqual({ a: { b: 1 } })
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })

  // reliability.md 56
  it('carries markup as the text that it is', () => {
    expect(clean({ note: '<img onerror=alert(1)>' })).toEqual({ note: '<img onerror=alert(1)>' })
  })

  it.each([undefined, null, 7, 'text', [1], new Map(), () => 1])(
    'makes {} of what is no object of its own: %s',
    (input) => expect(clean(input)).toEqual({}),
  )

  it('makes {} of a proxy that shows no keys', () => {
    expect(sanitizeMetadata(new Proxy({}, { ownKeys: thrower }))).toEqual({ value: {}, truncated: true })
  })

  it('freezes what it gives, at every level', () => {
    const value = clean({ a: { b: [{}] } }) as { a: { b: readonly object[] } }
    for (const part of [value, value.a, value.a.b, value.a.b[0]]) expect(Object.isFrozen(part)).toBe(true)
  })

  it('throws at nothing, and gives what the schema accepts within the bytes: 10,000 odd values', () => {
    const input = fc.oneof(odd, fc.dictionary(fc.string({ maxLength: 60 }), odd, { maxKeys: 60 }))
    fc.assert(
      fc.property(input, fc.boolean(), (value, strings) => {
        const { value: metadata } = sanitizeMetadata(value, strings ? { as: 'strings' } : {})
        expect(Metadata.safeParse(metadata).success).toBe(true)
        expect(jsonBytes(metadata)).toBeLessThanOrEqual(LIMITS.metadataBytes)
        expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata)
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('jsonBytes', () => {
  it.each<[number, Json | undefined]>([
    [0, undefined],
    [4, null],
    [4, 'é'],
    [7, { a: 1 }],
  ])('%i: %s', (bytes, value) => expect(jsonBytes(value)).toBe(bytes))
})
