// Two schemas come in, what differs between them goes out. Whatever is not known to be harmless counts as breaking.
import { acceptsAllJson } from './anyJson'
import { breaking, type Comparison, type Finding, quoted, sameJson, within } from './finding'
import { type NormalSchema, normalSchema } from './normal'
import { compareProperties } from './properties'
import { compareTuples } from './tuples'
import { compareVariants, isUnion } from './variants'

/** What differs between two schemas. Throws a `TypeError` where one of them cannot be read. */
export function compareSchemas(oldSchema: unknown, newSchema: unknown, at: Comparison): Finding[] {
  const before = normalSchema(oldSchema, at.oldRoot)
  const after = normalSchema(newSchema, at.newRoot)
  const met = at.above.get(before.origin)
  if (met?.has(after.origin)) return [] // compared further up already
  const above = new Map(at.above).set(before.origin, new Set(met).add(after.origin))
  return compareNormal(before, after, { ...at, above })
}

function compareNormal(before: NormalSchema, after: NormalSchema, at: Comparison): Finding[] {
  // Two ways to write "any JSON" that look nothing like each other.
  if (acceptsAllJson(before.origin, at.oldRoot) && acceptsAllJson(after.origin, at.newRoot)) return []
  if (isUnion(before) || isUnion(after)) return compareVariants(before, after, at, compareSchemas)
  const names = new Set([...Object.keys(before.keywords), ...Object.keys(after.keywords)])
  const findings = [
    ...compareProperties(before.keywords, after.keywords, at, compareSchemas),
    ...compareTuples(before.keywords, after.keywords, at, compareSchemas),
  ]
  for (const name of names) {
    const [old, now] = [before.keywords[name], after.keywords[name]]
    const compare = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : anyKeyword(name)
    findings.push(...(compare?.(old, now, at) ?? []))
  }
  return findings
}

type CompareKeyword = (before: unknown, after: unknown, at: Comparison) => Finding[]

/** Keyword -> how it is compared; `null` where properties and lists have done so. */
const KEYWORDS: Readonly<Record<string, CompareKeyword | null>> = {
  properties: null,
  required: null,
  prefixItems: null,
  enum: compareValues,
  additionalProperties: compareOthers,
  items: (before, after, at) => compareSchemas(before, after, within(at, '[]')),
  propertyNames: (before, after, at) => compareSchemas(before, after, within(at, '(name)')),
  not: (before, after, at) => compareForbidden(before, after, at),
  allOf: compareAll,
}

function anyKeyword(name: string): CompareKeyword {
  return (before, after, { path }) => {
    if (sameJson(before, after)) return []
    if (before === undefined) return [breaking(path, `${name} ${quoted(after)} is demanded now`)]
    if (after === undefined) return [breaking(path, `${name} ${quoted(before)} is demanded no longer`)]
    return [breaking(path, `${name} went from ${quoted(before)} to ${quoted(after)}`)]
  }
}

function compareValues(before: unknown, after: unknown, at: Comparison): Finding[] {
  if (!Array.isArray(before) || !Array.isArray(after)) return anyKeyword('enum')(before, after, at)
  const gone = before.filter((value) => !after.some((other) => sameJson(value, other)))
  const added = after.filter((value) => !before.some((other) => sameJson(value, other)))
  if (before.length === 1 && after.length === 1 && gone.length === 1) {
    return [breaking(at.path, `the value went from ${quoted(before[0])} to ${quoted(after[0])}`)]
  }
  return [
    ...gone.map((value) => breaking(at.path, `the value ${quoted(value)} was removed`)),
    ...added.map((value) => breaking(at.path, `the value ${quoted(value)} was added`)),
  ]
}

function compareOthers(before: unknown, after: unknown, at: Comparison): Finding[] {
  if (before === false && after === false) return []
  if (after === false) return [breaking(at.path, 'unknown fields are refused now')]
  if (before === false) return [breaking(at.path, 'unknown fields are refused no longer')]
  return compareSchemas(before, after, within(at, '*'))
}

/** What is forbidden turns every question round, so that here even a new optional field is no small matter. */
function compareForbidden(before: unknown, after: unknown, at: Comparison): Finding[] {
  if (before === undefined || after === undefined) return anyKeyword('not')(before, after, at)
  const [first] = compareSchemas(before, after, at)
  return first ? [breaking(at.path, `what is not allowed has changed: ${first.said}`)] : []
}

/** Conditions that hold together, in any order. */
function compareAll(before: unknown, after: unknown, at: Comparison): Finding[] {
  const [old, left] = [listOf(before), [...listOf(after)]]
  const gone: unknown[] = []
  for (const condition of old) {
    const found = left.findIndex((other) => compareSchemas(condition, other, at).length === 0)
    if (found < 0) gone.push(condition)
    else left.splice(found, 1)
  }
  return [
    ...gone.map((condition) => breaking(at.path, `the condition ${quoted(condition)} was removed`)),
    ...left.map((condition) => breaking(at.path, `the condition ${quoted(condition)} was added`)),
  ]
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
