// What a page sees of a server that a test plays.
import { comparePositions, decode, defineOperation, LIMITS, type Snapshot, type } from '@progress/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { LogItem, MyState, WatchState } from '../index'
import { createFakeProgress, type FakeProgress, type FakeSession } from './index'

const importCsv = defineOperation('csv-import', {
  metadata: type<{ filename: string; rejected: number }>(),
  result: type<{ inserted: number }>(),
  phases: { parse: 30, insert: 70 },
})
type ImportCsv = typeof importCsv
const metadata = { filename: 'a.csv', rejected: 0 }

function play(): FakeProgress {
  const fake = createFakeProgress()
  onTestFinished(() => fake.client.close())
  return fake
}

/** All that is said has arrived. */
function settled(fake: FakeProgress): Promise<void> {
  return fake.clock.advance(0)
}

describe('a session', () => {
  it('shows each thing that is said of it, in order', async () => {
    const fake = play()
    const session = fake.session<ImportCsv>('csv-import', { metadata })
    const seen: WatchState<ImportCsv>[] = []
    const watch = fake.client.watch<ImportCsv>(session.id)
    watch.subscribe((state) => seen.push(state))
    await settled(fake)
    session.update({ progress: 40, phase: 'parse', message: 'Reading' })
    session.update({ metadata: { rejected: 2 }, worker: 'quiet' })
    session.complete({ inserted: 3 })
    await settled(fake)
    const base = { operation: 'csv-import', epoch: expect.any(String), attempt: 1 }
    expect(seen).toMatchObject([
      { status: 'waiting' },
      { ...base, status: 'active', revision: 1, progress: 0, metadata: { operation: 'csv-import', ...metadata } },
      { ...base, status: 'active', revision: 2, progress: 40, phase: 'parse', message: 'Reading', worker: 'alive' },
      { ...base, status: 'active', revision: 3, metadata: { filename: 'a.csv', rejected: 2 }, worker: 'quiet' },
      { ...base, status: 'completed', revision: 4, progress: 100, result: { inserted: 3 }, duration: 0 },
    ])
    expect(await watch.result()).toEqual({ inserted: 3 })
  })

  it('arrives in microtasks, without any timer', async () => {
    const fake = play()
    const session = fake.session('backup')
    const watch = fake.client.watch(session.id)
    for (let turn = 0; turn < 10; turn++) await null
    expect(watch.state.status).toBe('active')
    session.update({ progress: 7 })
    expect(watch.state.progress).toBe(0)
    await null
    expect(watch.state.progress).toBe(7)
  })

  it('tells nothing where nothing visible changed', async () => {
    const fake = play()
    const session = fake.session<ImportCsv>('csv-import', { metadata })
    const watch = fake.client.watch(session.id)
    session.update({ progress: 5 })
    await settled(fake)
    const before = watch.state
    session.update({ progress: 5, metadata: { rejected: 0 }, queued: false })
    await settled(fake)
    expect(watch.state).toBe(before)
  })

  it('fails with the sentence of its code, or with yours', async () => {
    const fake = play()
    const [busy, own] = [fake.session('a'), fake.session('b')]
    busy.fail('SQLITE_BUSY')
    own.fail('NO_ROWS', 'There are no rows')
    const errors = [busy, own].map(({ id }) => fake.client.watch(id))
    await settled(fake)
    expect(errors.map(({ state }) => state)).toMatchObject([
      { status: 'error', error: { code: 'SQLITE_BUSY', message: expect.stringContaining('busy'), retryable: true } },
      { status: 'error', error: { code: 'NO_ROWS', message: 'There are no rows', retryable: false } },
    ])
  })

  it('hears a cancel with its reason, and answers it', async () => {
    const fake = play()
    const session = fake.session('backup')
    const watch = fake.client.watch(session.id)
    expect(session.cancelRequested).toBeNull()
    const answer = watch.cancel('user')
    await settled(fake)
    expect(await answer).toEqual({ ok: true })
    expect(session.cancelRequested).toMatchObject({ reason: 'user' })
    expect(watch.state).toMatchObject({ status: 'active', cancelRequested: { reason: 'user' } })
    session.cancelled()
    await settled(fake)
    expect(watch.state).toMatchObject({ status: 'cancelled', reason: 'user' })
    expect(session.cancelRequested).toBeNull()
    const late = watch.cancel()
    await settled(fake)
    expect(await late).toMatchObject({ ok: false, code: 'NOT_CANCELLABLE' })
  })

  it('cannot be cancelled where it says so', async () => {
    const fake = play()
    const session = fake.session('backup')
    session.update({ cancellable: false })
    const answer = fake.client.watch(session.id).cancel()
    await settled(fake)
    expect(await answer).toMatchObject({ ok: false, code: 'NOT_CANCELLABLE' })
    expect(session.cancelRequested).toBeNull()
  })

  it('writes lines, those before the watch and those after it', async () => {
    const fake = play()
    const session = fake.session('backup')
    for (let line = 0; line < LIMITS.logLines + 2; line++) session.log(`${line}`)
    const items: LogItem[] = []
    fake.client.watch(session.id).onLog((item) => items.push(item))
    await settled(fake)
    session.log('after', 'warn')
    await settled(fake)
    expect(items.slice(0, 2)).toMatchObject([{ gap: 2 }, { line: 2, text: '2', level: 'info' }])
    expect(items.at(-1)).toMatchObject({ line: LIMITS.logLines + 2, text: 'after', level: 'warn' })
  })

  it('vanishes for its watcher and from the list', async () => {
    const fake = play()
    const session = fake.session('backup', { mine: true })
    const [watch, mine] = [fake.client.watch(session.id), fake.client.watchMine()]
    await settled(fake)
    expect(mine.state.sessions).toHaveLength(1)
    session.vanish()
    await settled(fake)
    expect(watch.state).toMatchObject({ status: 'gone', code: 'NOT_FOUND' })
    expect(mine.state).toEqual({ status: 'ready', sessions: [] })
  })

  it('begins a new life under its id, which watchers follow', async () => {
    const fake = play()
    const first = fake.session('backup', { id: 'nightly' })
    const ends: string[] = []
    const watch = fake.client.watch('nightly')
    watch.onEnd((end) => ends.push('epoch' in end ? end.epoch : ''))
    first.complete({ bytes: 1 })
    await settled(fake)
    const second = fake.session('backup', { id: 'nightly' })
    second.fail('INTERRUPTED')
    await settled(fake)
    expect(watch.state.status).toBe('error')
    expect(ends).toHaveLength(2)
    expect(ends[0] && ends[1] && ends[0] < ends[1]).toBe(true)
  })

  it('may be watched before it is made, and is gone when nobody makes it', async () => {
    const fake = play()
    const [made, never] = [fake.client.watch('later'), fake.client.watch('never')]
    await settled(fake)
    fake.session('backup', { id: 'later' })
    await settled(fake)
    expect([made.state.status, never.state.status]).toEqual(['active', 'waiting'])
    await fake.clock.advance(LIMITS.awaitMs)
    expect([made.state.status, never.state.status]).toEqual(['active', 'gone'])
  })

  it('is compared with now and then', async () => {
    const fake = play()
    const session = fake.session('backup', { mine: true })
    const [watch, mine] = [fake.client.watch(session.id), fake.client.watchMine()]
    await fake.clock.advance(5 * LIMITS.syncIntervalMs)
    expect(fake.client.connection.status).toBe('connected')
    expect([watch.state.status, mine.state.sessions.length]).toEqual(['active', 1])
  })
})

