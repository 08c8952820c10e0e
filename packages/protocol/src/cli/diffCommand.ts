// The files of two printed documents come in; what changed between them is printed, one change a line.
import { diffSchemas } from '../schema/index'
import { EXIT, type Io, UsageError } from './io'
import { printable } from './printable'
import { readJson } from './reading'

/** `diff OLD NEW`. Rejects where a file cannot be read, or is no such document. */
export async function diffCommand([oldFile, newFile, ...others]: readonly string[], io: Io): Promise<number> {
  if (oldFile === undefined || newFile === undefined) throw new UsageError('diff needs two files: OLD NEW')
  if (others.length > 0) throw new UsageError('diff takes two files')
  const changes = diffSchemas(await readJson(oldFile, io), await readJson(newFile, io))
  for (const { breaking, what } of changes) {
    io.stdout.write(`${breaking ? 'breaking' : 'added'}: ${printable(what)}\n`)
  }
  if (changes.some(({ breaking }) => breaking)) return EXIT.found
  io.stdout.write('no breaking change\n')
  return EXIT.fine
}
