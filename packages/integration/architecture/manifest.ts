// The text of a package.json comes in, what the rules need of it comes out.
import type { Package } from './model'

interface Manifest {
  readonly name?: string
  readonly exports?: unknown
  readonly sideEffects?: boolean | readonly string[]
}

/** Reads a package.json. Throws where it is not JSON. */
export function readManifest(folder: string, text: string): Package {
  const { name, exports, sideEffects } = JSON.parse(text) as Manifest
  return { folder, name: name ?? folder, exports: subpaths(exports), sideEffects }
}

function subpaths(exports: unknown): ReadonlyMap<string, ReadonlyMap<string, string>> {
  if (!isTable(exports)) return new Map(exports === undefined ? [] : [['.', targets(exports)]])
  const isSubpaths = Object.keys(exports).every((key) => key.startsWith('.'))
  return new Map(
    isSubpaths ? Object.entries(exports).map(([key, value]) => [key, targets(value)]) : [['.', targets(exports)]],
  )
}

/** Condition (`import.default`) -> file, however deep the conditions are nested. */
function targets(value: unknown, condition = 'default'): Map<string, string> {
  if (typeof value === 'string') return new Map([[condition, value]])
  if (!isTable(value)) return new Map()
  const prefix = condition === 'default' ? '' : `${condition}.`
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...targets(inner, prefix + key)]))
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
