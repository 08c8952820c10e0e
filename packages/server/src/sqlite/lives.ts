// Which processes live, and what is counted for a while.
import { nameOf, rowOf, type SqliteHandle, type SqliteStatement } from './handle'

/** Reads and writes heartbeats and counters. Nothing here waits or begins a transaction. */
export class Lives {
  readonly #beat: SqliteStatement
  readonly #lastWord: SqliteStatement
  readonly #counted: SqliteStatement
  readonly #begin: SqliteStatement
  readonly #add: SqliteStatement

  constructor(handle: SqliteHandle) {
    this.#beat = handle.prepare(
      'INSERT OR REPLACE INTO nodes (node, spoke_at, lives_until, kept_until) VALUES (?, ?, ?, ?)',
    )
    this.#lastWord = handle.prepare('SELECT spoke_at FROM nodes WHERE node = ? AND lives_until > ?')
    this.#counted = handle.prepare('SELECT count FROM counters WHERE name = ? AND lasts_until > ?')
    this.#begin = handle.prepare('INSERT OR REPLACE INTO counters (name, count, lasts_until) VALUES (?, 1, ?)')
    this.#add = handle.prepare('UPDATE counters SET count = count + 1 WHERE name = ?')
  }

  /** A process has spoken. To be called in a transaction. */
  beat(node: string, now: number, livesUntil: number, keptUntil: number): void {
    this.#beat.run(nameOf(node), now, livesUntil, keptUntil)
  }

  /** How long a process has been silent; `null` where its time has run out, or it never spoke. */
  silence(node: string, now: number): number | null {
    const row = rowOf(this.#lastWord, nameOf(node), now)
    return row ? Math.max(0, now - Number(row['spoke_at'])) : null
  }

  /** Adds one, and gives the sum. To be called in a transaction. */
  count(name: string, now: number, lastsUntil: number): number {
    const key = nameOf(name)
    const row = rowOf(this.#counted, key, now)
    if (row) this.#add.run(key)
    else this.#begin.run(key, lastsUntil)
    return Number(row?.['count'] ?? 0) + 1
  }
}
