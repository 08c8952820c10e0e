// Rule 5: packages meet at their doors, which are the `exports` of their package.json.
import type { Import, SourceModule, SourceTree, Violation } from '../model'
import { isRelative, packageOf, subpathOf, targetOf } from '../resolve'

/**
 * No subpath that `exports` does not list, and no relative path out of a package; tests, integration and examples
 * included. Nor does what is shipped import what is not.
 */
export function deepImports(tree: SourceTree): Violation[] {
  return [...tree.files.values()].flatMap((file) =>
    file.imports.flatMap((one) => {
      const message = isRelative(one.specifier) ? (outside(file, one) ?? unshipped(tree, file, one)) : closed(tree, one)
      return message === undefined ? [] : [{ rule: 5, file: file.path, line: one.line, message }]
    }),
  )
}

function outside(file: SourceModule, { specifier }: Import): string | undefined {
  if (`${targetOf(file.path, specifier)}/`.startsWith(`${file.package.folder}/`)) return undefined
  return `'${specifier}' leaves ${file.package.folder}: import the other package by its name`
}

function unshipped(tree: SourceTree, file: SourceModule, { specifier, resolved }: Import): string | undefined {
  const target = resolved === null ? undefined : tree.files.get(resolved)
  if (!file.isSource || !target || target.isSource) return undefined
  return `'${specifier}' does not ship, for it is no source: move what is needed of it into a file that is`
}

function closed(tree: SourceTree, { specifier }: Import): string | undefined {
  if (!specifier.startsWith('@progress/')) return undefined
  const pkg = packageOf(tree.packages, specifier)
  if (!pkg) return `no package of this repository provides '${specifier}'`
  if (pkg.exports.has(subpathOf(pkg, specifier))) return undefined
  const doors = [...pkg.exports.keys()].join(', ')
  return `${pkg.name} does not export '${subpathOf(pkg, specifier)}': use one of ${doors || 'its exports (it has none)'}`
}
