// What the rules look at: the repository's files, parsed, with their imports resolved, and what a rule answers.
import type ts from 'typescript'

/** One import of a file: also a re-export, `import()`, `require()`, `import('x').T`, or the runtime that JSX needs. */
export interface Import {
  readonly specifier: string
  /** `type` leaves nothing in the output. `import { type A }` leaves the import itself there, so that is a `value`. */
  readonly kind: 'type' | 'value'
  /** What is taken by name; empty for `*`, a default and `import 'x'`. */
  readonly names: readonly string[]
  /** `import 'x'`: taken for what it does, not for what it exports. */
  readonly bare: boolean
  readonly line: number
  /** Path of the file in the tree; `null` for libraries and for what is not there. */
  readonly resolved: string | null
}

/** A package of the workspace. */
export interface Package {
  /** Such as `packages/server`. */
  readonly folder: string
  readonly name: string
  /** Subpath (`.`, `./wire`) -> all files that it may lead to, by condition. */
  readonly exports: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** `undefined` where package.json does not say it. */
  readonly sideEffects: boolean | readonly string[] | undefined
}

/** A parsed file. */
export interface SourceModule {
  /** From the root of the repository, with `/`. */
  readonly path: string
  readonly package: Package
  /** Ships with `protocol`, `server` or `client`: under `src`, and not named `*.test*`. */
  readonly isSource: boolean
  readonly syntax: ts.SourceFile
  readonly imports: readonly Import[]
}

/** All files, by path, in the order of their paths. */
export interface SourceTree {
  readonly files: ReadonlyMap<string, SourceModule>
  /** By name. */
  readonly packages: ReadonlyMap<string, Package>
}

/** A place that breaks a rule, and what to do instead. */
export interface Violation {
  /** Number of the rule. */
  readonly rule: number
  readonly file: string
  readonly line: number
  readonly message: string
}

/** A rule over a whole tree. */
export type Rule = (tree: SourceTree) => Violation[]

/** The shipped files of a folder, or of all packages. */
export function sourcesIn(tree: SourceTree, folder = ''): SourceModule[] {
  return [...tree.files.values()].filter((file) => file.isSource && file.path.startsWith(folder))
}

/** Name of the library that a specifier means: `react/jsx-runtime` -> `react`. */
export function libraryOf(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier)
}

/** Line of a node, counted from 1. */
export function lineOf(node: ts.Node): number {
  const syntax = node.getSourceFile()
  return syntax.getLineAndCharacterOfPosition(node.getStart(syntax)).line + 1
}
