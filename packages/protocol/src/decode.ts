// A name and an unknown value come in, a checked message or a reason comes out. Nothing a peer sends makes it throw.
import type * as z from 'zod'
import { isMessageName, type MessageName, type MessagePayload, messageSchemas } from './messages'

/** Why a value is not what its name says. Quotes nothing of it: it may be written to a log as it stands. */
export interface DecodeError {
  readonly code: 'BAD_REQUEST'
  /** `NAME: PATH: REASON`, for a person. */
  readonly message: string
  /** Where in the value, such as `error.details.row`; empty for the value itself, `?` for a key that is no plain name. */
  readonly path: string
  readonly reason: string
}

/** A value that is what its name says, without fields that this version does not know, or the reason why it is not. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: DecodeError }

/**
 * Checks a message of the wire: an event's payload, the list of a command's arguments, or an answer (`COMMAND:answer`).
 * An unknown name is an error like any other. Never throws.
 * @example
 * const decoded = decode('progress-update', payload)
 * if (decoded.ok) bar.value = decoded.value.progress
 */
export function decode<N extends MessageName>(name: N, value: unknown): Decoded<MessagePayload<N>>
export function decode(name: string, value: unknown): Decoded<MessagePayload<MessageName>>
export function decode(name: string, value: unknown): Decoded<unknown> {
  if (!isMessageName(name)) return failed('message', '', 'no message of this protocol has this name')
  return check(name, messageSchemas[name], value)
}

/** Checks a value against a schema; `name` opens the message of the error. Never throws. */
export function check<T>(name: string, schema: z.ZodType<T>, value: unknown): Decoded<T> {
  try {
    const result = schema.safeParse(value)
    if (result.success) return { ok: true, value: result.data }
    const { path, message } = deepest(result.error.issues)
    return failed(name, path, message)
  } catch {
    return failed(name, '', 'cannot be read') // nested beyond the stack, a getter or a proxy that throws
  }
}

/** An error in the words of `Decoded`. */
export function failed(name: string, path: string, reason: string): Decoded<never> {
  const message = path ? `${name}: ${path}: ${reason}` : `${name}: ${reason}`
  return { ok: false, error: { code: 'BAD_REQUEST', message, path, reason } }
}

interface Found {
  readonly path: string
  readonly depth: number
  readonly message: string
}

/** Of the variants of a union the one that fits furthest was meant: its complaint is the useful one. */
function deepest(issues: readonly z.core.$ZodIssue[], above: readonly PropertyKey[] = []): Found {
  let best: Found = { path: '', depth: -1, message: 'not valid' }
  for (const issue of issues) {
    const path = [...above, ...issue.path]
    const own: Found = { path: path.map(stepName).join('.'), depth: path.length, message: issue.message }
    const variants = issue.code === 'invalid_union' ? issue.errors.map((errors) => deepest(errors, path)) : []
    for (const found of [own, ...variants]) if (found.depth > best.depth) best = found
  }
  return best
}

/** A key is the peer's own word: one that is not plainly a name is not repeated. */
function stepName(step: PropertyKey): string {
  const name = String(step)
  return /^[\w:-]{1,64}$/.test(name) ? name : '?'
}
