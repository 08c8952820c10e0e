import { LIMITS } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { ProgressTracker } from './progressTracker'
import { parseState, recorded } from './recorder.test-support'

const MINUTE = 60_000
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('createSession', () => {
  // S0-13, S0-16, S0-17, S0-18, S0-19, S0-39
  it('makes an active session at 0 under a random UUID', () => {
    const { tracker, clock } = recorded()
    const ids = Array.from({ length: 100 }, () => tracker.createSession({ operation: 'csv-import', rows: 5 }))
    expect(new Set(ids).size).toBe(100)
    for (const id of ids) expect(id).toMatch(UUID)
    const [id = ''] = ids
    const session = tracker.getSession(id)
    expect(session).toMatchObject({
      id,
      sessionId: id,
      progress: 0,
      status: 'active',
      operation: 'csv-import',
      metadata: { operation: 'csv-import', rows: 5 },
      createdAt: clock.now(),
      lastUpdate: clock.now(),
      cancellable: false,
    })
    expect(Object.isFrozen(session)).toBe(true)
    parseState(session)
  })

  // S0-20
  it('bounds the metadata', () => {
    const { tracker } = recorded()
    const id = tracker.createSession({ ['k'.repeat(51)]: 1, text: 'x'.repeat(300) })
    expect(tracker.getSession(id)).toMatchObject({ metadata: { text: 'x'.repeat(200) }, truncated: true })
  })

  // S0-21
  it('emits nothing', async () => {
    const { tracker, clock, sent } = recorded()
    tracker.createSession()
    tracker.createSessionWithId('mine')
    await clock.advance(1_000)
    expect(sent).toEqual([])
  })

  // S0-22, S0-23
  it('takes an id of your own', () => {
    const { tracker } = recorded()
    expect(tracker.createSessionWithId('upload:7', { source: 'staging' })).toBe('upload:7')
    expect(tracker.getSession('upload:7')).toMatchObject({ id: 'upload:7', operation: 'work' })
  })

  // S0-24
  it('59: begins a new epoch for an id that is there already', () => {
    const { tracker } = recorded()
    tracker.createSessionWithId('one', { turn: 1 })
    tracker.updateProgress('one', 80)
    const first = tracker.getSession('one')
    tracker.createSessionWithId('one', { turn: 2 })
    const second = tracker.getSession('one')
    expect(second).toMatchObject({ progress: 0, metadata: { turn: 2 }, revision: 1 })
    expect((second?.epoch ?? '') > (first?.epoch ?? '')).toBe(true)
  })

  it('gives newer epochs newer names, however the clock is set', async () => {
    const { tracker, clock } = recorded()
    const epochs: string[] = []
    for (const jump of [0, 0, -3_600_000, 0, 3_600_000, 0]) {
      clock.jump(jump)
      tracker.createSessionWithId('one')
      epochs.push(tracker.getSession('one')?.epoch ?? '')
    }
    expect([...epochs].sort()).toEqual(epochs)
    expect(new Set(epochs).size).toBe(epochs.length)
  })

  // S0-77
  it("makes text of all metadata where 'strings' is asked for", () => {
    const { tracker } = recorded({ metadata: 'strings' })
    const id = tracker.createSession({ rows: 5, done: true, nothing: null, nested: { a: 1 } })
    tracker.updateProgress(id, 5, undefined, { rows: 6 })
    tracker.completeSession(id, undefined, { failed: 0 })
    expect(tracker.getSession(id)?.metadata).toEqual({
      rows: '6',
      done: 'true',
      nothing: 'null',
      nested: '[object Object]',
      failed: '0',
    })
  })
})

