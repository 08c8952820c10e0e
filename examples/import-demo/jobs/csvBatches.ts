// A CSV file on the disk comes in, its rows come out, as many at once as a piece of the file has: good ones as customers, bad
// ones with the reason. A promise for each piece costs nothing, one for each row would be most of an import's time.
import { on } from 'node:events'
import { createReadStream } from 'node:fs'
import { ProgressError } from '@progress/server'
import { CsvError, type Parser, parse } from 'csv-parse'
import type { Customer } from '../data/customers'

/** What was found in some lines. */
export interface Batch {
  readonly good: readonly Customer[]
  readonly bad: readonly { readonly line: number; readonly why: string }[]
}

const COLUMNS = ['name', 'email', 'country', 'amount'] as const
type Fields = Record<(typeof COLUMNS)[number], string>

/** About 500 rows. */
const PIECE_BYTES = 32_768

/** Reads the file as a stream. Throws `VALIDATION_FAILED` where columns are missing, `PARSE_ERROR` where it is no CSV. */
export async function* csvBatches(path: string): AsyncGenerator<Batch> {
  const file = createReadStream(path, { highWaterMark: PIECE_BYTES })
  const parser = parse({
    bom: true,
    columns: requireColumns,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  file.once('error', (error) => parser.destroy(error)).pipe(parser)
  try {
    for await (const _ of on(parser, 'readable', { close: ['end'] })) {
      const batch = parsedBy(parser)
      if (batch.good.length + batch.bad.length > 0) yield batch
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ProgressError('PARSE_ERROR', error.message, { cause: error })
    throw error
  } finally {
    file.destroy()
    parser.destroy()
  }
}

/** What is ready now. */
function parsedBy(parser: Parser): Batch {
  const good: Customer[] = []
  const bad: { line: number; why: string }[] = []
  for (;;) {
    const row: { record: Partial<Fields>; info: { lines: number } } | null = parser.read()
    if (row === null) return { good, bad }
    const line = row.info.lines
    const { name = '', email = '', country = '', amount = '' } = row.record
    const why = faultOf(name, email, amount)
    if (why === undefined) good.push({ line, name, email, country, amount: Number(amount) })
    else bad.push({ line, why })
  }
}

function requireColumns(header: readonly string[]): string[] {
  const names = header.map((name) => name.trim().toLowerCase())
  const missing = COLUMNS.filter((column) => !names.includes(column))
  if (missing.length === 0) return names
  const said = `The file has no column ${missing.join(', ')}. It needs ${COLUMNS.join(', ')}.`
  throw new ProgressError('VALIDATION_FAILED', said, { details: { missing } })
}

function faultOf(name: string, email: string, amount: string): string | undefined {
  if (name.trim() === '') return 'no name'
  if (!/^\S+@\S+$/.test(email)) return `'${email}' is no e-mail address`
  if (amount.trim() === '' || !Number.isFinite(Number(amount))) return `'${amount}' is no amount`
  return undefined
}
