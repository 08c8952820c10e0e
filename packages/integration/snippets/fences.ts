// Markdown pages come in, their fenced code comes out: where it stands, what it is, and where it says that it comes from.

/** A page by its path in this repository. */
export interface Page {
  readonly path: string
  readonly text: string
}

/** One block of fenced code. */
export interface Fence {
  readonly page: string
  /** Of its first line of code, counted from 1. */
  readonly line: number
  /** `ts`, `sh`, …; empty where none is named. */
  readonly language: string
  readonly code: string
  /** `<!-- examples/minimal/server.ts -->` before it: the file that it is cut from. */
  readonly cutFrom?: string
  /** `<!-- new: server.js -->` before it: a file that the reader makes, and that a walk through the page runs. */
  readonly makes?: string
}

/** All fences of a page, in order. */
export function fencesOf({ path, text }: Page): Fence[] {
  const lines = text.split(/\r?\n/)
  const fences: Fence[] = []
  for (let index = 0; index < lines.length; index++) {
    const opening = lines[index]?.match(/^(\s*)(`{3,}|~{3,})(\w*)/)
    if (!opening) continue
    const [, , marks = '', language = ''] = opening
    const length = lines.slice(index + 1).findIndex((line) => line.trim() === marks)
    const end = length === -1 ? lines.length : index + 1 + length
    const code = lines.slice(index + 1, end).join('\n')
    fences.push({ page: path, line: index + 2, language, code, ...originOf(lines.slice(0, index)) })
    index = end
  }
  return fences
}

function originOf(before: readonly string[]): Pick<Fence, 'cutFrom' | 'makes'> {
  const said = before
    .findLast((line) => line.trim() !== '')
    ?.trim()
    .match(/^<!-- (new: )?(\S+) -->$/)
  if (!said?.[2]) return {}
  return said[1] ? { makes: said[2] } : { cutFrom: said[2] }
}