describe('updateProgress', () => {
  // S0-25, S0-26, S0-27, S0-28, S0-30
  it('tells the room of the session, with the state and its merged metadata', () => {
    const { tracker, sent, clock } = recorded()
    const id = tracker.createSession({ operation: 'csv-import', filename: 'a.csv' })
    expect(tracker.updateProgress(id, 150, 'Reading', { rows: 7 })).toBe(true)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ room: `progress-${id}`, event: 'progress-update' })
    expect(sent[0]?.payload).toMatchObject({
      sessionId: id,
      progress: 100,
      message: 'Reading',
      metadata: { operation: 'csv-import', filename: 'a.csv', rows: 7 },
      timestamp: clock.now(),
    })
    parseState(sent[0]?.payload)
  })

  // S0-14, S0-29, S0-80
  it('tells at most ten times a second, and the last value always', async () => {
    const { tracker, sent, clock } = recorded()
    const id = tracker.createSession()
    for (let row = 1; row <= 1_000; row++) {
      tracker.updateProgress(id, row / 10, `Row ${row}`)
      await clock.advance(1)
    }
    await clock.advance(LIMITS.throttleMs)
    expect(sent.length).toBeLessThanOrEqual(11)
    expect(sent.at(-1)?.payload).toMatchObject({ progress: 100, message: 'Row 1000' })
    const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(LIMITS.throttleMs)
  })

  it('shows a reader what is not told yet', () => {
    const { tracker, sent } = recorded()
    const id = tracker.createSession()
    tracker.updateProgress(id, 10)
    tracker.updateProgress(id, 20, 'later')
    expect(tracker.getSession(id)).toMatchObject({ progress: 20, message: 'later' })
    expect(sent).toHaveLength(1)
  })

  it('takes `throttleMs`', async () => {
    const { tracker, sent, clock } = recorded({ throttleMs: 1_000 })
    const id = tracker.createSession()
    for (const progress of [1, 2, 3]) tracker.updateProgress(id, progress)
    await clock.advance(999)
    expect(sent).toHaveLength(1)
    await clock.advance(1)
    expect(sent.map(({ payload }) => payload['progress'])).toEqual([1, 3])
  })

  it('holds back what a listener of the change wishes', async () => {
    const { tracker, sent, clock } = recorded()
    const id = tracker.createSession()
    tracker.signals.on('changed', ({ revision }) => void tracker.updateProgress(id, revision))
    tracker.updateProgress(id, 1)
    expect(sent).toHaveLength(1)
    await clock.advance(500)
    expect(sent).toHaveLength(6)
  })
})

describe('completeSession', () => {
  // S0-31, S0-32, S0-33
  it('tells at once, inside a window too, with its duration', async () => {
    const { tracker, sent, clock } = recorded()
    const id = tracker.createSession({ a: 1 })
    tracker.updateProgress(id, 10)
    tracker.updateProgress(id, 20, 'never told alone')
    await clock.advance(50)
    expect(tracker.completeSession(id, 'Done', { rows: 3 })).toBe(true)
    expect(sent.map(({ event }) => event)).toEqual(['progress-update', 'progress-complete'])
    expect(sent[1]?.payload).toMatchObject({
      sessionId: id,
      status: 'completed',
      progress: 100,
      message: 'Done',
      metadata: { a: 1, rows: 3 },
      duration: 50,
      revision: 3,
    })
    parseState(sent[1]?.payload)
    await clock.advance(1_000)
    expect(sent).toHaveLength(2)
  })

  // S0-17
  it('was last updated when it ended', async () => {
    const { tracker, clock } = recorded()
    const id = tracker.createSession()
    await clock.advance(70)
    tracker.completeSession(id)
    expect(tracker.getSession(id)).toMatchObject({ lastUpdate: clock.now(), duration: 70 })
  })

  // S0-34
  it('leaves `getSession` after 5 s, and stays to be found', async () => {
    const { tracker, clock } = recorded()
    const id = tracker.createSession()
    tracker.completeSession(id)
    await clock.advance(4_999)
    expect(tracker.getSession(id)?.status).toBe('completed')
    await clock.advance(1)
    expect(tracker.getSession(id)).toBeNull()
    expect(await tracker.find(id)).toMatchObject({ status: 'completed' })
    await clock.advance(15 * MINUTE)
    expect(await tracker.find(id)).toBeNull()
  })

  it('59: never deletes a session that was made anew under its id', async () => {
    const { tracker, clock } = recorded()
    tracker.createSessionWithId('one')
    tracker.completeSession('one')
    await clock.advance(3_000)
    tracker.createSessionWithId('one')
    tracker.errorSession('one', 'no')
    await clock.advance(3_000)
    tracker.createSessionWithId('one')
    await clock.advance(20_000)
    expect(tracker.getSession('one')?.status).toBe('active')
  })
})

