// A CSV file on the disk comes in, its rows come out one by one: good ones as customers, bad ones with the reason.
import { createReadStream } from 'node:fs'
import { ProgressError } from '@progress/server'
import { CsvError, parse } from 'csv-parse'
import type { Customer } from '../data/customers'

/** What was found in a line. */
export type CsvRow =
  | { readonly isGood: true; readonly customer: Customer }
  | { readonly isGood: false; readonly line: number; readonly why: string }

const COLUMNS = ['name', 'email', 'country', 'amount'] as const
type Fields = Record<(typeof COLUMNS)[number], string>

/** Reads the file as a stream. Throws `VALIDATION_FAILED` where columns are missing, `PARSE_ERROR` where it is no CSV. */
export async function* csvRows(path: string): AsyncGenerator<CsvRow> {
  const parser = createReadStream(path).pipe(
    parse({ bom: true, columns: requireColumns, info: true, relax_column_count: true, skip_empty_lines: true }),
  )
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Fields; info: { lines: number } }>) {
      yield judge(record, info.lines)
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ProgressError('PARSE_ERROR', error.message, { cause: error })
    throw error
  }
}

function requireColumns(header: readonly string[]): string[] {
  const names = header.map((name) => name.trim().toLowerCase())
  const missing = COLUMNS.filter((column) => !names.includes(column))
  if (missing.length === 0) return names
  const said = `The file has no column ${missing.join(', ')}. It needs ${COLUMNS.join(', ')}.`
  throw new ProgressError('VALIDATION_FAILED', said, { details: { missing } })
}

function judge({ name = '', email = '', country = '', amount = '' }: Fields, line: number): CsvRow {
  const bad = (why: string): CsvRow => ({ isGood: false, line, why })
  if (name.trim() === '') return bad('no name')
  if (!/^\S+@\S+$/.test(email)) return bad(`'${email}' is no e-mail address`)
  const sum = Number(amount)
  if (amount.trim() === '' || !Number.isFinite(sum)) return bad(`'${amount}' is no amount`)
  return { isGood: true, customer: { line, name, email, country, amount: sum } }
}
