// How large a command is, without making text of it: the walk ends as soon as it is too large.

/** Is this, as JSON, at most about `maxBytes`? Works on any depth, and on any amount in bounded time. */
export function isWithin(value: unknown, maxBytes: number): boolean {
  let left = maxBytes
  const open: unknown[] = [value]
  while (open.length > 0 && left >= 0) {
    const found = open.pop()
    const entries = entriesOf(found)
    left -= entries ? 2 * entries.length + 2 : sizeOf(found)
    // An entry takes two bytes at least: where there are more than there is room for, none is looked into.
    if (entries && left >= 0) for (const entry of entries) open.push(entry)
  }
  return left >= 0
}

function entriesOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined
  return Array.isArray(value) ? value : Object.entries(value)
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 2
  return ArrayBuffer.isView(value) ? value.byteLength : 1
}
