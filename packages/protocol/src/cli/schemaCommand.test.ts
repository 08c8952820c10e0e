import { describe, expect, it } from 'vitest'
import { messageNames } from '../messages'
import { asyncApi, jsonSchemas } from '../schema/index'
import { run } from './terminal.test-kit'

describe('prints', () => {
  it('all JSON Schemas', async () => {
    const { code, out, err } = await run(['schema'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(out)).toEqual(jsonSchemas())
    expect(out.endsWith('}\n')).toBe(true)
  })

  it('the AsyncAPI document', async () => {
    expect(JSON.parse((await run(['schema', '--asyncapi'])).out)).toEqual(asyncApi())
  })

  it.each(messageNames)('the schema of %s', async (name) => {
    expect(JSON.parse((await run(['schema', name])).out)).toEqual(jsonSchemas()[name])
  })
})
