// Packs the packages as they would be published.
import { join } from 'node:path'
import { run } from './command'
import { type Package, ROOT } from './entries'

/** What `npm pack` made of a package. */
export interface Tarball {
  readonly name: string
  /** Where it is. */
  readonly path: string
  /** The files in it. */
  readonly files: readonly string[]
}

interface Packed {
  readonly name: string
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** Packs all packages into a folder. */
export async function pack(packages: readonly Package[], folder: string): Promise<Tarball[]> {
  const workspaces = packages.flatMap((one) => ['-w', one.folder])
  const json = await run(ROOT, 'npm', 'pack', '--json', '--pack-destination', folder, ...workspaces)
  const packed = JSON.parse(json) as readonly Packed[]
  return packed.map(({ name, filename, files }) => ({
    name,
    path: join(folder, filename),
    files: files.map(({ path }) => path),
  }))
}

/** Throws where a tarball lacks a file that `exports` or `bin` name, or holds a test. */
export function checkTarballs(packages: readonly Package[], tarballs: readonly Tarball[]): void {
  const wrong = packages.flatMap(({ name, files }) => {
    const packed = tarballs.find((tarball) => tarball.name === name)?.files ?? []
    return [
      ...files.filter((file) => !packed.includes(file)).map((file) => `${name} lacks ${file}`),
      ...packed.filter((file) => /\.(test|test-d)\./.test(file)).map((file) => `${name} holds ${file}`),
    ]
  })
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}
