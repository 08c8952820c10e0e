// Nothing comes in; one AsyncAPI 3.0 document of the whole wire goes out, in the words of the server.
import * as z from 'zod'
import { PROTOCOL_VERSION } from '../limits'
import { type MessageName, messageNames, messageSchemas } from '../messages'
import { COMMANDS, isCommand, isServerEvent, SERVER_EVENTS, type ServerEventName } from '../names'
import type { JsonSchema } from './jsonSchemas'
import { COMMAND_SUMMARIES, EVENT_SUMMARIES } from './summaries'

/** An AsyncAPI 3.0 document as plain data: `JSON.stringify` prints it. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly defaultContentType: string
  readonly channels: { readonly [name: string]: { readonly [field: string]: unknown } }
  readonly operations: { readonly [name: string]: { readonly [field: string]: unknown } }
  readonly components: {
    readonly messages: { readonly [key: string]: { readonly [field: string]: unknown } }
    readonly schemas: { readonly [id: string]: JsonSchema }
  }
}

const DESCRIPTION = [
  'How a server tells its clients, over Socket.IO, how far long work has come.',
  'The payload of an event is its one argument. The payload of a command is the list of its arguments without the',
  'acknowledgement; its reply travels in the acknowledgement.',
].join(' ')

/**
 * The wire as an AsyncAPI 3.0 document. It speaks for the server: it sends the events, and receives the commands. Each
 * call makes a new object, and never throws.
 */
export function asyncApi(): AsyncApiDocument {
  const { payloads, schemas } = draft7()
  return {
    asyncapi: '3.0.0',
    info: { title: 'Progress', version: String(PROTOCOL_VERSION), description: DESCRIPTION },
    defaultContentType: 'application/json',
    channels: {
      progress: {
        address: '/',
        title: 'The Socket.IO namespace',
        messages: byKey(messageNames, (name) => ({ $ref: `#/components/messages/${keyOf(name)}` })),
      },
    },
    operations: { ...byKey(Object.keys(SERVER_EVENTS) as ServerEventName[], send), ...byKey(COMMANDS, receive) },
    components: {
      messages: byKey(messageNames, (name) => ({ name, title: name, summary: summary(name), payload: payloads[name] })),
      schemas,
    },
  }
}

const channel = { $ref: '#/channels/progress' }

function send(event: MessageName): Record<string, unknown> {
  return { action: 'send', channel: { ...channel }, messages: [refOf(event)] }
}

function receive(command: (typeof COMMANDS)[number]): Record<string, unknown> {
  const reply = { channel: { ...channel }, messages: [refOf(`${command}:answer`)] }
  return { action: 'receive', channel: { ...channel }, messages: [refOf(command)], reply }
}

function summary(name: MessageName): string {
  if (isServerEvent(name)) return EVENT_SUMMARIES[name]
  if (isCommand(name)) return COMMAND_SUMMARIES[name]
  return `The answer to ${name.replace(':answer', '')}, or why it was refused.`
}

/** A message's key in the document: AsyncAPI allows no colon there. The message's `name` stays as it is. */
function keyOf(name: MessageName): string {
  return name.replace(':', '.')
}

function refOf(name: MessageName): { $ref: string } {
  return { $ref: `#/channels/progress/messages/${keyOf(name)}` }
}

function byKey<N extends MessageName, T>(names: readonly N[], value: (name: N) => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [keyOf(name), value(name)]))
}

/** All schemas in one conversion, so that zod itself refuses one id for two schemas. */
function draft7(): { payloads: Record<string, JsonSchema>; schemas: Record<string, JsonSchema> } {
  // AsyncAPI's own schema format is a superset of draft 7: `prefixItems` means nothing there.
  const all = z.toJSONSchema(z.object(messageSchemas), { io: 'input', target: 'draft-7' })
  const { properties, definitions } = intoComponents(all) as { [part: string]: Record<string, JsonSchema> }
  return { payloads: properties ?? {}, schemas: definitions ?? {} }
}

/** A copy whose references point into `components`. */
function intoComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(intoComponents)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' ? String(inner).replace('#/definitions/', '#/components/schemas/') : intoComponents(inner),
    ]),
  )
}
