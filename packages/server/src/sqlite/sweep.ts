// Deletes what has run out, a few rows at a time: a walk over the tables that begins anew when it has come to the end.
import { rowOf, type SqliteHandle, type SqliteStatement } from './handle'
import { ALIVE } from './states'

/** Rows that one step looks at, of each table. */
const STEP = 250
/** Lines that came before their session wait this long for it. */
const STRAY_LINES_MS = 60 * 60_000
/** Messages are read within milliseconds; who has not for this long has been told that it missed some. */
const OLD_MESSAGES_MS = 60_000

/** Walks over the tables. To be called in a transaction. */
export class Sweep {
  readonly #walks: readonly Walk[]
  readonly #clear: readonly SqliteStatement[]

  constructor(handle: SqliteHandle) {
    const strays = 'written_at <= ? AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.id = lines.session)'
    this.#walks = [
      new Walk(handle, 'sessions', `NOT ${ALIVE}`, (now) => [now, now]),
      new Walk(handle, 'lines', strays, (now) => [now - STRAY_LINES_MS]),
      new Walk(handle, 'messages', 'told_at <= ?', (now) => [now - OLD_MESSAGES_MS]),
    ]
    this.#clear = [
      handle.prepare(
        `DELETE FROM counters WHERE name IN (SELECT name FROM counters WHERE lasts_until <= ? LIMIT ${STEP})`,
      ),
      handle.prepare('DELETE FROM nodes WHERE max(lives_until, kept_until) <= ?'),
      handle.prepare('DELETE FROM ears WHERE until <= ?'),
    ]
  }

  /** One step. */
  step(now: number): void {
    for (const walk of this.#walks) walk.step(now)
    for (const statement of this.#clear) statement.run(now)
  }
}

class Walk {
  readonly #window: SqliteStatement
  readonly #delete: SqliteStatement
  readonly #values: (now: number) => number[]
  #at = 0

  constructor(handle: SqliteHandle, table: string, condition: string, values: (now: number) => number[]) {
    this.#window = handle.prepare(
      `SELECT max(number) AS last FROM (SELECT number FROM ${table} WHERE number > ? ORDER BY number LIMIT ${STEP})`,
    )
    this.#delete = handle.prepare(`DELETE FROM ${table} WHERE number > ? AND number <= ? AND ${condition}`)
    this.#values = values
  }

  step(now: number): void {
    const last = Number(rowOf(this.#window, this.#at)?.['last'] ?? 0) // 0: there is none after it
    if (last > 0) this.#delete.run(this.#at, last, ...this.#values(now))
    this.#at = last
  }
}
