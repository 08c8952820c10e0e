// A schema comes in, out goes whether it lets all of JSON pass: `{}` does, and so does the union of all that JSON has.
import { type NormalSchema, normalSchema } from './normal'
import { isUnion, variantsOf } from './variants'

const KINDS = ['array', 'boolean', 'null', 'number', 'object', 'string']

/** Does this schema accept everything? Where it cannot be told, no. */
export function acceptsAllJson(schema: unknown, root: unknown, above: ReadonlySet<object> = new Set()): boolean {
  const found = normalSchema(schema, root)
  if (above.has(found.origin) || Object.keys(found.keywords).length === 0) return true
  if (!isUnion(found)) return false
  const inside = new Set(above).add(found.origin)
  const open = variantsOf(found, root).filter((variant) =>
    isWholeKind(normalSchema(variant.schema, root), root, inside),
  )
  const kinds = new Set(open.map(({ kind }) => kind))
  return KINDS.every((kind) => kinds.has(kind))
}

/** All lists, all objects, all strings …: nothing is demanded but the type. */
function isWholeKind({ keywords }: NormalSchema, root: unknown, above: ReadonlySet<object>): boolean {
  const { type: _type, items, additionalProperties, ...others } = keywords
  if (Object.keys(others).length > 0) return false
  return acceptsAllJson(items, root, above) && acceptsAllJson(additionalProperties, root, above)
}
