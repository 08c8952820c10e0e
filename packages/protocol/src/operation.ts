// A kind of work, defined once for both sides. Any Standard Schema serves; no schema library is required.

import type { Json } from './json'
import { LIMITS } from './limits'

/** JSON-like data, bounded in depth and bytes. What the sanitiser would turn into a string does not compile. */
export type Metadata = { readonly [key: string]: Json | undefined }

/** Any Standard Schema: zod, valibot, arktype, or `type<T>()`. */
export interface StandardSchema<out T = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => unknown
    readonly types?: { readonly input: unknown; readonly output: T } | undefined
  }
}

/** A kind of work: what its metadata, its result and its phases are. */
export interface Operation<
  out K extends string = string,
  out M extends Metadata = Metadata,
  out R = unknown,
  out P extends string = string,
> {
  /** Names the kind, in every snapshot. */
  readonly kind: K
  /** phase -> weight, in order. Known before the start, so the bar cannot go back and a page can draw the steps. */
  readonly phases: { readonly [name: string]: number }
  /** Where it is absent, metadata is only bounded. */
  readonly metadata?: StandardSchema<M>
  /** Where it is absent, what the job returns stays on the server. */
  readonly result?: StandardSchema<R>
  /** Types only. */
  readonly '~types'?: { readonly metadata: M; readonly result: R; readonly phase: P }
}

/** Any operation. */
export type AnyOperation = Operation<string, Metadata, unknown, string>

/** The kind of an operation. */
export type KindOf<Op> = Op extends Operation<infer K, Metadata, unknown, string> ? K : never
/** The metadata of an operation. */
export type MetadataOf<Op> = Op extends Operation<string, infer M, unknown, string> ? M : never
/** What an operation's job returns, where that is published; `void` where it is not. */
export type ResultOf<Op> = Op extends Operation<string, Metadata, infer R, string> ? R : never
/** The phases of an operation. */
export type PhaseOf<Op> = Op extends Operation<string, Metadata, unknown, infer P> ? P : never

/** What `defineOperation` takes beside the kind. */
export interface OperationShape<M extends Metadata, R, P extends string> {
  readonly metadata?: StandardSchema<M>
  readonly result?: StandardSchema<R>
  readonly phases?: { readonly [name in P]: number }
}

/** No metadata at all, and room for none. */
type NoMetadata = Record<never, never>

/**
 * Defines a kind of work. Throws a `TypeError` that says what to write, where kind or weights are not usable.
 * @example
 * export const importCsv = defineOperation('csv-import', {
 *   metadata: z.object({ filename: z.string(), rejected: z.number().default(0) }),
 *   result: z.object({ inserted: z.number() }), // only what is declared here ever leaves the server
 *   phases: { upload: 10, parse: 30, insert: 60 },
 * })
 */
export function defineOperation<
  const K extends string,
  M extends Metadata = NoMetadata,
  R = void,
  P extends string = never,
>(kind: K, shape: OperationShape<M, R, P> = {}): Operation<K, M, R, P> {
  requireName('The kind of an operation', kind)
  const phases: Record<string, number> = {}
  for (const [name, weight] of Object.entries<number>(shape.phases ?? {})) {
    requireName(`A phase of '${kind}'`, name)
    if (!(Number.isFinite(weight) && weight > 0)) {
      throw new TypeError(
        `The weight of phase '${name}' of '${kind}' must be a number above 0, such as { ${name}: 30 }`,
      )
    }
    phases[name] = weight
  }
  return Object.freeze({
    kind,
    phases: Object.freeze(phases),
    ...(shape.metadata && { metadata: shape.metadata }),
    ...(shape.result && { result: shape.result }),
  })
}

function requireName(what: string, name: unknown): void {
  if (typeof name !== 'string' || name.length === 0 || name.length > LIMITS.nameChars) {
    throw new TypeError(`${what} must be a text of 1 to ${LIMITS.nameChars} characters`)
  }
}

/** A schema that only carries a type, for those who want types without a schema library. It accepts everything. */
export function type<T>(): StandardSchema<T> {
  return Object.freeze({
    '~standard': Object.freeze({
      version: 1 as const,
      vendor: '@progress/protocol',
      validate: (value: unknown) => ({ value }),
    }),
  })
}
