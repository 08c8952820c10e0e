// Rule 1: protocol knows zod only; client and server know protocol, never each other.
import { isBuiltin } from 'node:module'
import { type Import, libraryOf, type SourceModule, type SourceTree, type Violation } from '../model'
import { isRelative } from '../resolve'

const ABOVE_PROTOCOL = ['@progress/server', '@progress/client', '@progress/integration']
/** Folder -> packages of ours that nothing in it imports, its tests included. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  'packages/protocol': ABOVE_PROTOCOL,
  'packages/server': ['@progress/client', '@progress/integration'],
  'packages/client': ['@progress/server', '@progress/integration'],
}
const CLI = 'packages/protocol/src/cli/'

/** Which package may import which. Only integration and the examples see both sides. */
export function packageBounds(tree: SourceTree): Violation[] {
  return [...tree.files.values()].flatMap((file) =>
    file.imports.flatMap((one) => {
      const message = complaint(file, one)
      return message === undefined ? [] : [{ rule: 1, file: file.path, line: one.line, message }]
    }),
  )
}

function complaint(file: SourceModule, { specifier }: Import): string | undefined {
  const library = libraryOf(specifier)
  if (FORBIDDEN[file.package.folder]?.includes(library)) {
    return `'${specifier}' is none of its business: put what both need into @progress/protocol, or test them together in packages/integration`
  }
  if (!file.isSource || file.package.folder !== 'packages/protocol') return undefined
  if (isRelative(specifier) || library === 'zod' || library === '@progress/protocol') return undefined
  if (file.path.startsWith(CLI) && isBuiltin(specifier)) return undefined
  return `protocol imports zod only, not '${specifier}': write it here, let the caller pass it in, or move the file to ${CLI} if it is Node's`
}
