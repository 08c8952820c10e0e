// Texts by path come in, the tree that the rules read comes out.
import { posix } from 'node:path'
import ts from 'typescript'
import { importsOf } from './imports'
import { readManifest } from './manifest'
import type { Package, SourceModule, SourceTree } from './model'
import { resolve } from './resolve'

const CODE = /\.[cm]?[jt]sx?$/
const SHIPPED = /^packages\/(protocol|server|client)\/src\//
/** As `files` of each package.json leaves out: `*.test.ts`, `*.test-d.ts`, and kits such as `*.test-kit.ts`. */
const NOT_SHIPPED = /\.test[^/]*$/

/** Path from the root (with `/`) -> text. Holds each package's `package.json` too; what is neither that nor code is left out. */
export type Texts = Readonly<Record<string, string>>

/** Parses and links all files. Throws where a `package.json` is not JSON or code lies in no package. */
export function parseTree(texts: Texts): SourceTree {
  const packages = new Map<string, Package>()
  const byFolder = new Map<string, Package>()
  for (const [path, text] of Object.entries(texts)) {
    if (posix.basename(path) !== 'package.json') continue
    const pkg = readManifest(posix.dirname(path), text)
    packages.set(pkg.name, pkg)
    byFolder.set(pkg.folder, pkg)
  }
  const paths = new Set(Object.keys(texts).filter((path) => CODE.test(path)))
  const files = new Map<string, SourceModule>()
  for (const path of [...paths].sort()) {
    const syntax = ts.createSourceFile(path, texts[path] ?? '', ts.ScriptTarget.Latest, true)
    files.set(path, {
      path,
      package: homeOf(path, byFolder),
      isSource: SHIPPED.test(path) && !NOT_SHIPPED.test(path),
      syntax,
      imports: importsOf(syntax).map((one) => ({
        ...one,
        resolved: resolve(path, one.specifier, { paths, packages }),
      })),
    })
  }
  return { files, packages }
}

/** The package whose folder is the nearest above a file. */
function homeOf(path: string, byFolder: ReadonlyMap<string, Package>): Package {
  for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
    const pkg = byFolder.get(folder)
    if (pkg) return pkg
  }
  throw new Error(`${path} lies in no package: give its folder a package.json, or move it`)
}
