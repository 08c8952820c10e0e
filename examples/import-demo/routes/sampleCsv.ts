// A CSV file that is made while it is sent: one row in 2,500 is bad.
import { Readable } from 'node:stream'
import type { RequestHandler } from 'express'

const NAMES = ['Ada Lovelace', 'Grace Hopper', 'Alan Turing', 'Mary Jackson', 'Tim Berners-Lee', '"King, Jr., Martin"']
const COUNTRIES = ['DE', 'FR', 'GB', 'IT', 'NL', 'PL', 'US']
const CHUNK = 1_000

/** `GET /sample.csv?rows=50000` */
export const sampleCsv: RequestHandler = (req, res) => {
  const rows = Math.min(Number(req.query['rows'] ?? 50_000) || 0, 1_000_000)
  res.attachment(`customers-${rows}.csv`).type('csv')
  Readable.from(sampleLines(rows)).pipe(res)
}

/** The header, then the rows in pieces of a thousand. */
export function* sampleLines(rows: number): Generator<string> {
  yield 'name,email,country,amount\n'
  for (let from = 1; from <= rows; from += CHUNK) {
    let piece = ''
    for (let row = from; row < from + CHUNK && row <= rows; row++) piece += `${lineOf(row)}\n`
    yield piece
  }
}

function lineOf(row: number): string {
  const name = NAMES[row % NAMES.length]
  const country = COUNTRIES[(row * 5) % COUNTRIES.length]
  if (row % 2_500 === 1_250) return `${name},not an address,${country},${row}.00`
  return `${name},customer-${row}@example.com,${country},${(row * 37) % 1_000}.${10 + (row % 90)}`
}
