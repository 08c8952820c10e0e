import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { backendContract } from '../conformance'
import { inMemory, newFile, rewriting } from './file.test-support'
import { sqlite } from './sqlite'

/** The contract over a database in memory, on a clock moved by hand. */
function contractOf(rewrite: (sql: string) => string = (sql) => sql) {
  const clock = new ManualClock()
  return backendContract(() => sqlite(rewriting(inMemory(), rewrite), { clock }), { clock })
}

/** The contract over two connections to one file, as two processes have it. */
function contractOfTwo(rewrite: (sql: string) => string = (sql) => sql) {
  const clock = new ManualClock()
  let file: ReturnType<typeof newFile>
  const make = () => {
    file = newFile()
    return sqlite(rewriting(file.connect(), rewrite), { clock })
  }
  return backendContract(make, { clock, peer: () => sqlite(rewriting(file.connect(), rewrite), { clock }) })
}

/** The first sentence that does not hold. */
async function broken(facts: ReturnType<typeof backendContract>): Promise<string | undefined> {
  for (const { run } of facts) {
    const sentence = await run().catch((error: Error) => error.message)
    if (sentence !== undefined) return sentence
  }
  return undefined
}

describe('sqlite in memory', () => {
  for (const { name, run } of contractOf()) it(name, run)
})

describe('sqlite over two connections to one file', () => {
  for (const { name, run } of contractOfTwo()) it(name, run)
})

describe('sqlite over a connection that gives integers as bigint', () => {
  const clock = new ManualClock()
  const make = () => sqlite(inMemory().defaultSafeIntegers(true), { clock })
  for (const { name, run } of backendContract(make, { clock })) it(name, run)
})

/** Bugs in what is asked of SQLite, by their name. */
const IN_SQL: Readonly<Record<string, (sql: string) => string>> = {
  'a state is written without a look at the stored one': (sql) =>
    sql.startsWith('SELECT number, epoch')
      ? `${sql} AND 0`
      : sql.replace('INSERT INTO sessions', 'INSERT OR REPLACE INTO sessions'),
  'nothing is committed': (sql) => (sql === 'COMMIT' ? 'ROLLBACK' : sql),
  'what has run out is still read': (sql) => sql.replace('expires_at > ?', 'coalesce(?, 1)'),
  'a heartbeat keeps nothing on': (sql) => sql.replace('nodes.kept_until > ?', 'nodes.kept_until < -?'),
  'an end is kept on by its process': (sql) => sql.replace('active = 1 AND EXISTS', 'EXISTS'),
  'the old epoch keeps its lines': (sql) => sql.replace('AND epoch = ?', 'AND coalesce(?, 1)'),
  'lines are never trimmed': (sql) => sql.replace('AND line <= ?', 'AND line < -?'),
  'a state denies its lines': (sql) => sql.replace('EXISTS (SELECT 1 FROM lines', 'NOT EXISTS (SELECT 1 FROM lines'),
  'a claim never runs out': (sql) =>
    sql
      .replace('AND lasts_until > ?', 'AND coalesce(?, 1)')
      .replace('WHERE lasts_until <= ?', 'WHERE lasts_until < -?'),
}

/** Bugs that show only where there is another process. */
const BETWEEN_PROCESSES: Readonly<Record<string, (sql: string) => string>> = {
  'nobody is written to': (sql) => sql.replace('FROM ears WHERE', 'FROM ears WHERE 0 AND'),
  'messages are read backwards': (sql) => sql.replace('number > ? ORDER BY number', 'number > ? ORDER BY -number'),
}

describe('backendContract over sqlite', () => {
  for (const [name, rewrite] of Object.entries(IN_SQL)) {
    it(`catches SQL by which ${name}`, async () => {
      expect(await broken(contractOf(rewrite))).toBeDefined()
    })
  }

  for (const [name, rewrite] of Object.entries(BETWEEN_PROCESSES)) {
    it(`catches SQL by which ${name}`, async () => {
      expect(await broken(contractOfTwo(rewrite))).toBeDefined()
    })
  }
})
