// The open database that is handed in: the few members that are used, so that libsql, better-sqlite3 and node:sqlite fit by
// their shape.

/** A prepared statement. Rows are read by the names of their columns: some libraries add fields of their own. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): unknown
  all(...values: SqliteValue[]): unknown[]
}

/** What is bound to a statement. */
export type SqliteValue = string | number

/** A database that answers at once, not by promise. */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement
}

/** A row, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>

/** The code of SQLite for a lock that another connection holds; what stands above the lowest byte says more of why. */
const BUSY = 5

const WHAT_TO_WRITE = "write sqlite(new Database('progress.db')), with the Database of libsql or better-sqlite3"

/**
 * The handle, or a `TypeError` that says what to write. Each text is prepared once: libsql ends what a busy file has stopped
 * only when the same statement is run again, and until then the connection counts as at work.
 */
export function requireHandle(database: { prepare(sql: string): unknown }): SqliteHandle {
  if (typeof database !== 'object' || database === null || typeof database.prepare !== 'function') {
    throw new TypeError(`sqlite() takes an open database, not ${describe(database)}: ${WHAT_TO_WRITE}`)
  }
  const prepared = new Map<string, SqliteStatement>()
  return {
    prepare(sql) {
      const before = prepared.get(sql)
      if (before) return before
      const statement = database.prepare(sql)
      if (isStatement(statement)) {
        prepared.set(sql, statement)
        return statement
      }
      throw new TypeError(`sqlite() takes a database whose statements answer at once (run, all): ${WHAT_TO_WRITE}`)
    },
  }
}

/** All rows that a statement gives. */
export function rowsOf(statement: SqliteStatement, ...values: SqliteValue[]): readonly Row[] {
  return statement.all(...values).filter(isRow)
}

/** The row that a statement gives. Not by `get`: where that leaves a statement half read, the file cannot be tidied up. */
export function rowOf(statement: SqliteStatement, ...values: SqliteValue[]): Row | undefined {
  return rowsOf(statement, ...values)[0]
}

/** Did it fail because another connection is writing? Then it may work in a moment. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_BUSY')) return true
  return 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === BUSY
}

/**
 * A name or an owner as it is stored: some libraries cut text at a NUL, and UTF-8 has no lone halves of a character. JSON
 * escapes both.
 */
export function nameOf(text: string | null): string {
  return JSON.stringify(text)
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null
}

function isStatement(value: unknown): value is SqliteStatement {
  if (typeof value !== 'object' || value === null) return false
  return ['run', 'all'].every((name) => typeof (value as Row)[name] === 'function')
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return typeof value === 'object' ? 'an object without prepare()' : `a ${typeof value}`
}
