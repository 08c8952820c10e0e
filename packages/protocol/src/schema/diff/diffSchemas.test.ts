import { describe, expect, it } from 'vitest'
import { asyncApi } from '../asyncApi'
import { jsonSchemas } from '../jsonSchemas'
import { diffSchemas } from './diffSchemas'

const $schema = 'https://json-schema.org/draft/2020-12/schema'
const text = { type: 'string' }

/** A document with one message, `m`. */
function message(schema: object): object {
  return { m: { $schema, ...schema } }
}

function object(properties: object, ...required: string[]): object {
  return { type: 'object', properties, required }
}

function said(before: object, after: object): string[] {
  return diffSchemas(message(before), message(after)).map(({ breaking, what }) => `${breaking ? '!' : '+'} ${what}`)
}

const either = (...variants: object[]) => ({ oneOf: variants })
const active = object({ status: { const: 'active' }, worker: text }, 'status')
const ended = object({ status: { const: 'ended' }, at: { type: 'integer' } }, 'status')
const place = (...places: object[]) => ({ type: 'array', prefixItems: places, items: {}, minItems: 1 })

describe('finds breaking', () => {
  it.each([
    ['a removed property', object({ a: text, b: text }), object({ a: text }), 'm: b: this property was removed'],
    ['a new required property', object({}), object({ a: text }, 'a'), 'm: a: a new required property'],
    ['optional to required', object({ a: text }), object({ a: text }, 'a'), 'm: a: was optional and is required now'],
    ['required to optional', object({ a: text }, 'a'), object({ a: text }), 'm: a: was required and is optional now'],
    [
      'a changed type',
      object({ a: text }),
      object({ a: { type: 'number' } }),
      'm: a: type went from "string" to "number"',
    ],
    ['a new value of an enum', { enum: [1] }, { enum: [1, 2] }, 'm: the value 2 was added'],
    ['a removed value of an enum', { enum: [1, 2] }, { enum: [1] }, 'm: the value 2 was removed'],
    ['a changed const', { const: 'a' }, { const: 'b' }, 'm: the value went from "a" to "b"'],
    ['a changed bound', { maxLength: 5 }, { maxLength: 6 }, 'm: maxLength went from 5 to 6'],
    ['a new bound', { type: 'number' }, { type: 'number', minimum: 0 }, 'm: minimum 0 is demanded now'],
    ['a lost pattern', { pattern: '^a$' }, {}, 'm: pattern "^a$" is demanded no longer'],
    ['a changed format', { format: 'date' }, { format: 'time' }, 'm: format went from "date" to "time"'],
    ['fields refused', object({}), { ...object({}), additionalProperties: false }, 'm: unknown fields are refused now'],
    ['a changed item', { items: text }, { items: { type: 'null' } }, 'm: []: type went from "string" to "null"'],
    [
      'a changed name of a field',
      { propertyNames: { maxLength: 5 } },
      { propertyNames: { maxLength: 6 } },
      'm: (name): maxLength went from 5 to 6',
    ],
    [
      'what must not be, though it be a new optional field',
      { not: object({ a: text }) },
      { not: object({ a: text, b: text }) },
      'm: what is not allowed has changed: a new optional property',
    ],
    ['a removed variant', either(active, ended), either(active), 'm: the variant status=ended was removed'],
    ['an added variant', either(ended), either(active, ended), 'm: the variant status=active was added'],
    [
      'null added',
      object({ a: text }),
      object({ a: { anyOf: [text, { type: 'null' }] } }),
      'm: a: the variant null was added',
    ],
    ['another rule of a union', either(active, ended), { anyOf: [active, ended] }, 'm: went from oneOf to anyOf'],
    [
      'a change inside a variant',
      either(active, ended),
      either(ended, object({ status: { const: 'active' }, worker: { type: 'null' } }, 'status')),
      'm: (status=active).worker: type went from "string" to "null"',
    ],
    [
      'a new required place',
      place(text),
      { ...place(text, text), minItems: 2 },
      'm: 1: a new required place in the list',
    ],
    ['a removed place', place(text, text), place(text), 'm: 1: this place in the list was removed'],
    ['a keyword nobody knows', {}, { dependentRequired: {} }, 'm: dependentRequired {} is demanded now'],
    [
      'a new optional property where the other version refuses any',
      { ...object({}), additionalProperties: false },
      { ...object({ a: text }), additionalProperties: false },
      'm: a: a new optional property, where the other version refuses any',
    ],
    [
      'a new optional property where the other version says something else',
      { ...object({}), additionalProperties: { type: 'number' } },
      { ...object({ a: text }), additionalProperties: { type: 'number' } },
      'm: a: a new optional property, where the other version may say something else',
    ],
  ])('%s', (_what, before, after, what) => {
    expect(said(before, after)).toContain(`! ${what}`)
  })

  it('a removed message', () => {
    const change = { breaking: true, message: 'm', path: '', what: 'm: this message was removed' }
    expect(diffSchemas({ ...message({}), n: { $schema } }, { n: { $schema } })).toEqual([change])
  })

  it('a message that goes the other way', () => {
    const turned = JSON.stringify(asyncApi()).replace('"action":"send"', '"action":"receive"')
    expect(diffSchemas(asyncApi(), JSON.parse(turned)).map(({ what }) => what)).toEqual([
      'progress-status: its operation went from send to receive',
    ])
  })
})

