// Somebody else who writes to the database, and takes their time.
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'libsql'

/** Holds the lock for so long. What writes meanwhile gets a real SQLITE_BUSY. */
export async function holdLock(path: string, ms: number): Promise<void> {
  const database = new Database(path, { timeout: 2_000 })
  try {
    database.exec('BEGIN IMMEDIATE')
    await pause(ms)
    database.exec('ROLLBACK')
  } finally {
    database.close()
  }
}