describe('my sessions', () => {
  it('are those that say so, as they are made, change and end', async () => {
    const fake = play()
    fake.session('backup')
    const before = fake.session('backup', { id: 'before', mine: true })
    const states: MyState[] = []
    fake.client.watchMine().subscribe((state) => states.push(state))
    await settled(fake)
    const after = fake.session('backup', { id: 'after', mine: true })
    after.update({ progress: 3 })
    before.complete(undefined)
    await settled(fake)
    const told = states.map(({ sessions }) => sessions.map((one) => `${one.sessionId} ${one.status} ${one.progress}`))
    expect(told[1]).toEqual(['before active 0'])
    expect(told.at(-1)).toEqual(['after active 3', 'before completed 100'])
  })
})

describe('the states that are made', () => {
  it('are what the protocol says, each with a position of its own', async () => {
    const fake = play()
    const seen: Snapshot[] = []
    const ends: readonly ((session: FakeSession<ImportCsv>) => void)[] = [
      (session) => session.complete({ inserted: 3 }),
      (session) => session.fail('PARSE_ERROR'),
      (session) => session.cancelled('user'),
    ]
    const change = { current: 1, total: 3, unit: 'rows', etaMs: 5, ratePerSecond: 2, indeterminate: true, queued: true }
    for (const end of ends) {
      const session = fake.session<ImportCsv>('csv-import', { metadata })
      fake.client.watch(session.id).subscribe((state) => 'epoch' in state && seen.push(state))
      await settled(fake)
      session.update(change)
      end(session)
      await settled(fake)
    }
    expect(seen).toHaveLength(9)
    for (const snapshot of seen) expect(decode('progress-status', snapshot)).toEqual({ ok: true, value: snapshot })
    for (const { sessionId } of seen) {
      const own = seen.filter((snapshot) => snapshot.sessionId === sessionId)
      expect([...own].sort(comparePositions)).toEqual(own)
      expect(own.map(({ revision }) => revision)).toEqual([1, 2, 3])
    }
    const [, , completed] = seen
    expect(completed).toMatchObject({ status: 'completed', current: 3, total: 3 })
    expect(Object.keys(completed ?? {})).not.toContain('worker')
  })
})

describe('a mistake of the test', () => {
  it('throws at once, with a sentence', () => {
    const fake = play()
    const session = fake.session<ImportCsv>('csv-import', { id: 'x', metadata })
    expect(() => fake.session('backup', { id: 'a b' })).toThrow(/not a session id/)
    expect(() => session.update({ progress: 101 })).toThrow(/a server never says this: progress-status: progress/)
    session.update({ progress: 40 })
    expect(() => session.update({ progress: 39 })).toThrow(/never falls: 'x' is at 40/)
    session.complete({ inserted: 1 })
    expect(() => session.update({ progress: 50 })).toThrow(/'x' has ended \(completed\)/)
    expect(() => session.log('more')).toThrow(/has ended/)
    fake.session<ImportCsv>('csv-import', { id: 'x', metadata })
    expect(() => session.fail('PARSE_ERROR')).toThrow(/this life of 'x' is over/)
  })
})
