// The name of a file, or `-` for standard input, comes in; its bytes or its JSON goes out.
import { createReadStream } from 'node:fs'
import type { Io } from './io'

/** What is read, and what to call it in a sentence. */
export interface Source {
  readonly name: string
  readonly source: AsyncIterable<Uint8Array>
}

/** Opens a file for reading piece by piece. A file that cannot be read fails when the first piece is asked for. */
export function open(file: string, io: Io): Source {
  return file === '-' ? { name: '<stdin>', source: io.stdin } : { name: file, source: createReadStream(file) }
}

/** Reads a whole file as JSON. Rejects with a sentence that names the file. */
export async function readJson(file: string, io: Io): Promise<unknown> {
  const { name, source } = open(file, io)
  const text = await readText(name, source)
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${name} is not JSON`)
  }
}

async function readText(name: string, source: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder() // takes a byte order mark away
  let text = ''
  try {
    for await (const chunk of source) text += decoder.decode(chunk, { stream: true })
  } catch (error) {
    throw cannotRead(name, error)
  }
  return text + decoder.decode()
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
}

/** Why a file cannot be read, as an error with a sentence. */
export function cannotRead(name: string, error: unknown): Error {
  const { code = 'unknown error' } = error as { code?: string }
  return new Error(`cannot read ${name}: ${REASONS[code] ?? code}`, { cause: error })
}
