// A payload comes in, a copy with one thing changed in it goes out: most are wrong then, and some are not.
import * as fc from 'fast-check'
import { LIMITS } from '../limits'

interface Place {
  readonly holder: Record<string, unknown>
  readonly key: string
}

const TYPES: readonly unknown[] = [null, true, false, 0, 7, -1, 1.5, 'x', '', [], {}, ['x'], { x: 1 }]
const NUMBERS = [-1, -0.001, 0, 0.5, 1, 100, 100.001, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1, 1e300]
const BOUNDS = [
  0,
  1,
  ...new Set([LIMITS.nameChars, LIMITS.referenceChars, LIMITS.metadataStringChars, LIMITS.messageChars]),
]
const LENGTHS = BOUNDS.flatMap((bound) => [Math.max(0, bound - 1), bound, bound + 1])
const COUNTS = [LIMITS.metadataEntries, LIMITS.metadataEntries + 1, LIMITS.logLines, LIMITS.logLines + 1]
const CHARS = ['a', '😀', 'é', '\ud83d', '\udc00'] // the last two are halves of an emoji
const WORDS = [
  'active',
  'completed',
  'error',
  'cancelled',
  'alive',
  'dead',
  'info',
  'debug',
  'health',
  'events',
  'Health',
]

/** What is changed -> how: `pick` chooses one of several. Answers whether there was anything to change. */
const KINDS = {
  drop: (place: Place) => {
    if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1)
    else delete place.holder[place.key]
  },
  type: (place: Place, pick: number) => put(place, oneOf(TYPES, pick)),
  number: (place: Place, pick: number) => put(place, oneOf(NUMBERS, pick)),
  length: (place: Place, pick: number) =>
    put(place, oneOf(CHARS, pick).repeat(oneOf(LENGTHS, Math.floor(pick / CHARS.length)))),
  count: ({ holder, key }: Place, pick: number) => {
    const count = oneOf(COUNTS, pick)
    const [first] = Object.values(Object(holder[key]) as object)
    const items = Array.from({ length: count }, () => first ?? 'x')
    put(
      { holder, key },
      Array.isArray(holder[key]) ? items : Object.fromEntries(items.map((item, n) => [`k${n}`, item])),
    )
  },
  unknown: ({ holder }: Place, pick: number) => {
    if (Array.isArray(holder)) holder.push(oneOf(TYPES, pick))
    else put({ holder, key: oneOf(['newer', 'constructor', 'toString'], pick) }, oneOf(TYPES, Math.floor(pick / 3)))
  },
  word: (place: Place, pick: number) => put(place, oneOf(WORDS, pick)),
  pattern: ({ holder, key }: Place, pick: number) => {
    const old = String(holder[key])
    put(
      { holder, key },
      oneOf([`${old} `, ` ${old}`, `${old}\n`, old.toUpperCase(), `${old}/`, old.slice(1), 'a..b'], pick),
    )
  },
  key: ({ holder, key }: Place, pick: number) => {
    const name = oneOf(CHARS, pick).repeat(oneOf(LENGTHS, Math.floor(pick / CHARS.length)))
    if (!Array.isArray(holder)) put({ holder, key: name }, holder[key])
  },
  nest: (place: Place, pick: number) => {
    let value: unknown = 'deep'
    for (let depth = pick % (LIMITS.metadataDepth + 3); depth > 0; depth--) {
      value = (pick >> depth) % 2 === 0 ? [value] : { inner: value }
    }
    put(place, value)
  },
}

/** The name of a way to change a payload. */
export type MutationKind = keyof typeof KINDS
/** A changed payload. */
export interface Mutation {
  readonly kind: MutationKind
  readonly payload: unknown
}
/** All ways to change a payload. */
export const mutationKinds = Object.keys(KINDS) as MutationKind[]

/** A payload in which one place was changed, and how. None has a key `__proto__`: a test of its own has. */
export function mutationsOf(payloads: fc.Arbitrary<unknown>): fc.Arbitrary<Mutation> {
  return fc
    .tuple(payloads, fc.constantFrom(...mutationKinds), fc.nat(), fc.nat())
    .map(([payload, kind, where, pick]) => {
      const root = { payload: structuredClone(payload) }
      KINDS[kind](oneOf(placesIn(root), where), pick)
      return { kind, payload: JSON.parse(JSON.stringify(root.payload ?? null)) as unknown }
    })
    .filter(({ payload }) => !JSON.stringify(payload).includes('"__proto__"'))
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])])
}

/** Defines rather than assigns: every name is a field like any other in JSON. */
function put({ holder, key }: Place, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

function oneOf<T>(list: readonly T[], pick: number): T {
  return list[pick % list.length] as T
}
