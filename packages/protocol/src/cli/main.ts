// Arguments and streams come in; the command writes its answer, and its exit code goes out.
import { parseArgs } from 'node:util'
import { checkCommand } from './checkCommand'
import { diffCommand } from './diffCommand'
import { EXIT, type Io, UsageError } from './io'
import { schemaCommand } from './schemaCommand'
import { USAGE } from './usage'

/**
 * Runs `progress-protocol` and answers its exit code. Never rejects: what goes wrong is told on `stderr`, in one
 * sentence, followed by the usage where the call was the mistake.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io)
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error)
    io.stderr.write(`progress-protocol: ${sentence}\n${error instanceof UsageError ? `\n${USAGE}` : ''}`)
    return EXIT.failed
  }
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(argv)
  if (values.help) return print(USAGE, io)
  if (values.version) return print(`${io.version}\n`, io)

  const [command, ...args] = positionals
  if (values.asyncapi && command !== 'schema') throw new UsageError('--asyncapi belongs to the command schema')
  switch (command) {
    case 'schema':
      return schemaCommand(args, { asyncapi: values.asyncapi === true }, io)
    case 'check':
      return checkCommand(args, io)
    case 'diff':
      return diffCommand(args, io)
    case undefined:
      throw new UsageError('name a command')
    default:
      throw new UsageError(`there is no command ${command}`)
  }
}

function readArgs(argv: readonly string[]) {
  const options = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
    asyncapi: { type: 'boolean' },
  } as const
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    // Node's second sentence, on files that begin with a dash, helps nobody here.
    const [sentence = ''] = error instanceof Error ? error.message.split('. ') : []
    throw new UsageError(sentence || 'the arguments cannot be read')
  }
}

function print(text: string, io: Io): number {
  io.stdout.write(text)
  return EXIT.fine
}
