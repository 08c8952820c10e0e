import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { entry, LONG_MS } from '../conformance/bench'
import { type Connection, inMemory, newFile, rewriting } from './file.test-support'
import { requireHandle } from './handle'
import { sqlite } from './sqlite'
import { Writer } from './writer'

function open(connection: Connection = inMemory(), clock = new ManualClock()) {
  connection.prepare('CREATE TABLE IF NOT EXISTS words (word TEXT UNIQUE)').run()
  const writer = new Writer(requireHandle(connection), clock)
  const add = (word: string) => writer.write(() => connection.prepare('INSERT INTO words VALUES (?)').run(word))
  const words = () => (connection.prepare('SELECT word FROM words').all() as { word: string }[]).map(({ word }) => word)
  return { writer, add, words, clock }
}

describe('Writer', () => {
  it('writes what one turn asks for in one transaction, at most a hundred', async () => {
    const { writer } = open()
    const transactions = await Promise.all(
      Array.from({ length: 250 }, () => writer.write((transaction) => transaction)),
    )
    expect([1, 2, 3].map((number) => transactions.filter((one) => one === number).length)).toEqual([100, 100, 50])
  })

  it('lets one that fails keep nothing from the others, and leaves nothing of it', async () => {
    const connection = inMemory()
    const { writer, add, words } = open(connection)
    const half = writer.write(() => {
      connection.prepare("INSERT INTO words VALUES ('half')").run()
      throw new Error('no')
    })
    const both = [add('a'), add('a'), half, add('b')]
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ])
    expect(words()).toEqual(['a', 'b'])
  })

  it('undoes the first statement of a write whose second one fails', async () => {
    const connection = inMemory()
    const { writer, words } = open(connection)
    const written = writer.write(() => {
      connection.prepare("INSERT INTO words VALUES ('a')").run()
      connection.prepare("INSERT INTO words VALUES ('a')").run()
    })
    await expect(written).rejects.toThrow('UNIQUE')
    expect(words()).toEqual([])
  })

  it('twin: without a transaction, half of it stays', async () => {
    const connection = inMemory()
    const { words } = open(connection)
    const bare = rewriting(connection, (sql) => (/^(BEGIN|COMMIT|ROLLBACK)/.test(sql) ? 'SELECT 1' : sql))
    const written = new Writer(bare, new ManualClock()).write(() => {
      connection.prepare("INSERT INTO words VALUES ('a')").run()
      connection.prepare("INSERT INTO words VALUES ('a')").run()
    })
    await expect(written).rejects.toThrow('UNIQUE')
    expect(words()).toEqual(['a'])
  })

  it('waits for another connection that is writing, outside of SQLite', async () => {
    const file = newFile()
    const other = file.connect()
    const { add, words, clock } = open(file.connect())
    other.prepare('BEGIN IMMEDIATE').run()
    const added = Promise.all([add('a'), add('b')])
    await expect.poll(() => clock.pending).toBe(1)
    await clock.advance(500)
    other.prepare('ROLLBACK').run()
    await clock.advance(20)
    await added
    expect(words()).toEqual(['a', 'b'])
  })

  it('gives up on one that never ends, and says why', async () => {
    const file = newFile()
    const other = file.connect()
    const { add, clock, words } = open(file.connect())
    other.prepare('BEGIN IMMEDIATE').run()
    const added = add('a').catch((error: Error) => error.message)
    await expect.poll(() => clock.pending).toBe(1)
    for (let tries = 0; tries < 110; tries++) await clock.advance(10)
    expect(await added).toBe('database is locked')
    other.prepare('ROLLBACK').run()
    await add('b')
    expect(words()).toEqual(['b'])
  })

  it('leaves a transaction alone that somebody else has begun on its connection', async () => {
    const connection = inMemory()
    const backend = sqlite(connection)
    connection.prepare('BEGIN').run()
    await expect(backend.put(entry(), LONG_MS)).rejects.toThrow('within a transaction')
    connection.prepare('COMMIT').run()
    expect(await backend.put(entry(), LONG_MS)).toBe(true)
  })
})
