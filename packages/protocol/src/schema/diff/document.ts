// A parsed document of unknown origin comes in; its messages go out by name, or a sentence that says what was expected.
import { isRecord, resolvePointer } from './pointer'

/** One message of a document. */
export interface DocumentMessage {
  readonly schema: unknown
  /** What the references in the schema point into. */
  readonly root: unknown
  /** Who sends it, where the document says so. */
  readonly role?: string
}

/**
 * Reads the JSON Schemas object or the AsyncAPI document, as the `schema` command prints them. Throws a `TypeError` that
 * says what is expected, where it is neither.
 * @param which opens the sentence of the error, such as `The old document`
 */
export function readDocument(value: unknown, which: string): ReadonlyMap<string, DocumentMessage> {
  if (!isRecord(value)) throw unreadable(which, 'it is no object')
  const messages = 'asyncapi' in value ? readAsyncApi(value, which) : readJsonSchemas(value, which)
  if (messages.size === 0) throw unreadable(which, 'it has no message')
  return messages
}

function readJsonSchemas(document: Record<string, unknown>, which: string): Map<string, DocumentMessage> {
  const messages = new Map<string, DocumentMessage>()
  for (const [name, schema] of Object.entries(document)) {
    // Each schema says which draft it is: what does not is another kind of JSON.
    if (!isRecord(schema) || typeof schema['$schema'] !== 'string') {
      throw unreadable(which, `${JSON.stringify(name)} is no JSON Schema with a $schema`)
    }
    messages.set(name, { schema, root: schema })
  }
  return messages
}

function readAsyncApi(document: Record<string, unknown>, which: string): Map<string, DocumentMessage> {
  const components = isRecord(document['components']) ? document['components'] : {}
  const declared = isRecord(components['messages']) ? components['messages'] : {}
  const roles = readRoles(document)
  const messages = new Map<string, DocumentMessage>()
  for (const [key, message] of Object.entries(declared)) {
    const payload = isRecord(message) ? message['payload'] : undefined
    if (!isRecord(message) || !isRecord(payload) || 'schemaFormat' in payload) {
      throw unreadable(which, `message ${JSON.stringify(key)} has no plain schema as its payload`)
    }
    const name = typeof message['name'] === 'string' ? message['name'] : key
    const role = roles.get(message)
    messages.set(name, { schema: payload, root: document, ...(role !== undefined && { role }) })
  }
  return messages
}

/** The message object -> what the operations say of it. */
function readRoles(document: Record<string, unknown>): Map<unknown, string> {
  const roles = new Map<unknown, string>()
  const operations = isRecord(document['operations']) ? document['operations'] : {}
  for (const [name, operation] of Object.entries(operations)) {
    if (!isRecord(operation)) continue
    const reply = isRecord(operation['reply']) ? operation['reply'] : {}
    for (const message of listOf(operation['messages']))
      roles.set(target(message, document), String(operation['action']))
    for (const message of listOf(reply['messages'])) roles.set(target(message, document), `reply to ${name}`)
  }
  return roles
}

function target(reference: unknown, document: unknown): unknown {
  let found = reference
  // An operation names the channel's message, which names the component: more steps than these are none of ours.
  for (let step = 0; step < 8 && isRecord(found) && typeof found['$ref'] === 'string'; step++) {
    found = resolvePointer(document, found['$ref'])
  }
  return found
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function unreadable(which: string, reason: string): TypeError {
  return new TypeError(
    `${which} cannot be read: ${reason}. Expected is what \`progress-protocol schema\` or ` +
      '`progress-protocol schema --asyncapi` prints',
  )
}
