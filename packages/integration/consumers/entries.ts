// Which entries the packages offer: read from their `exports`, so that none is forgotten.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Root of the repository. */
export const ROOT: string = join(import.meta.dirname, '../../..')

const FOLDERS = ['packages/protocol', 'packages/server', 'packages/client']

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** One published package. */
export interface Package {
  readonly name: string
  /** Its folder, from the root. */
  readonly folder: string
  /** What a program writes to import its entries, such as `@progress/protocol/wire`. */
  readonly entries: readonly string[]
  /** Files that `exports` and `bin` name, as they stand in the tarball. */
  readonly files: readonly string[]
  /** What it works with and does not bring along. */
  readonly peers: readonly string[]
}

/** The published packages, in the order of their building. */
export function readPackages(): Package[] {
  return FOLDERS.map((folder) => {
    const { name, exports, bin = {}, peerDependencies = {} } = readManifest(folder)
    const { './package.json': _, ...entries } = exports
    return {
      name,
      folder,
      entries: Object.keys(entries).map((entry) => name + entry.slice(1)),
      files: [...new Set([...leaves(exports), ...leaves(bin)])].map((path) => path.replace(/^\.\//, '')),
      peers: Object.keys(peerDependencies),
    }
  })
}

/** Has each package been built? */
export function isBuilt(packages: readonly Package[]): boolean {
  return packages.every(({ folder }) => existsSync(join(ROOT, folder, 'dist')))
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest
}

/** All texts in a tree of conditions. */
function leaves(tree: unknown): string[] {
  if (typeof tree === 'string') return [tree]
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(leaves) : []
}
