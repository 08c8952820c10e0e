// Two printed documents of the wire come in, the list of what changed between them goes out.
import { compareSchemas } from './compare'
import { type DocumentMessage, readDocument } from './document'
import { breaking, type Finding, harmless, pathText } from './finding'

/** One difference between two versions of the wire. */
export interface SchemaChange {
  /** Would an old and a new peer misunderstand each other, in one direction at least? */
  readonly breaking: boolean
  /** The name of the message. */
  readonly message: string
  /** Where in it, such as `sessions[](status=active).worker`; empty for the message itself. */
  readonly path: string
  /** A sentence for a person, with message and path. */
  readonly what: string
}

/**
 * Compares two documents, each as `progress-protocol schema` or `schema --asyncapi` prints it and `JSON.parse` reads it.
 * Peers of both versions must understand each other in both directions: everything is breaking except a new message, a
 * new optional property or argument, and what is said for people only. Throws a `TypeError` that says what is expected,
 * where one of them is no such document.
 * @example
 * const isBreaking = diffSchemas(published, jsonSchemas()).some((change) => change.breaking)
 */
export function diffSchemas(before: unknown, after: unknown): SchemaChange[] {
  const old = readDocument(before, 'The old document')
  const now = readDocument(after, 'The new document')
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((message) =>
    compareMessages(old.get(message), now.get(message)).map((finding) => toChange(message, finding)),
  )
}

function compareMessages(old: DocumentMessage | undefined, now: DocumentMessage | undefined): Finding[] {
  if (!old) return [harmless([], 'a new message')]
  if (!now) return [breaking([], 'this message was removed')]
  const at = { oldRoot: old.root, newRoot: now.root, path: [], above: new Map() }
  return [...compareRoles(old.role, now.role), ...compareSchemas(old.schema, now.schema, at)]
}

function compareRoles(old: string | undefined, now: string | undefined): Finding[] {
  if (old === undefined || now === undefined || old === now) return []
  return [breaking([], `its operation went from ${old} to ${now}`)]
}

function toChange(message: string, finding: Finding): SchemaChange {
  const path = pathText(finding.path)
  return {
    breaking: finding.breaking,
    message,
    path,
    what: [message, path, finding.said].filter(Boolean).join(': '),
  }
}
