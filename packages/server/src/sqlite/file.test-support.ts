// Databases for tests: in memory, or in a file that is gone afterwards.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { onTestFinished } from 'vitest'
import { requireHandle, type SqliteHandle } from './handle'

/** A connection as libsql gives it. */
export type Connection = InstanceType<typeof Database>

/** A new file in a folder of its own, which is gone after the test, with the connections to it. */
export function newFile(): { readonly path: string; connect(): Connection } {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-'))
  const connections: Connection[] = []
  onTestFinished(() => {
    for (const connection of connections) connection.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const path = join(folder, 'progress.db')
  return {
    path,
    connect() {
      const connection = new Database(path)
      connections.push(connection)
      return connection
    },
  }
}

/** A database in memory. */
export function inMemory(): Connection {
  return new Database(':memory:')
}

/** A handle that rewrites what is prepared: a bug planted where SQL is written. */
export function rewriting(database: { prepare(sql: string): unknown }, rewrite: (sql: string) => string): SqliteHandle {
  const handle = requireHandle(database)
  return { prepare: (sql) => handle.prepare(rewrite(sql)) }
}
