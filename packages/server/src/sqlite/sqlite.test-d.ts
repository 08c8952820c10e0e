import type Libsql from 'libsql'
import { describe, expectTypeOf, it } from 'vitest'
import type { Backend } from '../backend/contract'
import { sqlite } from './index'

/** As `@types/better-sqlite3` 7 has it, in its essentials. */
interface BetterSqlite3 {
  prepare<Bound extends unknown[] = unknown[], Result = unknown>(
    source: string,
  ): {
    run(...values: Bound): { changes: number }
    get(...values: Bound): Result | undefined
    all(...values: Bound): Result[]
  }
}

/** As `@types/node` 22 has `node:sqlite`, in its essentials. */
interface DatabaseSync {
  prepare(sql: string): {
    run(...values: (null | number | bigint | string | Uint8Array)[]): { changes: number | bigint }
    get(...values: (null | number | bigint | string | Uint8Array)[]): Record<string, unknown> | undefined
    all(...values: (null | number | bigint | string | Uint8Array)[]): Record<string, unknown>[]
  }
}

declare const libsql: InstanceType<typeof Libsql>
declare const betterSqlite3: BetterSqlite3
declare const databaseSync: DatabaseSync

describe('sqlite', () => {
  it('takes the databases of three libraries as they are', () => {
    expectTypeOf(sqlite(libsql)).toEqualTypeOf<Backend>()
    expectTypeOf(sqlite(betterSqlite3)).toEqualTypeOf<Backend>()
    expectTypeOf(sqlite(databaseSync, { endKeepMs: 60_000 })).toEqualTypeOf<Backend>()
  })

  it('takes no path and no options of somebody else', () => {
    // @ts-expect-error an open database, not the name of a file
    sqlite('progress.db')
    // @ts-expect-error there is no such option
    sqlite(libsql, { prefix: 'a' })
  })
})
