// The tables of a Markdown page, by section.

/** One row of a table, without the head. */
export interface Row {
  /** Without the space around them; `\|` is read as `|`. */
  readonly cells: readonly string[]
  /** Counted from 1. */
  readonly line: number
}

/** All tables under one heading. */
export interface Section {
  /** Line of the heading. */
  readonly line: number
  readonly rows: readonly Row[]
}

/** The section `## heading`, up to the next heading of its level or above; `undefined` where the page has none. */
export function sectionOf(page: string, heading: string): Section | undefined {
  const lines = withoutCode(page.split(/\r?\n/))
  const start = lines.findIndex((line) => line.trim() === `## ${heading}`)
  if (start === -1) return undefined
  const length = lines.slice(start + 1).findIndex((line) => /^##? /.test(line))
  const end = length === -1 ? lines.length : start + 1 + length
  const rows: Row[] = []
  for (let index = start + 1; index < end; index++) {
    if (!isRule(lines[index])) continue
    for (index++; index < end && isRow(lines[index]); index++) {
      rows.push({ cells: cellsOf(lines[index] ?? ''), line: index + 1 })
    }
  }
  return { line: start + 1, rows }
}

/** Lines of fenced code become empty, so that an example in it is no table. */
function withoutCode(lines: readonly string[]): string[] {
  let fenced = false
  return lines.map((line) => {
    const isFence = /^\s*(```|~~~)/.test(line)
    if (isFence) fenced = !fenced
    return fenced || isFence ? '' : line
  })
}

function isRow(line = ''): boolean {
  return line.trim().startsWith('|')
}

/** `| --- | :-: |`: what is above it is the head. */
function isRule(line = ''): boolean {
  return isRow(line) && /^[\s|:-]+$/.test(line) && line.includes('-')
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}
