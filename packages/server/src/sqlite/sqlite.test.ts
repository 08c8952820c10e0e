import { LIMITS } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { entry, epoch, LONG_MS, lines } from '../conformance/bench'
import type { Signal } from '../observe/signals'
import { ProgressTracker } from '../progressTracker'
import { inMemory, newFile } from './file.test-support'
import { sqlite } from './sqlite'

const HOUR_MS = 60 * 60_000

describe('sqlite()', () => {
  it('says what to write where it is given no open database', () => {
    for (const [given, word] of [
      [undefined, 'undefined'],
      [null, 'null'],
      ['progress.db', 'a string'],
      [{}, 'an object without prepare()'],
    ] as const) {
      expect(() => sqlite(given as never)).toThrow(
        new TypeError(
          `sqlite() takes an open database, not ${word}: write sqlite(new Database('progress.db')), with the Database of libsql or better-sqlite3`,
        ),
      )
    }
    expect(() => sqlite({ prepare: () => Promise.resolve({}) })).toThrow(/statements answer at once \(run, all\)/)
    expect(() => sqlite(inMemory(), { endKeepMs: Number.NaN })).toThrow(/endKeepMs is a number of milliseconds/)
  })

  it('keeps ends for 24 hours, or as long as it is told', async () => {
    for (const [options, keptMs] of [
      [{}, 24 * HOUR_MS],
      [{ endKeepMs: HOUR_MS }, HOUR_MS],
    ] as const) {
      const clock = new ManualClock()
      const backend = sqlite(inMemory(), { clock, ...options })
      const tracker = new ProgressTracker({ backend, clock })
      const id = tracker.createSession()
      tracker.completeSession(id)
      await tracker.flush()
      clock.jump(keptMs - 1_000)
      expect((await backend.get([id]))[0]?.snapshot.status).toBe('completed')
      clock.jump(2_000)
      expect(await backend.get([id])).toEqual([null])
      await tracker.close()
      await backend.close()
    }
  })

  it('leaves the database open that was handed in, and answers no more', async () => {
    const database = inMemory()
    const backend = sqlite(database)
    const written = backend.put(entry(), LONG_MS)
    await backend.close()
    expect(await written).toBe(true)
    await expect(backend.get(['s-1'])).rejects.toThrow('This backend was closed')
    expect(database.prepare('SELECT count(*) AS count FROM sessions').get()).toMatchObject({ count: 1 })
    expect(database.prepare('SELECT count(*) AS count FROM ears').get()).toMatchObject({ count: 0 })
  })

  it('leaves no timer behind', async () => {
    const clock = new ManualClock()
    const backend = sqlite(inMemory(), { clock })
    const stop = await backend.listen(
      () => {},
      () => {},
    )
    expect(clock.pending).toBe(1)
    stop()
    expect(clock.pending).toBe(0)
    await backend.listen(
      () => {},
      () => {},
    )
    await backend.close()
    expect(clock.pending).toBe(0)
  })

  it('has what was written by an earlier process', async () => {
    const file = newFile()
    const before = sqlite(file.connect())
    await before.put(entry({ isEnded: true }), LONG_MS)
    await before.appendLog('s-1', epoch(0), lines(0, 3), 'node-1')
    const after = sqlite(file.connect())
    expect(await after.get(['s-1'])).toEqual([{ ...entry({ isEnded: true }), hasLog: true }])
    expect((await after.readLog('s-1', epoch(0), -1)).lines).toEqual(lines(0, 3))
  })

  it('keeps lines that come before their session, also after an outage', async () => {
    const backend = sqlite(inMemory())
    await backend.appendLog('s-1', epoch(0), lines(0, 2), 'node-1')
    await backend.put(entry(), LONG_MS)
    expect((await backend.readLog('s-1', epoch(0), -1)).lines).toEqual(lines(0, 2))
    await backend.appendLog('s-2', epoch(0), lines(0, 2), 'node-1')
    await backend.put(entry({ id: 's-2', life: 1 }), LONG_MS)
    expect((await backend.readLog('s-2', epoch(0), -1)).lines).toEqual([])
  })
})

