import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineOperation, type } from './operation'

describe('defineOperation', () => {
  it('keeps kind, schemas and phases in their order, frozen', () => {
    const result = z.object({ inserted: z.number() })
    const operation = defineOperation('csv-import', { result, phases: { upload: 10, parse: 30, insert: 60 } })
    expect(operation.kind).toBe('csv-import')
    expect(operation.result).toBe(result)
    expect(Object.entries(operation.phases)).toEqual([
      ['upload', 10],
      ['parse', 30],
      ['insert', 60],
    ])
    expect(Object.isFrozen(operation) && Object.isFrozen(operation.phases)).toBe(true)
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses the weight %s, and says what to write', (weight) => {
    expect(() => defineOperation('x', { phases: { parse: weight } })).toThrow(
      /phase 'parse' of 'x'.*such as \{ parse: 30 \}/,
    )
  })

  it.each(['', 'x'.repeat(51)])('refuses the name %j', (name) => {
    expect(() => defineOperation(name)).toThrow(TypeError)
    expect(() => defineOperation('x', { phases: { [name]: 1 } })).toThrow(TypeError)
  })
})

describe('type', () => {
  it('accepts everything as it is', () => {
    const value = { any: 'thing' }
    expect(type<typeof value>()['~standard'].validate(value)).toEqual({ value })
  })
})
