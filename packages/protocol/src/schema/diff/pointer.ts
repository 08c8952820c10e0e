// A document and a reference such as `#/$defs/Json` come in, what it points to goes out.

/** Is this an object with fields, rather than a list or a single value? */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a reference inside of one document points to. Throws a `TypeError` where it points to nothing, or elsewhere. */
export function resolvePointer(root: unknown, reference: string): unknown {
  const [document, ...steps] = reference.split('/')
  let found = document === '#' ? root : undefined
  for (const step of steps) {
    const key = unescaped(step)
    const inner = isRecord(found) || Array.isArray(found) ? (found as Record<string, unknown>) : {}
    found = Object.hasOwn(inner, key) ? inner[key] : undefined
  }
  if (found !== undefined) return found
  throw new TypeError(`${JSON.stringify(reference)} points to nothing in this document`)
}

function unescaped(step: string): string {
  const pointer = step.includes('%') ? percentDecoded(step) : step
  return pointer.replaceAll('~1', '/').replaceAll('~0', '~')
}

function percentDecoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step // a lone % is a character like any other
  }
}