describe('errorSession', () => {
  // S0-35, S0-36, S0-37, S0-78
  it('tells at once what the job says, and keeps the partial progress', () => {
    const { tracker, sent } = recorded()
    const id = tracker.createSession({ operation: 'csv-import' })
    tracker.updateProgress(id, 42, 'Row 42', { rowsProcessed: 42 })
    const details = { code: 'SQLITE_BUSY', stack: 'Error: at /srv/app.js:1', table: 'assets' }
    expect(tracker.errorSession(id, 'The database is busy', details)).toBe(true)
    expect(sent[1]).toMatchObject({ room: `progress-${id}`, event: 'progress-error' })
    expect(sent[1]?.payload).toMatchObject({
      status: 'error',
      progress: 42,
      message: 'The database is busy',
      metadata: { operation: 'csv-import', rowsProcessed: 42, table: 'assets' },
      error: { code: 'SQLITE_BUSY', message: 'The database is busy', retryable: true, table: 'assets' },
    })
    expect(JSON.stringify(sent)).not.toContain('/srv/app.js')
    parseState(sent[1]?.payload)
  })

  // S0-38
  it('leaves `getSession` after 10 s', async () => {
    const { tracker, clock } = recorded()
    const id = tracker.createSession()
    tracker.errorSession(id, 'no')
    await clock.advance(9_999)
    expect(tracker.getSession(id)).toMatchObject({
      status: 'error',
      error: { code: 'OPERATION_FAILED', message: 'no' },
    })
    await clock.advance(1)
    expect(tracker.getSession(id)).toBeNull()
  })

  it('has a sentence where nobody said one, and says what was cut', () => {
    const { tracker } = recorded()
    const [one, two] = [tracker.createSession(), tracker.createSession()]
    tracker.errorSession(one, undefined as never, { code: 'PARSE_ERROR' })
    expect(tracker.getSession(one)).toMatchObject({ message: 'The file could not be read.' })
    tracker.errorSession(two, 'no', { text: 'x'.repeat(300) })
    expect(tracker.getSession(two)).toMatchObject({ truncated: true })
  })
})

describe('cancelSession', () => {
  it('ends it as cancelled, at once', () => {
    const { tracker, sent } = recorded()
    const id = tracker.createSession()
    tracker.updateProgress(id, 30)
    expect(tracker.cancelSession(id, 'enough')).toBe(true)
    expect(sent[1]).toMatchObject({ event: 'progress-cancelled', payload: { reason: 'enough', progress: 30 } })
    parseState(sent[1]?.payload)
  })
})

describe('cleanupStaleSessions', () => {
  // S0-15, S0-40, S0-41, S0-85
  it('runs every 30 min, and ends what was silent for 30', async () => {
    const { tracker, clock, events } = recorded()
    const id = tracker.createSession()
    await clock.advance(30 * MINUTE - 1)
    expect(tracker.getSession(id)).not.toBeNull()
    await clock.advance(1)
    expect(tracker.getSession(id)).toBeNull()
    expect(await tracker.find(id)).toMatchObject({ status: 'error', error: { code: 'INTERRUPTED' } })
    expect(events()).toEqual(['progress-error'])
  })

  it('answers how many', async () => {
    const { tracker, clock } = recorded()
    tracker.createSession()
    await clock.advance(20 * MINUTE)
    tracker.createSession()
    expect(tracker.cleanupStaleSessions()).toBe(0)
    clock.jump(10 * MINUTE)
    expect(tracker.cleanupStaleSessions()).toBe(1)
    expect(tracker.cleanupStaleSessions()).toBe(0)
  })

  // S0-42
  it('spares those that update, even where nothing changes, those that run, and those that wait in a queue', async () => {
    const { tracker, clock } = recorded()
    const id = tracker.createSession()
    const waiting = tracker.reserve({ kind: 'work', phases: {} }, { owner: null })
    const running = tracker.run('work', { owner: null }, () => new Promise(() => {}))
    for (let turn = 0; turn < 8; turn++) {
      await clock.advance(20 * MINUTE)
      tracker.updateProgress(id, 5)
    }
    for (const one of [id, waiting, running.id]) expect(tracker.getSession(one)?.status).toBe('active')
    await clock.advance(24 * 60 * MINUTE)
    expect(tracker.getSession(waiting)).toBeNull()
  })

  it.each([-60 * MINUTE, 60 * MINUTE])('32: ends nobody early when the clock jumps by %i ms', async (jump) => {
    const { tracker, clock } = recorded()
    await clock.advance(29 * MINUTE)
    const id = tracker.createSession()
    clock.jump(jump)
    await clock.advance(2 * MINUTE)
    expect(tracker.getSession(id)?.status).toBe('active')
    tracker.completeSession(id)
    expect(await tracker.find(id)).toMatchObject({ duration: expect.toSatisfy((ms: number) => ms >= 0) })
  })
})

describe('without sockets', () => {
  it('needs no io', () => {
    const clock = new ManualClock()
    for (const tracker of [new ProgressTracker({ clock }), new ProgressTracker(undefined, { clock })]) {
      const id = tracker.createSession()
      expect([tracker.updateProgress(id, 5), tracker.completeSession(id)]).toEqual([true, true])
    }
    expect(() => new ProgressTracker(null as never)).not.toThrow()
  })
})
