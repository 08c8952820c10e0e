// A schema comes in as somebody wrote it; out goes what it demands, so that two ways to say the same compare as equal.
import { isRecord, resolvePointer } from './pointer'

/** A schema without references, annotations and what demands nothing. */
export interface NormalSchema {
  readonly keywords: { readonly [keyword: string]: unknown }
  /** The object it was read from: the same one each time round a cycle. */
  readonly origin: object
}

const SAYS_NOTHING: ReadonlySet<string> = new Set([
  ...['title', 'description', '$comment', 'examples', 'default', 'deprecated', 'readOnly', 'writeOnly'],
  ...['$schema', '$id', '$anchor', '$defs', 'definitions'],
])

// One object each: a comparison that comes back to the same pair of objects has been there.
const ANYTHING = Object.freeze({})
const NOTHING = Object.freeze({ not: ANYTHING })

/** Reads a schema; `undefined` is one that demands nothing. Throws a `TypeError` where it is none, or where a reference points to nothing or only to itself. */
export function normalSchema(schema: unknown, root: unknown): NormalSchema {
  const followed = new Set<unknown>()
  let current = schema
  while (!followed.has(current)) {
    followed.add(current)
    const origin = asObject(current)
    const keywords = demandsOf(origin)
    const next = standsFor(keywords, root)
    if (next === undefined) return { keywords: inOneForm(keywords), origin }
    current = next
  }
  throw new TypeError('A reference in this document leads only to itself')
}

function asObject(schema: unknown): Record<string, unknown> {
  if (schema === true || schema === undefined) return ANYTHING
  if (schema === false) return NOTHING
  if (isRecord(schema)) return schema
  throw new TypeError('A place for a schema in this document holds something else')
}

function demandsOf(schema: Record<string, unknown>): Record<string, unknown> {
  const demands = Object.entries(schema).filter(([keyword]) => !SAYS_NOTHING.has(keyword) && !keyword.startsWith('x-'))
  return Object.fromEntries(demands)
}

/** The other schema, where this one only says that it is another. */
function standsFor(keywords: Record<string, unknown>, root: unknown): unknown {
  const [only, ...others] = Object.entries(keywords)
  if (!only || others.length > 0) return undefined
  const [keyword, value] = only
  if (keyword === '$ref') return resolvePointer(root, String(value))
  const isList = keyword === 'allOf' || keyword === 'anyOf' || keyword === 'oneOf'
  return isList && Array.isArray(value) && value.length === 1 ? value[0] : undefined
}

function inOneForm(keywords: Record<string, unknown>): Record<string, unknown> {
  const { $ref, const: constant, ...found } = Array.isArray(keywords['items']) ? fromDraft7(keywords) : keywords
  if (constant !== undefined) found['enum'] = [constant]
  if ($ref !== undefined) found['allOf'] = [{ $ref }, ...(Array.isArray(found['allOf']) ? found['allOf'] : [])]
  if (Array.isArray(found['type'])) found['type'] = [...found['type']].sort()
  return Object.fromEntries(Object.entries(found).filter(([keyword, value]) => !demandsNothing(keyword, value)))
}

/** A list with places, as draft 7 writes it. */
function fromDraft7({ items, additionalItems, ...others }: Record<string, unknown>): Record<string, unknown> {
  return { ...others, prefixItems: items, items: additionalItems }
}

function demandsNothing(keyword: string, value: unknown): boolean {
  if (value === undefined) return true
  if (keyword === 'minLength' || keyword === 'minItems' || keyword === 'minProperties') return value === 0
  if (keyword === 'required') return Array.isArray(value) && value.length === 0
  if (keyword === 'properties' || keyword === 'patternProperties') return isEmpty(value)
  if (keyword === 'items' || keyword === 'additionalProperties') return value === true || isEmpty(value)
  // The name of a property is a string in any case.
  if (keyword === 'propertyNames')
    return JSON.stringify(value) === '{"type":"string"}' || value === true || isEmpty(value)
  return false
}

function isEmpty(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0
}
