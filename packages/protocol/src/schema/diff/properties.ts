// The fields of two object schemas come in, what differs between them goes out.
import { breaking, type Comparison, type Finding, harmless, within } from './finding'
import { isRecord } from './pointer'

/** The comparison of two schemas; handed in, because schemas and fields contain each other. */
export type CompareSchemas = (before: unknown, after: unknown, at: Comparison) => Finding[]

type Keywords = { readonly [keyword: string]: unknown }

/** What differs in `properties` and `required`. */
export function compareProperties(
  before: Keywords,
  after: Keywords,
  at: Comparison,
  compare: CompareSchemas,
): Finding[] {
  const old = fieldsOf(before)
  const now = fieldsOf(after)
  const names = new Set([...old.required, ...now.required, ...old.schemas.keys(), ...now.schemas.keys()])
  return [...names].flatMap((name) => {
    const inside = within(at, name)
    const isNew = !old.schemas.has(name) && !old.required.has(name)
    if (isNew && now.required.has(name)) return [breaking(inside.path, 'a new required property')]
    if (isNew) return newOptional(before['additionalProperties'], now.schemas.get(name), inside, compare)
    if (!now.schemas.has(name) && !now.required.has(name)) return [breaking(inside.path, 'this property was removed')]
    return [...compareNeed(old.required, now.required, name, inside), ...compareField(old, now, name, inside, compare)]
  })
}

interface Fields {
  readonly schemas: ReadonlyMap<string, unknown>
  readonly required: ReadonlySet<string>
}

function fieldsOf({ properties, required }: Keywords): Fields {
  return {
    schemas: new Map(isRecord(properties) ? Object.entries(properties) : []),
    required: new Set(Array.isArray(required) ? required.map(String) : []),
  }
}

/** An old peer must let the field pass, and must not say something else under its name. */
function newOptional(others: unknown, schema: unknown, inside: Comparison, compare: CompareSchemas): Finding[] {
  if (others === false) return [breaking(inside.path, 'a new optional property, where the other version refuses any')]
  if (others === undefined || compare(others, schema, inside).length === 0) {
    return [harmless(inside.path, 'a new optional property')]
  }
  return [breaking(inside.path, 'a new optional property, where the other version may say something else')]
}

function compareNeed(old: Fields['required'], now: Fields['required'], name: string, { path }: Comparison): Finding[] {
  if (old.has(name) === now.has(name)) return []
  return [breaking(path, now.has(name) ? 'was optional and is required now' : 'was required and is optional now')]
}

function compareField(old: Fields, now: Fields, name: string, inside: Comparison, compare: CompareSchemas): Finding[] {
  return compare(old.schemas.get(name), now.schemas.get(name), inside)
}
