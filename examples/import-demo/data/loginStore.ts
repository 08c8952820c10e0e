// Login sessions in a SQLite file of their own: who was logged in is still so after a restart.
import { type SessionData, Store } from 'express-session'
import Database from 'libsql'

type Done = (error?: unknown) => void

const DAY_MS = 24 * 60 * 60 * 1_000

/** A store for express-session. */
export class LoginStore extends Store {
  readonly #db: Database.Database

  constructor(path: string) {
    super()
    this.#db = new Database(path)
    this.#db.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS logins (id TEXT PRIMARY KEY, data TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT`)
    this.#db.prepare('DELETE FROM logins WHERE expires_at < ?').run(Date.now())
  }

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    let session: SessionData | null = null
    try {
      const row = this.#db.prepare('SELECT data FROM logins WHERE id = ? AND expires_at > ?').get(id, Date.now())
      if (row) session = JSON.parse((row as { data: string }).data) as SessionData
    } catch (error) {
      done(error)
      return
    }
    done(null, session)
  }

  override set(id: string, session: SessionData, done?: Done): void {
    const expiresAt = session.cookie.expires ? new Date(session.cookie.expires).getTime() : Date.now() + DAY_MS
    const sql = 'INSERT OR REPLACE INTO logins VALUES (?, ?, ?)'
    this.#run(done, () => this.#db.prepare(sql).run(id, JSON.stringify(session), expiresAt))
  }

  override destroy(id: string, done?: Done): void {
    this.#run(done, () => this.#db.prepare('DELETE FROM logins WHERE id = ?').run(id))
  }

  #run(done: Done | undefined, change: () => unknown): void {
    try {
      change()
    } catch (error) {
      done?.(error)
      return
    }
    done?.()
  }
}
