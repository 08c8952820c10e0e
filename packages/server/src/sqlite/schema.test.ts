import { describe, expect, it } from 'vitest'
import { entry, LONG_MS } from '../conformance/bench'
import { inMemory, newFile } from './file.test-support'
import { requireHandle } from './handle'
import { MIGRATIONS } from './migrations'
import { openFile } from './schema'
import { sqlite } from './sqlite'

describe('the file', () => {
  it('is written ahead, and has a version', () => {
    const connection = newFile().connect()
    sqlite(connection)
    expect(connection.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    expect(connection.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: MIGRATIONS.length })
  })

  it('of a newer version is refused with what to do, and left as it is', () => {
    const connection = inMemory()
    sqlite(connection)
    connection.prepare('PRAGMA user_version = 9').run()
    expect(() => sqlite(connection)).toThrow(
      `This SQLite file has version 9, and this @progress/server knows ${MIGRATIONS.length}: update @progress/server here, or name another file`,
    )
    expect(connection.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 9 })
  })

  it('of somebody else is refused with what to do, and left as it is', () => {
    const theirs = ['CREATE TABLE users (id)', 'PRAGMA user_version = 1', 'PRAGMA user_version = 7']
    for (const sql of theirs) {
      const connection = newFile().connect()
      connection.prepare(sql).run()
      expect(() => sqlite(connection)).toThrow(
        "This SQLite file belongs to something else: give progress a file of its own, as in sqlite(new Database('progress.db'))",
      )
      expect(connection.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'delete' })
    }
  })

  it('of an older version is brought up to date, with what it holds', async () => {
    const connection = inMemory()
    const backend = sqlite(connection)
    await backend.put(entry(), LONG_MS)
    const next = [...MIGRATIONS, ['ALTER TABLE sessions ADD COLUMN mood TEXT'], ["UPDATE sessions SET mood = 'good'"]]
    openFile(requireHandle(connection), next)
    expect(connection.prepare('SELECT id, mood FROM sessions').get()).toMatchObject({ id: '"s-1"', mood: 'good' })
    expect(connection.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: MIGRATIONS.length + 2 })
    expect(() => sqlite(connection)).toThrow('update @progress/server here')
  })

  it('stays as it was where a step fails', () => {
    const connection = inMemory()
    sqlite(connection)
    const broken = [...MIGRATIONS, ['CREATE TABLE half (a)', 'ALTER TABLE nobody ADD COLUMN a']]
    expect(() => openFile(requireHandle(connection), broken)).toThrow('nobody')
    expect(connection.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: MIGRATIONS.length })
    expect(connection.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE name = 'half'").get()).toMatchObject({
      count: 0,
    })
  })

  it('that is no database rejects each call, and keeps no app from starting', async () => {
    const file = newFile()
    const { writeFileSync } = await import('node:fs')
    writeFileSync(file.path, 'this is a letter to my mother, not a database. '.repeat(100))
    const backend = sqlite(file.connect())
    await expect(backend.get(['a'])).rejects.toThrow('not a database')
    await expect(backend.put(entry(), LONG_MS)).rejects.toThrow('not a database')
    await backend.close()
  })
})
