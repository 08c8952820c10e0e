import { describe, expect, it } from 'vitest'
import { type Line, linesOf, MAX_LINE_BYTES } from './lines'

async function read(...pieces: (string | Uint8Array)[]): Promise<Line[]> {
  async function* source() {
    for (const piece of pieces) yield Buffer.from(piece)
  }
  const lines: Line[] = []
  for await (const line of linesOf(source())) lines.push(line)
  return lines
}

const texts = async (...pieces: string[]) => (await read(...pieces)).map(({ text }) => text)
const long = 'x'.repeat(MAX_LINE_BYTES)
const tooLong = (number: number) => ({ number, problem: 'longer than 1 MiB' })

describe('cuts', () => {
  it.each([
    ['LF', ['a\nb\n'], ['a', 'b']],
    ['CRLF', ['a\r\nb\r\n'], ['a', 'b']],
    ['a CRLF in two pieces', ['a\r', '\nb'], ['a', 'b']],
    ['a last line without end', ['a\nb'], ['a', 'b']],
    ['blank lines', ['\n\na\n\n'], ['', '', 'a', '']],
    ['lines in many pieces', ['a', 'b', '', 'c\nd', '\n', 'e'], ['abc', 'd', 'e']],
    ['nothing', [], []],
    ['an empty file', [''], []],
    ['a byte order mark', ['\ufeffa\n\ufeffb'], ['a', '\ufeffb']],
  ])('%s', async (_what, pieces, expected) => {
    expect(await texts(...pieces)).toEqual(expected)
  })

  it('between the bytes of one character', async () => {
    const bytes = Buffer.from('😀\n😀')
    const pieces = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
    expect(await read(...pieces)).toEqual([
      { number: 1, text: '😀' },
      { number: 2, text: '😀' },
    ])
  })
})

describe('refuses', () => {
  it('what is not UTF-8, and goes on', async () => {
    expect(await read(new Uint8Array([0xff, 0xfe, 0x0a, 0x61]))).toEqual([
      { number: 1, problem: 'not UTF-8' },
      { number: 2, text: 'a' },
    ])
  })

  it.each([
    ['in one piece', [`a\n${long}x\nb`]],
    ['in two pieces', [`a\n${long.slice(1)}`, 'xx\nb']],
    ['without end', ['a\n', long, 'x']],
    ['in CRLF', [`a\r\n${long}x\r\nb`]],
  ])('a line that is too long %s, and stops', async (_what, pieces) => {
    expect(await read(...pieces)).toEqual([{ number: 1, text: 'a' }, tooLong(2)])
  })

  it.each([[`${long}\n`], [`${long}\r\n`], [long], [`${long}\r`]])(
    'no line that is just as long as allowed',
    async (piece) => {
      expect(await texts(piece)).toEqual([long])
      expect(await texts(piece.slice(0, 7), piece.slice(7))).toEqual([long])
    },
  )

  it('an endless line after 1 MiB', async () => {
    let pieces = 0
    async function* endless() {
      for (;;) {
        pieces += 1
        yield Buffer.alloc(65_536, 'x')
      }
    }
    const lines: Line[] = []
    for await (const line of linesOf(endless())) lines.push(line)
    expect(lines).toEqual([tooLong(1)])
    expect(pieces).toBe(17)
  })
})
