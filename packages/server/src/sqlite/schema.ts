// Makes a file ours, or brings it up to date. What is not ours, or is newer than this code, is left as it is and refused.
import { type Row, rowOf, type SqliteHandle } from './handle'
import { MIGRATIONS } from './migrations'

/** `Prog` in ASCII: how a file of ours is known. */
const APPLICATION_ID = 0x50726f67
/** A lock is waited for inside SQLite, where nothing else runs: no longer than this. The rest is waited for outside. */
const BUSY_TIMEOUT_MS = 5

/**
 * Whoever has filled the log brings it into the file, within his own turn, and waits for the disk. A long log makes that turn
 * long, a short one makes such turns many.
 */
const CHECKPOINT_PAGES = 500

/** The file cannot be used by this process: somebody has to decide something. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError'
}

/**
 * Sets the connection up, and the tables where they are missing. Throws an `UnusableFileError` where the file is somebody
 * else's or newer than this code, and what SQLite throws where the file is locked or damaged.
 */
export function openFile(handle: SqliteHandle, migrations: readonly (readonly string[])[] = MIGRATIONS): void {
  // Some libraries want `all` for a pragma that answers, and `run` for one that does not.
  handle.prepare(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`).all()
  const version = versionOf(handle, migrations.length)
  handle.prepare('PRAGMA journal_mode = WAL').all()
  // The system holds what is committed: the end of a process loses nothing. A power cut may lose the last moments.
  handle.prepare('PRAGMA synchronous = NORMAL').run()
  handle.prepare(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`).all()
  if (version < migrations.length) migrate(handle, migrations)
}

function migrate(handle: SqliteHandle, migrations: readonly (readonly string[])[]): void {
  handle.prepare('BEGIN IMMEDIATE').run()
  try {
    const version = versionOf(handle, migrations.length) // another process may have been first
    for (const sql of migrations.slice(version).flat()) handle.prepare(sql).run()
    handle.prepare(`PRAGMA application_id = ${APPLICATION_ID}`).run()
    handle.prepare(`PRAGMA user_version = ${migrations.length}`).run()
    handle.prepare('COMMIT').run()
  } catch (cause) {
    handle.prepare('ROLLBACK').run()
    throw cause
  }
}

/** How many migrations the file has seen. */
function versionOf(handle: SqliteHandle, known: number): number {
  const version = numberOf(handle, 'PRAGMA user_version', 'user_version')
  const isOurs = numberOf(handle, 'PRAGMA application_id', 'application_id') === APPLICATION_ID
  if (!isOurs && (version > 0 || numberOf(handle, 'SELECT count(*) AS tables FROM sqlite_schema', 'tables') > 0)) {
    throw new UnusableFileError(
      "This SQLite file belongs to something else: give progress a file of its own, as in sqlite(new Database('progress.db'))",
    )
  }
  if (version > known) {
    throw new UnusableFileError(
      `This SQLite file has version ${version}, and this @progress/server knows ${known}: update @progress/server here, or name another file`,
    )
  }
  return version
}

function numberOf(handle: SqliteHandle, sql: string, column: string): number {
  const row: Row | undefined = rowOf(handle.prepare(sql))
  return Number(row?.[column] ?? 0)
}