describe('a damaged file', () => {
  it('rejects for a damaged state, lists the others, and takes the next state', async () => {
    const database = inMemory()
    const backend = sqlite(database)
    const damages = [
      "snapshot = '{'",
      "snapshot = 'null'",
      "snapshot = '{}'",
      "snapshot = json_set(snapshot, '$.revision', 99)",
      "node = '{'",
    ]
    for (const damage of damages) {
      await backend.put(entry({ id: 'whole', isEnded: true }), LONG_MS)
      await backend.put(entry({ id: 'damaged' }), LONG_MS)
      database.prepare(`UPDATE sessions SET ${damage} WHERE id = '"damaged"'`).run()
      await expect(backend.get(['damaged']), damage).rejects.toThrow('The stored state of session "damaged" is damaged')
      expect(await backend.listByOwner('ada')).toEqual([entry({ id: 'whole', isEnded: true })])
      expect(await backend.listActiveByNode('node-1')).toEqual([])
      expect(await backend.put(entry({ id: 'damaged', revision: 2 }), LONG_MS)).toBe(true)
      expect(await backend.get(['damaged'])).toEqual([{ ...entry({ id: 'damaged', revision: 2 }), hasLog: false }])
      database.prepare('DELETE FROM sessions').run()
    }
  })

  it('25: tells the signals, and the job goes on', async () => {
    const database = inMemory()
    const signals: Signal[] = []
    const clock = new ManualClock()
    const tracker = new ProgressTracker({
      backend: sqlite(database, { clock }),
      clock,
      onSignal: (signal) => signals.push(signal),
    })
    const job = tracker.run('backup', { owner: 'ada' }, async (task) => {
      task.update({ progress: 10 })
      await tracker.flush()
      database.prepare('ALTER TABLE sessions RENAME TO gone').run()
      task.update({ progress: 20 })
      await clock.advance(1_000)
      return 'done'
    })
    expect(await job).toBe('done')
    expect(signals.map(({ name }) => name)).toContain('store-failed')
    database.prepare('ALTER TABLE gone RENAME TO sessions').run()
    const flushed = tracker.flush()
    await clock.advance(5_000)
    await flushed
    expect(database.prepare('SELECT active FROM sessions').get()).toMatchObject({ active: 0 })
    await tracker.close()
  })

  it('34: a full disk keeps no job from going on, and is written to again when there is room', async () => {
    const database = newFile().connect()
    const clock = new ManualClock()
    const signals: Signal[] = []
    const backend = sqlite(database, { clock })
    const tracker = new ProgressTracker({ backend, clock, onSignal: (signal) => signals.push(signal) })
    const roomFor = (pages: number) => database.prepare(`PRAGMA max_page_count = ${pages}`).all()
    roomFor(1) // no more than it has
    const jobs = Array.from({ length: 200 }, (_, index) =>
      tracker.run('backup', { owner: 'ada', metadata: { text: 'x'.repeat(200) } }, () => index),
    )
    expect(await Promise.all(jobs)).toEqual(jobs.map((_, index) => index))
    await expect.poll(() => signals.map(({ name }) => name)).toContain('store-failed')
    expect((await backend.listByOwner('ada')).length).toBeLessThan(200)
    roomFor(1_000_000)
    const flushed = tracker.flush()
    await clock.advance(10_000)
    await flushed
    expect(await backend.listByOwner('ada')).toHaveLength(200)
    await tracker.close()
  })

  it('22: a file that cannot be opened yet rejects calls, and works as soon as it can', async () => {
    const file = newFile()
    const other = file.connect()
    other.prepare('CREATE TABLE of_somebody (a)').run()
    other.prepare('BEGIN EXCLUSIVE').run()
    const backend = sqlite(file.connect())
    await expect(backend.put(entry(), LONG_MS)).rejects.toThrow('locked')
    other.prepare('DROP TABLE of_somebody').run()
    other.prepare('COMMIT').run()
    expect(await backend.put(entry(), LONG_MS)).toBe(true)
  })
})

describe('what grows', () => {
  it('deletes what has run out, a few rows at a time', async () => {
    const clock = new ManualClock()
    const database = inMemory()
    const backend = sqlite(database, { clock })
    const count = (table: string) =>
      database.prepare(`SELECT count(*) AS count FROM ${table}`).get() as { count: number }
    const stored = Array.from({ length: 1_000 }, async (_, index) => {
      const id = `s-${index}`
      await backend.put(entry({ id, isEnded: index % 2 === 0 }), index === 500 ? HOUR_MS * 30 : HOUR_MS)
      await backend.appendLog(id, epoch(0), lines(0, 2), 'node-1')
      await backend.count(`call ${index}`, HOUR_MS)
      await backend.claim(`claim ${index}`, HOUR_MS)
    })
    await Promise.all(stored)
    await backend.appendLog('stray', epoch(0), lines(0, 2), 'node-1')
    await backend.heartbeat('node-1', HOUR_MS, HOUR_MS)
    await clock.advance(HOUR_MS)
    expect(count('sessions')).toMatchObject({ count: 1_000 })

    let before = 1_000
    for (let step = 0; step < 12; step++) {
      await clock.advance(1_000)
      await backend.heartbeat('node-2', HOUR_MS, HOUR_MS)
      await backend.get([])
      const { count: left } = count('sessions')
      expect(before - left).toBeLessThanOrEqual(250)
      before = left
    }
    expect(count('sessions')).toMatchObject({ count: 1 })
    expect(count('lines')).toMatchObject({ count: 2 })
    expect(count('counters')).toMatchObject({ count: 0 })
    expect(count('nodes')).toMatchObject({ count: 1 })
  })

  it('holds as many lines of a session as the limit says', async () => {
    const database = inMemory()
    const backend = sqlite(database)
    await backend.put(entry(), LONG_MS)
    for (let from = 0; from < 1_000; from += 50) await backend.appendLog('s-1', epoch(0), lines(from, 50), 'node-1')
    expect(database.prepare('SELECT count(*) AS count FROM lines').get()).toMatchObject({ count: LIMITS.logLines })
  })
})
