// The kept log lines, a row each: numbered without a hole, and as many as the limit says.
import { LIMITS, type LogLine } from '@progress/protocol'
import type { StoredLog } from '../backend/contract'
import { nameOf, rowOf, rowsOf, type SqliteHandle, type SqliteStatement } from './handle'

/** Reads and writes lines. Nothing here waits, begins a transaction or tells anybody. */
export class Logs {
  readonly #last: SqliteStatement
  readonly #first: SqliteStatement
  readonly #insert: SqliteStatement
  readonly #clear: SqliteStatement
  readonly #trim: SqliteStatement
  readonly #read: SqliteStatement

  constructor(handle: SqliteHandle) {
    this.#last = handle.prepare('SELECT max(line) AS line FROM lines WHERE session = ? AND epoch = ?')
    this.#first = handle.prepare('SELECT min(line) AS line FROM lines WHERE session = ? AND epoch = ?')
    this.#insert = handle.prepare(
      'INSERT INTO lines (session, line, epoch, written_at, content) VALUES (?, ?, ?, ?, ?)',
    )
    this.#clear = handle.prepare('DELETE FROM lines WHERE session = ?')
    this.#trim = handle.prepare('DELETE FROM lines WHERE session = ? AND line <= ?')
    this.#read = handle.prepare('SELECT content FROM lines WHERE session = ? AND epoch = ? AND line > ? ORDER BY line')
  }

  /** Keeps what is not kept yet, and gives it back. To be called in a transaction. */
  append(sessionId: string, epoch: string, lines: readonly LogLine[], now: number): readonly LogLine[] {
    const session = nameOf(sessionId)
    const kept = lineOf(this.#last, session, epoch)
    const news = lines.filter(({ line }) => line > (kept ?? -1))
    const [first, last] = [news[0], news.at(-1)]
    if (!first || !last) return []
    if (first.line !== (kept ?? -1) + 1) this.#clear.run(session) // there is no hole among them, and one epoch
    for (const line of news) this.#insert.run(session, line.line, epoch, now, JSON.stringify(line))
    this.#trim.run(session, last.line - LIMITS.logLines)
    return news
  }

  /** The lines after one. Throws where one is damaged. */
  read(sessionId: string, epoch: string, after: number): StoredLog {
    const session = nameOf(sessionId)
    const first = lineOf(this.#first, session, epoch) ?? after + 1
    const lines = rowsOf(this.#read, session, epoch, after).map(({ content }) => JSON.parse(String(content)) as LogLine)
    return { lines, gap: Math.max(0, first - (after + 1)) }
  }
}

function lineOf(statement: SqliteStatement, session: string, epoch: string): number | undefined {
  const line = rowOf(statement, session, epoch)?.['line']
  return line === null || line === undefined ? undefined : Number(line)
}
