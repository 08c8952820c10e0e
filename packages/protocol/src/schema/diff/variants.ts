// Two unions come in; their variants are paired, and what was removed, added or changed goes out.
import { breaking, type Comparison, type Finding, within } from './finding'
import { type NormalSchema, normalSchema } from './normal'
import { isRecord } from './pointer'
import type { CompareSchemas } from './properties'

/** Does this schema only say that one of several holds? */
export function isUnion({ keywords }: NormalSchema): boolean {
  const [only, ...others] = Object.keys(keywords)
  if (others.length > 0) return false
  if (only === 'type') return Array.isArray(keywords['type'])
  return only === 'anyOf' || only === 'oneOf'
}

/** What differs between the variants of two schemas, of which one at least is a union. Their order says nothing. */
export function compareVariants(
  before: NormalSchema,
  after: NormalSchema,
  at: Comparison,
  compare: CompareSchemas,
): Finding[] {
  const old = variantsOf(before, at.oldRoot)
  const now = variantsOf(after, at.newRoot)
  // "This or null" is no choice worth a step in the path.
  const isChoice = [old, now].some((variants) => variants.filter(({ kind }) => kind !== 'null').length > 1)
  const inside = ({ label }: Variant) => (isChoice ? within(at, `(${label})`) : at)

  take(old, now, (a, b) => a.kind === b.kind && a.mark === b.mark && compare(a.schema, b.schema, at).length === 0)
  const changed = [
    ...take(old, now, (a, b) => a.mark !== '' && a.mark === b.mark),
    ...take(old, now, (a, b) => a.kind === b.kind && (a.mark === '' || b.mark === '')),
  ]
  return [
    ...compareRule(before, after, at),
    ...changed.flatMap(([a, b]) => compare(a.schema, b.schema, inside(b))),
    ...old.map(({ label }) => breaking(at.path, `the variant ${label} was removed`)),
    ...now.map(({ label }) => breaking(at.path, `the variant ${label} was added`)),
  ]
}

/** Any of them, or exactly one? */
function compareRule(before: NormalSchema, after: NormalSchema, at: Comparison): Finding[] {
  const [old, now] = [ruleOf(before), ruleOf(after)]
  return old && now && old !== now ? [breaking(at.path, `went from ${old} to ${now}`)] : []
}

function ruleOf({ keywords }: NormalSchema): 'anyOf' | 'oneOf' | undefined {
  if ('oneOf' in keywords) return 'oneOf'
  return 'anyOf' in keywords ? 'anyOf' : undefined
}

/** One variant of a union. */
export interface Variant {
  readonly schema: unknown
  readonly kind: string
  /** The fixed values that tell it from the others, such as `status=active`. */
  readonly mark: string
  /** For a person. */
  readonly label: string
}

/** The variants of a schema; of one that is no union, itself. */
export function variantsOf(schema: NormalSchema, root: unknown): Variant[] {
  const { type, anyOf, oneOf } = schema.keywords
  if (!isUnion(schema)) return [variant(schema.origin, schema, root)]
  if (Array.isArray(type))
    return type.map((one: unknown) => variant({ type: one }, normalSchema({ type: one }, root), root))
  const list = (anyOf ?? oneOf) as unknown
  if (!Array.isArray(list)) throw new TypeError('anyOf and oneOf in this document must be lists')
  return list.flatMap((one: unknown) => {
    const inner = normalSchema(one, root)
    // "Any of these, or any of those" is one list; "exactly one" of lists is not.
    const isSameList = isUnion(inner) && anyOf !== undefined && !('oneOf' in inner.keywords)
    return isSameList && inner.origin !== schema.origin ? variantsOf(inner, root) : [variant(one, inner, root)]
  })
}

function variant(schema: unknown, { keywords }: NormalSchema, root: unknown): Variant {
  const kind = typeof keywords['type'] === 'string' ? keywords['type'] : 'of any type'
  const required = Array.isArray(keywords['required']) ? keywords['required'].map(String) : []
  const properties = isRecord(keywords['properties']) ? keywords['properties'] : {}
  const mark = required.flatMap((name) => fixedValue(name, properties[name], root)).join(' ')
  const label = mark || (required.length > 0 ? `with ${required.join(', ')}` : kind)
  return { schema, kind, mark, label }
}

function fixedValue(name: string, field: unknown, root: unknown): string[] {
  const values = normalSchema(field, root).keywords['enum']
  return Array.isArray(values) && values.length === 1 ? [`${name}=${String(values[0])}`] : []
}

/** Takes out of both lists, and pairs, what belongs together. */
function take(old: Variant[], now: Variant[], belong: (a: Variant, b: Variant) => boolean): [Variant, Variant][] {
  const pairs: [Variant, Variant][] = []
  for (const a of [...old]) {
    const b = now.find((other) => belong(a, other))
    if (!b) continue
    pairs.push([a, b])
    old.splice(old.indexOf(a), 1)
    now.splice(now.indexOf(b), 1)
  }
  return pairs
}
