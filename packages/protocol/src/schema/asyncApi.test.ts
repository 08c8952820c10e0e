import { DiagnosticSeverity, Parser } from '@asyncapi/parser'
import { describe, expect, it } from 'vitest'
import { PROTOCOL_VERSION } from '../limits'
import { messageNames } from '../messages'
import { COMMANDS, SERVER_EVENTS } from '../names'
import { asyncApi } from './asyncApi'

const parser = new Parser()
const document = asyncApi()

async function parse(text: string) {
  const { document: parsed, diagnostics } = await parser.parse(text)
  const errors = diagnostics.filter(({ severity }) => severity === DiagnosticSeverity.Error)
  return { parsed, errors: errors.map(({ message }) => message) }
}

// It reads the document with a dozen rule sets: seconds, on a machine that does other things too.
describe('the parser of AsyncAPI', { timeout: 60_000 }, () => {
  it('accepts the document', async () => {
    const { parsed, errors } = await parse(JSON.stringify(document))
    expect(errors).toEqual([])
    expect(parsed?.info().version()).toBe(String(PROTOCOL_VERSION))
    const messages = parsed?.allMessages().all() ?? []
    expect(messages.map((message) => message.name())).toEqual(messageNames)
  })

  it.each([
    ['a reference to a schema that is not there', '#/components/schemas/Snapshot', '#/components/schemas/Nothing'],
    ['a type that JSON Schema does not know', '"type":"object"', '"type":"thing"'],
  ])('refuses %s', async (_what, right, wrong) => {
    const text = JSON.stringify(document)
    expect(text).toContain(right)
    const { errors } = await parse(text.replaceAll(right, wrong))
    expect(errors).not.toEqual([])
  })
})

describe('speaks for the server', () => {
  it('which sends every event', () => {
    for (const event of Object.keys(SERVER_EVENTS)) {
      const messages = [{ $ref: `#/channels/progress/messages/${event}` }]
      expect(document.operations[event]).toEqual({ action: 'send', channel: { $ref: '#/channels/progress' }, messages })
    }
  })

  it('which receives every command, and replies', () => {
    for (const command of COMMANDS) {
      const channel = { $ref: '#/channels/progress' }
      expect(document.operations[command]).toEqual({
        action: 'receive',
        channel,
        messages: [{ $ref: `#/channels/progress/messages/${command}` }],
        reply: { channel, messages: [{ $ref: `#/channels/progress/messages/${command}.answer` }] },
      })
      expect(document.components.messages[`${command}.answer`]).toMatchObject({ name: `${command}:answer` })
    }
  })
})

it('shares its schemas', () => {
  expect(document.components.messages['progress-status']).toMatchObject({
    payload: { $ref: '#/components/schemas/Snapshot' },
  })
  expect(document.components.messages['progress-batch']).toMatchObject({
    payload: { $ref: '#/components/schemas/ProgressBatch' },
  })
  expect(JSON.stringify(document)).not.toMatch(/#\/definitions|#\/\$defs|prefixItems/)
})

it('is the same each time, in new objects', () => {
  expect(asyncApi()).toEqual(document)
  expect(asyncApi().components).not.toBe(document.components)
})
