// Rule 8: the page that others implement from says exactly what the tables in code say.
import { type Row, sectionOf } from './markdown'
import type { Violation } from './model'

/** What one row of a table must say: the texts of its cells after the name. */
export type Expected = ReadonlyMap<string, readonly string[]>

/** The tables of the wire. */
export interface WireTables {
  readonly events: { readonly [name: string]: unknown }
  readonly commands: readonly string[]
  readonly errors: {
    readonly [code: string]: {
      readonly retryable: boolean
      readonly httpStatus: number
      readonly closeCode?: number
      readonly sentence: string
    }
  }
  readonly limits: { readonly [name: string]: number }
}

const PAGE = 'docs/protocol.md'
const NONE = '–'
/** Heading -> columns after the name that are compared. */
const COLUMNS = {
  Events: [],
  Commands: [],
  Errors: ['retryable', 'HTTP', 'close code', 'sentence'],
  Limits: ['value'],
} as const

/** Where page and tables differ: names both ways, and of errors and limits what the table says of them. */
export function protocolPage(page: string, tables: WireTables): Violation[] {
  const nameOnly = (names: readonly string[]): Expected => new Map(names.map((name) => [name, []]))
  const errors = Object.entries(tables.errors).map(([code, row]): [string, string[]] => {
    const { retryable, httpStatus, closeCode, sentence } = row
    return [code, [retryable ? 'yes' : 'no', String(httpStatus), String(closeCode ?? NONE), sentence]]
  })
  const limits = Object.entries(tables.limits).map(([name, value]): [string, string[]] => [name, [String(value)]])
  return [
    ...compare(page, 'Events', nameOnly(Object.keys(tables.events))),
    ...compare(page, 'Commands', nameOnly(tables.commands)),
    ...compare(page, 'Errors', new Map(errors)),
    ...compare(page, 'Limits', new Map(limits)),
  ]
}

function compare(page: string, heading: keyof typeof COLUMNS, expected: Expected): Violation[] {
  const section = sectionOf(page, heading)
  if (!section) return [violation(1, `write a section '## ${heading}' with a table`)]
  const rows = new Map<string, Row>()
  const found: Violation[] = []
  for (const row of section.rows) {
    const name = nameIn(row)
    if (name === undefined) found.push(violation(row.line, `begin the row with a name in backticks`))
    else if (rows.has(name)) found.push(violation(row.line, `\`${name}\` has a row already: remove one`))
    else if (!expected.has(name)) found.push(violation(row.line, `\`${name}\` is not in the code: remove the row`))
    else found.push(...wrongCells(row, name, COLUMNS[heading], expected.get(name) ?? []))
    if (name !== undefined) rows.set(name, row)
  }
  const missing = [...expected.keys()].filter((name) => !rows.has(name))
  return [
    ...found,
    ...missing.map((name) => violation(section.line, `write a row for \`${name}\` under '## ${heading}'`)),
  ]
}

function wrongCells(row: Row, name: string, columns: readonly string[], expected: readonly string[]): Violation[] {
  return columns.flatMap((column, index) => {
    const wanted = expected[index] ?? ''
    const cell = row.cells[index + 1] ?? ''
    // In the code a number has no thousands separators.
    const said = /^\d{1,3}(,\d{3})+$/.test(cell) ? cell.replaceAll(',', '') : cell
    return said === wanted
      ? []
      : [violation(row.line, `${column} of \`${name}\` is '${wanted}' in the code, not '${cell}'`)]
  })
}

function nameIn({ cells }: Row): string | undefined {
  return /^`([^`]+)`/.exec(cells[0] ?? '')?.[1]
}

function violation(line: number, message: string): Violation {
  return { rule: 8, file: PAGE, line, message }
}
