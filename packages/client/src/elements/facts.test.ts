import { buildSnapshot } from '@progress/protocol/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gone, IDLE, WAITING, type WatchState } from '../sessions/watchState'
import { UNSEEN } from './announce'
import { factsOf, type Setting } from './facts'
import { createFormat } from './format'
import { TEXTS } from './texts'

const setting: Setting = {
  connection: 'connected',
  seen: UNSEEN,
  texts: TEXTS,
  format: createFormat('en'),
  label: '',
  isAsked: false,
  refusal: '',
}
const factsFor = (state: WatchState, over: Partial<Setting> = {}): ReturnType<typeof factsOf> =>
  factsOf(state, { ...setting, ...over })

describe('factsOf', () => {
  it('says how far it is, in all that is known', () => {
    const state = buildSnapshot('active', {
      ...{ progress: 43.99, current: 500, total: 1_000, unit: 'rows', ratePerSecond: 118.4, etaMs: 125_000 },
      ...{ message: 'Reading', phase: 'parse' },
    })
    expect(factsFor(state)).toMatchObject({
      ...{ title: 'Csv import', line: 'Reading', value: '43%', units: '500 of 1,000 rows', rate: '118 rows/s' },
      ...{
        eta: 'about 2 min, 5 sec left',
        phase: 'parse',
        tone: 'run',
        mood: 'run',
        cancel: 'Cancel',
        close: 'Run in background',
      },
    })
  })

  it('counts bytes as people do', () => {
    const state = buildSnapshot('active', { current: 1_234_567, total: 20_000_000, unit: 'bytes' })
    expect(factsFor(state).units).toBe('1.2 MB of 20 MB')
  })

  it('says waiting, queued, and queued again', () => {
    expect(factsFor(IDLE).line).toBe('')
    expect(factsFor(WAITING)).toMatchObject({ line: 'Waiting for it to start…', mood: 'wait busy', value: '' })
    const queued = { queued: true, progress: 0 } as const
    expect(factsFor(buildSnapshot('active', queued))).toMatchObject({ line: 'In the queue', mood: 'wait still busy' })
    expect(factsFor(buildSnapshot('active', { ...queued, attempt: 2 })).line).toBe('Will be tried again soon')
  })

  it('says each end', () => {
    expect(factsFor(buildSnapshot('completed', { duration: 86_400, message: 'All in' }))).toMatchObject({
      ...{ line: 'Completed in 1 min, 26 sec', note: 'All in', percent: 100, tone: 'ok', close: 'Close', cancel: '' },
    })
    expect(factsFor(buildSnapshot('cancelled'))).toMatchObject({ line: 'Cancelled', note: 'user', tone: 'off' })
    expect(factsFor(gone('NOT_FOUND'))).toMatchObject({ line: 'No longer available', percent: undefined })
    const error = { code: 'SQLITE_BUSY', message: 'Busy', retryable: true, reference: '7f3a' }
    expect(factsFor(buildSnapshot('error', { error }))).toMatchObject({
      ...{ line: 'Failed', failure: 'Busy You can try again.', code: 'SQLITE_BUSY · Reference 7f3a', tone: 'bad' },
    })
  })

  it('says what is wrong with worker and connection, and nothing of it after the end', () => {
    expect(factsFor(buildSnapshot('active', { worker: 'lost', etaMs: 9, ratePerSecond: 9 }))).toMatchObject({
      ...{ notice: TEXTS.lost, tone: 'warn', eta: '', rate: '' },
    })
    expect(factsFor(buildSnapshot('active', { worker: 'quiet' }))).toMatchObject({ notice: TEXTS.quiet, tone: 'run' })
    for (const connection of ['reconnecting', 'polling', 'refused'] as const) {
      expect(factsFor(buildSnapshot(), { connection }).connection).not.toBe('')
      expect(factsFor(buildSnapshot('completed'), { connection })).toMatchObject({ connection: '', tone: 'ok' })
    }
    expect(factsFor(WAITING, { connection: 'refused' })).toMatchObject({ line: 'Access refused', close: 'Close' })
  })

  it('knows four states of the button', () => {
    const shielded = buildSnapshot('active', { cancellable: false })
    expect(factsFor(buildSnapshot())).toMatchObject({ cancel: 'Cancel', canCancel: true })
    expect(factsFor(shielded)).toMatchObject({ cancel: '', canCancel: false })
    const seen = { ...UNSEEN, wasCancellable: true }
    expect(factsFor(shielded, { seen })).toMatchObject({ cancel: 'Cannot cancel now', canCancel: false })
    const asked = buildSnapshot('active', { cancelRequested: { at: 0 } })
    expect(factsFor(asked)).toMatchObject({ cancel: 'Cancelling…', canCancel: false })
    expect(factsFor(buildSnapshot(), { isAsked: true })).toMatchObject({ cancel: 'Cancelling…', canCancel: false })
  })

  it('gives texts and a percentage for whatever comes', () => {
    const status = fc.constantFrom(
      'idle',
      'waiting',
      'active',
      'completed',
      'error',
      'cancelled',
      'gone',
      'constructor',
    )
    const names =
      'sessionId operation epoch progress current total unit phase message ratePerSecond etaMs worker error reason'
    const fields = fc.dictionary(fc.constantFrom(...names.split(' '), 'duration', 'attempt', 'queued'), fc.anything())
    fc.assert(
      fc.property(status, fields, (kind, odd) => {
        const state = { epoch: 'e', ...odd, status: kind } as unknown as WatchState
        const { percent, isOver, canCancel, ...texts } = factsFor(state)
        for (const text of Object.values(texts)) expect(text).toBeTypeOf('string')
        if (percent !== undefined) expect(percent >= 0 && percent <= 100).toBe(true)
        expect([isOver, canCancel].every((flag) => typeof flag === 'boolean')).toBe(true)
      }),
    )
  })
})
