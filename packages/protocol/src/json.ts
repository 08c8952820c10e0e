// JSON as a type and as a schema, in two forms: bounded in depth and width (metadata, details) and free (a result).
import * as z from 'zod'
import { LIMITS } from './limits'
import { text } from './text'

/** What JSON can say in one word. */
export type Scalar = string | number | boolean | null

/** What JSON can say. `undefined` under a key means that the key is absent. */
export type Json = Scalar | readonly Json[] | { readonly [key: string]: Json | undefined }

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

/** Any JSON. Its size is bounded by who makes it, not here. */
export const Json: z.ZodType<Json> = z
  .lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Json), z.record(z.string(), Json)]))
  .meta({ id: 'Json' })

const scalar: z.ZodType<Scalar> = z.union([text(LIMITS.metadataStringChars), z.number(), z.boolean(), z.null()])

/** A bounded object whose values are `value`. */
function bag(value: z.ZodType<Json>): z.ZodType<JsonObject> {
  return (
    z
      .record(text(LIMITS.metadataKeyChars), value)
      .refine(
        (found) => Object.keys(found).length <= LIMITS.metadataEntries,
        `more than ${LIMITS.metadataEntries} keys`,
      )
      // A refinement has no words in JSON Schema, this keyword has.
      .meta({ maxProperties: LIMITS.metadataEntries })
  )
}

/** Values that nest `depth` levels more: written out level by level, so that nothing a peer sends can recurse. */
function boundedValue(depth: number): z.ZodType<Json> {
  if (depth === 0) return scalar
  const inner = boundedValue(depth - 1)
  return z
    .union([scalar, z.array(inner).max(LIMITS.metadataEntries), bag(inner)])
    .meta({ id: depth === 1 ? 'BoundedValue' : `BoundedValue${depth}` })
}

/** JSON-like data within the bounds of metadata: depth, entries, length of keys and strings. */
export const BoundedObject: z.ZodType<JsonObject> = bag(boundedValue(LIMITS.metadataDepth - 1))
