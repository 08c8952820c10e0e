// Recorded messages come in, one a line; the first wrong one is named, or all of them are counted.
import { decode } from '../decode'
import { isMessageName } from '../messages'
import { EXIT, type Io, UsageError } from './io'
import { type Line, linesOf } from './lines'
import { printable } from './printable'
import { cannotRead, open } from './reading'

/** `check [FILE]`. Holds one line at a time, however long the file is. Rejects where the file cannot be read. */
export async function checkCommand([file = '-', ...others]: readonly string[], io: Io): Promise<number> {
  if (others.length > 0) throw new UsageError('check takes one file at most')
  const { name, source } = open(file, io)
  let count = 0
  try {
    for await (const line of linesOf(source)) {
      if (line.text?.trim() === '') continue
      const reason = reasonAgainst(line)
      if (reason !== undefined) {
        io.stderr.write(`${name}:${line.number}: ${printable(reason)}\n`)
        return EXIT.found
      }
      count += 1
    }
  } catch (error) {
    throw cannotRead(name, error) // nothing else in this loop throws
  }
  if (count === 0) {
    io.stderr.write('no messages: nothing was checked\n')
    return EXIT.found
  }
  io.stdout.write(`${count} ${count === 1 ? 'message' : 'messages'}, all valid\n`)
  return EXIT.fine
}

function reasonAgainst({ text, problem }: Line): string | undefined {
  if (text === undefined) return problem
  const message = parse(text)
  if (message === undefined) return 'not JSON'
  if (typeof message !== 'object' || message === null || !('event' in message)) {
    return 'not a message: write { "event": NAME, "payload": … }'
  }
  const { event, payload } = message as { event: unknown; payload?: unknown }
  if (typeof event !== 'string') return 'event: the name of a message is a string'
  if (!isMessageName(event)) return `${event}: no message of this protocol has this name`
  const decoded = decode(event, payload)
  return decoded.ok ? undefined : decoded.error.message
}

/** `undefined` where the text is no JSON; no JSON reads as `undefined`. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