describe('finds harmless', () => {
  it.each([
    ['a new optional property', object({}), object({ a: text }), '+ m: a: a new optional property'],
    ['a new optional place', place(text), place(text, text), '+ m: 1: a new optional place at the end of the list'],
  ])('%s', (_what, before, after, what) => {
    expect(said(before, after)).toEqual([what])
  })

  it('a new message', () => {
    const change = { breaking: false, message: 'n', path: '', what: 'n: a new message' }
    expect(diffSchemas(message({}), { ...message({}), n: { $schema } })).toEqual([change])
  })
})

const json = { anyOf: [...['string', 'number', 'boolean', 'null'].map((type) => ({ type })), list(), map()] }
function list(): object {
  return { type: 'array', items: { $ref: '#/$defs/Json' } }
}
function map(): object {
  return { type: 'object', additionalProperties: { $ref: '#/$defs/Json' } }
}
const recursive = (definition: object) => ({ $ref: '#/$defs/Json', $defs: { Json: definition } })

describe('finds nothing', () => {
  it.each([
    ['the same', object({ a: text }), object({ a: text })],
    ['annotations', { title: 'a', description: 'b', examples: [1] }, { $comment: 'c', default: 1, deprecated: true }],
    ['a definition', object({ a: text }), { ...object({ a: { $ref: '#/$defs/T' } }), $defs: { T: text } }],
    [
      'a renamed definition',
      { $ref: '#/$defs/T', $defs: { T: text } },
      { $ref: '#/$defs/~1%20', $defs: { '/ ': text } },
    ],
    ['the order of fields', object({ a: text, b: {} }, 'a', 'b'), object({ b: {}, a: text }, 'b', 'a')],
    ['the order of variants', either(active, ended), either(ended, active)],
    [
      'a definition of what tells variants apart, in another order',
      either(active, ended),
      {
        ...either(object({ status: { $ref: '#/$defs/E' }, at: { type: 'integer' } }, 'status'), active),
        $defs: { E: { enum: ['ended'] } },
      },
    ],
    ['nested unions', { anyOf: [text, { anyOf: [active, ended] }] }, { anyOf: [active, text, ended] }],
    ['a list of types', { type: ['string', 'null'] }, { anyOf: [{ type: 'null' }, text] }],
    ['a const and an enum of one', { const: 1 }, { enum: [1] }],
    ['a union of one', text, { anyOf: [text] }],
    ['bounds that demand nothing', { minLength: 0, items: {}, required: [] }, { propertyNames: text }],
    ['draft 7', { type: 'array', items: [text], additionalItems: {}, minItems: 1 }, place(text)],
    ['any JSON, written out', recursive(json), {}],
    ['any JSON, inside out', recursive(json), { anyOf: [...json.anyOf], $defs: { Json: json } }],
  ])('in %s', (_what, before, after) => {
    expect(said(before, after)).toEqual([])
    expect(said(after, before)).toEqual([])
  })

  it('between our own documents, of either form', () => {
    expect(diffSchemas(jsonSchemas(), jsonSchemas())).toEqual([])
    expect(diffSchemas(asyncApi(), asyncApi())).toEqual([])
    expect(diffSchemas(jsonSchemas(), asyncApi())).toEqual([])
    expect(diffSchemas(asyncApi(), jsonSchemas())).toEqual([])
  })
})

describe('walks into', () => {
  it('a schema that refers to itself, and finds one lost variant in it', () => {
    const [, ...fewer] = json.anyOf
    expect(said(recursive(json), recursive({ anyOf: fewer }))).toEqual(['! m: the variant string was removed'])
  })

  it('our own documents, and names where in a list of variants something changed', () => {
    const changed = JSON.stringify(asyncApi()).replace('["alive","quiet","lost"]', '["alive","quiet","gone"]')
    const changes = diffSchemas(asyncApi(), JSON.parse(changed))
    expect(changes.map(({ what }) => what)).toContain(
      'progress-batch: sessions[](status=active).worker: the value "lost" was removed',
    )
    expect(changes.every(({ breaking, path }) => breaking && path.endsWith('worker'))).toBe(true)
    expect(new Set(changes.map((change) => change.message)).size).toBe(6)
  })
})

describe('refuses', () => {
  it.each([
    ['no object', []],
    ['null', null],
    ['an empty object', {}],
    ['a schema by itself', jsonSchemas()['progress-gone']],
    ['some other JSON', { name: '@progress/protocol' }],
    ['an AsyncAPI document without messages', { asyncapi: '3.0.0' }],
    ['a message without payload', { asyncapi: '3.0.0', components: { messages: { m: {} } } }],
  ])('%s, and says what it expects', (_what, document) => {
    const expected = /The old document cannot be read: .*Expected is what `progress-protocol schema` or .* prints/
    expect(() => diffSchemas(document, jsonSchemas())).toThrow(expected)
    expect(() => diffSchemas(jsonSchemas(), document)).toThrow(TypeError)
  })

  it.each([
    ['points to nothing', { $ref: '#/$defs/T' }, /"#\/\$defs\/T" points to nothing/],
    ['points elsewhere', { $ref: 'https://example.com/schema' }, /points to nothing in this document/],
    ['leads to itself', { $ref: '#' }, /leads only to itself/],
  ])('a reference that %s', (_what, schema, sentence) => {
    expect(() => diffSchemas(message(schema), message({}))).toThrow(sentence)
  })

  it('a place for a schema that holds something else', () => {
    expect(() => said(object({ a: 7 as never }), object({ a: text }))).toThrow(TypeError)
  })
})
