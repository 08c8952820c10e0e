// Arguments and a standard input come in; what the command wrote and its exit code go out, in this process.
import { version } from '../../package.json'
import { main } from './main'

/** What a command left behind. */
export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command as a terminal would. */
export async function run(
  argv: readonly string[],
  stdin: readonly string[] | AsyncIterable<Uint8Array> = [],
): Promise<Outcome> {
  const out: string[] = []
  const err: string[] = []
  const code = await main(argv, {
    stdin: Symbol.asyncIterator in stdin ? stdin : bytesOf(stdin),
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    version,
  })
  return { code, out: out.join(''), err: err.join('') }
}

async function* bytesOf(pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece)
}
