// The words of a comparison: what one finding is, where it stands, and how its values are quoted.

/** One difference, before it is known which message it is in. */
export interface Finding {
  readonly breaking: boolean
  /** Where, such as `sessions`, `[]`, `(status=active)`, `worker`. */
  readonly path: readonly string[]
  readonly said: string
}

/** Two schemas that are compared, and where they stand. */
export interface Comparison {
  readonly oldRoot: unknown
  readonly newRoot: unknown
  readonly path: readonly string[]
  /** What is being compared further up: a schema that refers to itself comes back to it. */
  readonly above: ReadonlyMap<object, ReadonlySet<object>>
}

/** A difference that an old and a new peer would not both understand. */
export function breaking(path: readonly string[], said: string): Finding {
  return { breaking: true, path, said }
}

/** A difference that both understand. */
export function harmless(path: readonly string[], said: string): Finding {
  return { breaking: false, path, said }
}

/** The comparison one step further down. */
export function within(at: Comparison, step: string): Comparison {
  return { ...at, path: [...at.path, step] }
}

/** `sessions[](status=active).worker` */
export function pathText(path: readonly string[]): string {
  let text = ''
  for (const step of path) text += text === '' || step.startsWith('[') || step.startsWith('(') ? step : `.${step}`
  return text
}

/** A value of a document in one short piece. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}

/** The same JSON, whatever the order of its keys? */
export function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b))
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .map(([key, inner]) => [key, inOrder(inner)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}
