// Bytes come in, piece by piece; lines of text go out, each with its number. No more than one line is ever held.

/** One line, or why it is none. */
export type Line =
  | { readonly number: number; readonly text: string; readonly problem?: never }
  | { readonly number: number; readonly text?: never; readonly problem: string }

/** Longest line, in bytes and without its end. */
export const MAX_LINE_BYTES = 1_048_576

const LF = 0x0a
const CR = 0x0d

/**
 * Cuts bytes into lines at LF or CRLF, without their ends and without a byte order mark. A last line needs no end. After
 * a line that is too long nothing more is read. Fails as `source` fails.
 */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const held = new Uint8Array(MAX_LINE_BYTES + 1) // and one CR, which is no part of the line
  let heldBytes = 0
  let number = 1
  for await (const chunk of source) {
    let start = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const line = lineOf(number, held, heldBytes, chunk.subarray(start, end))
      yield line
      if (line.problem === TOO_LONG) return
      number += 1
      heldBytes = 0
      start = end + 1
    }
    const rest = chunk.subarray(start)
    if (heldBytes + rest.length > held.length) return yield { number, problem: TOO_LONG }
    held.set(rest, heldBytes) // a copy: a piece of a chunk would keep the whole chunk
    heldBytes += rest.length
  }
  if (heldBytes > 0) yield lineOf(number, held, heldBytes, new Uint8Array(0))
}

const TOO_LONG = 'longer than 1 MiB'
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function lineOf(number: number, held: Uint8Array, heldBytes: number, rest: Uint8Array): Line {
  if (heldBytes + rest.length > held.length) return { number, problem: TOO_LONG }
  if (heldBytes > 0) held.set(rest, heldBytes)
  const bytes = withoutEnd(heldBytes > 0 ? held.subarray(0, heldBytes + rest.length) : rest)
  if (bytes.length > MAX_LINE_BYTES) return { number, problem: TOO_LONG }
  try {
    const text = decoder.decode(bytes)
    return { number, text: number === 1 && text.startsWith('\ufeff') ? text.slice(1) : text }
  } catch {
    return { number, problem: 'not UTF-8' }
  }
}

function withoutEnd(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes
}
