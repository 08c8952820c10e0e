import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageNames, messageSchemas } from '../messages'
import { buildMessage } from '../testing'
import { jsonSchemas } from './jsonSchemas'
import { type MutationKind, mutationKinds, mutationsOf } from './mutations.test-kit'
import { payloadsOf } from './payloads.test-kit'

const schemas = jsonSchemas()
// What our schemas hold is standard; `strict` would ask for a style of writing that zod does not have.
const ajv = new Ajv2020({ strict: false })
const validators = new Map(messageNames.map((name) => [name, ajv.compile(schemas[name])]))
const accepts = (name: string, payload: unknown) => validators.get(name as never)?.(payload) === true
const seed = 20_260_101

describe('describes', () => {
  it('every message, under its name and without $id', () => {
    expect(Object.keys(schemas)).toEqual(messageNames)
    for (const name of messageNames) {
      expect(schemas[name]).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: name })
      expect(JSON.stringify(schemas[name])).not.toMatch(/"\$id"|"id":/)
    }
  })

  it('each message by itself: every reference points into its own $defs', () => {
    for (const name of messageNames) {
      const schema = schemas[name] as { $defs?: Record<string, unknown> }
      const references = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference)
      for (const reference of references) {
        expect(Object.keys(schema.$defs ?? {}).map((id) => `#/$defs/${id}`)).toContain(reference)
      }
    }
  })

  it('the same each time, in new objects', () => {
    expect(jsonSchemas()).toEqual(schemas)
    expect(jsonSchemas()['progress-update']).not.toBe(schemas['progress-update'])
  })
})

describe('agrees with zod', () => {
  it.each(messageNames)('on 100 valid payloads of %s', (name) => {
    expect(accepts(name, buildMessage(name))).toBe(true)
    fc.assert(
      fc.property(payloadsOf(name), (payload) => {
        expect(messageSchemas[name].safeParse(payload).error).toBeUndefined()
        expect(accepts(name, payload)).toBe(true)
      }),
      { numRuns: 100, seed },
    )
  })

  const rejected = new Map<MutationKind, number>()
  const accepted = new Map<MutationKind, number>()

  it.each(messageNames)('on 200 changed payloads of %s', (name) => {
    fc.assert(
      fc.property(mutationsOf(payloadsOf(name)), ({ kind, payload }) => {
        const verdict = messageSchemas[name].safeParse(payload).success
        expect(accepts(name, payload)).toBe(verdict)
        const counted = verdict ? accepted : rejected
        counted.set(kind, (counted.get(kind) ?? 0) + 1)
      }),
      { numRuns: 200, seed },
    )
  })

  it('where each kind of change was refused somewhere, and let pass elsewhere', () => {
    for (const kind of mutationKinds) {
      expect(rejected.get(kind), `${kind}, refused`).toBeGreaterThan(10)
      expect(accepted.get(kind), `${kind}, let pass`).toBeGreaterThan(10)
    }
    expect([...rejected.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(1_000)
  })

  const samples = new Map(
    messageNames.map((name) => [name, fc.sample(mutationsOf(payloadsOf(name)), { numRuns: 200, seed })]),
  )
  const bounds = 'pattern minLength maxLength minimum maximum minItems maxItems maxProperties propertyNames'
  const shapes = 'type required enum const not anyOf oneOf additionalProperties'

  it.each(`${bounds} ${shapes}`.split(' '))('and would not without the keyword %s', (keyword) => {
    const without = (key: string, value: unknown) => (key === keyword ? undefined : value)
    const disagreement = messageNames.some((name) => {
      const lax = ajv.compile(JSON.parse(JSON.stringify(schemas[name]), without) as object)
      return samples.get(name)?.some(({ payload }) => lax(payload) !== accepts(name, payload))
    })
    expect(disagreement).toBe(true)
  })

  it('except under a key __proto__ in metadata or positions, which reading drops unread', () => {
    const payload = JSON.parse('[{ "__proto__": "no position" }]') as unknown
    expect(messageSchemas['sync-progress'].parse(payload)).toEqual([{}])
    expect(accepts('sync-progress', payload)).toBe(false)
  })
})
