// From a specifier to the file that it means: relative ones, and those of our own packages through their `exports`.
import { posix } from 'node:path'
import type { Package } from './model'

const ENDINGS = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '/index.ts',
  '/index.tsx',
  '/index.js',
]

/** Is this a path, and not the name of a package? */
export function isRelative(specifier: string): boolean {
  return specifier === '.' || specifier === '..' || specifier.startsWith('./') || specifier.startsWith('../')
}

/** Where a relative specifier points to, from the root of the repository; above the root it begins with `..`. */
export function targetOf(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier)
}

/** Subpath of a package, as its `exports` writes it: `@progress/protocol/wire` -> `./wire`. */
export function subpathOf(pkg: Package, specifier: string): string {
  return `.${specifier.slice(pkg.name.length)}`
}

/** The package of ours that a specifier means. */
export function packageOf(packages: ReadonlyMap<string, Package>, specifier: string): Package | undefined {
  return packages.get(specifier.split('/').slice(0, 2).join('/'))
}

/** Path of the file that a specifier means; `null` where the tree has none. */
export function resolve(
  from: string,
  specifier: string,
  tree: { readonly paths: ReadonlySet<string>; readonly packages: ReadonlyMap<string, Package> },
): string | null {
  if (isRelative(specifier)) return existing(targetOf(from, specifier), tree.paths)
  const pkg = packageOf(tree.packages, specifier)
  const source = pkg?.exports.get(subpathOf(pkg, specifier))?.get('@progress/source')
  return pkg && source !== undefined ? existing(posix.join(pkg.folder, source), tree.paths) : null
}

function existing(target: string, paths: ReadonlySet<string>): string | null {
  const written = target.replace(/\.([cm]?)jsx?$/, '.$1ts') // './x.js' is how Node's own rules write './x.ts'
  for (const base of [target, written, target.replace(/\.jsx?$/, '.tsx')]) {
    const found = ENDINGS.map((ending) => base + ending).find((path) => paths.has(path))
    if (found !== undefined) return found
  }
  return null
}
