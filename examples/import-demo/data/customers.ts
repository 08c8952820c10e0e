// The app's own database. An import's rows count when it is finished; before that, they can be taken back.
import Database from 'libsql'

/** A row that was found to be good. */
export interface Customer {
  readonly line: number
  readonly name: string
  readonly email: string
  readonly country: string
  readonly amount: number
}

/** An import that has begun and not ended. */
export interface OpenImport {
  readonly id: string
  readonly owner: number
  readonly filename: string
  readonly isSaved: boolean
}

/** What came of an import. */
export interface Summary {
  readonly inserted: number
  readonly countries: Record<string, number>
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS imports (
    id TEXT PRIMARY KEY, owner INTEGER NOT NULL, filename TEXT NOT NULL, state TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS customers (
    import TEXT NOT NULL, line INTEGER NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, country TEXT NOT NULL,
    amount REAL NOT NULL, PRIMARY KEY (import, line)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS customers_by_country ON customers (import, country);`

/** Customers, and the imports that they came by. Every method throws SQLite's error where the file is locked. */
export class Customers {
  readonly path: string
  readonly #db: Database.Database
  readonly #insert: Database.Statement

  constructor(path: string) {
    this.path = path
    // The calls are synchronous: who waited for a lock would stop the whole server meanwhile.
    this.#db = new Database(path, { timeout: 50 })
    this.#db.exec(SCHEMA)
    this.#insert = this.#db.prepare('INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?)')
  }

  /** An import begins. One of this id that was there before is taken back. */
  begin(id: string, owner: number, filename: string): void {
    this.takeBack(id)
    this.#write(() => this.#db.prepare("INSERT INTO imports VALUES (?, ?, ?, 'uploading')").run(id, owner, filename))
  }

  /** Its file is on the disk: from here on it can be done again. */
  saved(id: string): void {
    this.#write(() => this.#db.prepare("UPDATE imports SET state = 'saved' WHERE id = ?").run(id))
  }

  /** Some of its rows, all or none. */
  insert(id: string, batch: readonly Customer[]): void {
    this.#write(() => {
      for (const { line, name, email, country, amount } of batch)
        this.#insert.run(id, line, name, email, country, amount)
    })
  }

  /** Its rows count from now on. */
  finish(id: string): Summary {
    this.#write(() => {
      this.#db.exec('ANALYZE customers')
      this.#db.prepare("UPDATE imports SET state = 'done' WHERE id = ?").run(id)
    })
    const sql = 'SELECT country, count(*) AS n FROM customers WHERE import = ? GROUP BY country ORDER BY n DESC'
    const countries = this.#db.prepare(sql).all(id) as { country: string; n: number }[]
    return {
      inserted: countries.reduce((sum, { n }) => sum + n, 0),
      countries: Object.fromEntries(countries.slice(0, 5).map(({ country, n }) => [country, n])),
    }
  }

  /** Nothing of it is left. */
  takeBack(id: string): void {
    this.#write(() => {
      this.#db.prepare('DELETE FROM customers WHERE import = ?').run(id)
      this.#db.prepare('DELETE FROM imports WHERE id = ?').run(id)
    })
  }

  /** Those that have not ended: of this process, or of one that was killed. */
  open(): readonly OpenImport[] {
    const rows = this.#db.prepare("SELECT id, owner, filename, state FROM imports WHERE state <> 'done'").all()
    return (rows as { id: string; owner: number; filename: string; state: string }[]).map(
      ({ id, owner, filename, state }) => ({ id, owner, filename, isSaved: state === 'saved' }),
    )
  }

  /** Rows of all finished imports. */
  count(): number {
    const sql = "SELECT count(*) AS n FROM customers JOIN imports ON imports.id = import WHERE state = 'done'"
    return (this.#db.prepare(sql).get() as { n: number }).n
  }

  /** A copy of the whole file, as it is at this moment. */
  copyTo(path: string): void {
    this.#db.prepare('VACUUM INTO ?').run(path)
  }

  close(): void {
    this.#db.close()
  }

  /**
   * The lock is taken before anything is written, so that only `BEGIN` can find it taken: in libsql 0.5 a prepared statement
   * that failed with SQLITE_BUSY stays open, and keeps all that is written after it from being committed.
   */
  #write(change: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      change()
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }
}
