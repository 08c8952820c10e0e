// Nothing comes in; one self-contained JSON Schema 2020-12 per message goes out, for programs that have no zod.
import * as z from 'zod'
import { type MessageName, messageNames, messageSchemas } from '../messages'

/** A JSON Schema as plain data: `JSON.stringify` prints it. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/**
 * The name of a message -> its JSON Schema (2020-12), with its own `$defs`. It accepts what `decode` accepts, unknown
 * fields too. Each call makes new objects, and never throws.
 * @example
 * const validate = new Ajv2020().compile(jsonSchemas()['progress-update'])
 */
export function jsonSchemas(): Record<MessageName, JsonSchema> {
  const entries = messageNames.map((name) => [name, jsonSchema(name)] as const)
  return Object.fromEntries(entries) as Record<MessageName, JsonSchema>
}

function jsonSchema(name: MessageName): JsonSchema {
  // `input`: what may be sent. `output` would forbid the fields that reading strips, and with them every newer peer.
  const { $schema, ...schema } = z.toJSONSchema(messageSchemas[name], { io: 'input' })
  return { $schema, title: name, ...schema }
}
