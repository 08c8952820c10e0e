import { type ActiveSnapshot, isEnd, LIMITS, Snapshot } from '@progress/protocol'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { advance, type Change, type End, end, isActive, open } from './session'

const AT = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
const opening = { sessionId: 'one', operation: 'work', epoch: '0mjvfz9c0-00000000', at: AT, metadata: {} }
let begun: ActiveSnapshot
const failure = { code: 'PARSE_ERROR', message: 'Row 3', retryable: false }

beforeEach(() => {
  begun = open(opening)
})

describe('open', () => {
  // S0-17, S0-19
  it('begins at 0, active, at revision 1', () => {
    expect(begun).toEqual({
      sessionId: 'one',
      operation: 'work',
      epoch: '0mjvfz9c0-00000000',
      revision: 1,
      status: 'active',
      progress: 0,
      metadata: {},
      attempt: 1,
      worker: 'alive',
      cancellable: false,
      createdAt: AT,
      timestamp: AT,
    })
    expect(Object.isFrozen(begun)).toBe(true)
  })

  it('takes what it is opened with, cut to the bounds of the wire', () => {
    const long = { unit: 'u'.repeat(60), message: 'm'.repeat(600), operation: 'o'.repeat(60) }
    const state = open({ ...opening, ...long, queued: true, cancellable: true, total: 5, attempt: 2, truncated: true })
    expect(state).toMatchObject({ queued: true, cancellable: true, current: 0, total: 5, attempt: 2, truncated: true })
    expect([state.unit, state.message, state.operation].map((text) => text?.length)).toEqual([50, 500, 50])
    expect(Snapshot.parse(state)).toEqual(state)
  })

  it('has no unit where its name is empty', () => {
    expect(open({ ...opening, unit: '' })).not.toHaveProperty('unit')
  })
})

describe('advance', () => {
  it.each<[string, Change, Partial<ActiveSnapshot>]>([
    ['progress', { progress: 40 }, { progress: 40 }],
    ['51: progress over 100', { progress: 250 }, { progress: 100 }], // S0-26
    ['51: progress of an enormous size', { progress: 1e308 }, { progress: 100 }],
    ['units without a total', { current: 7 }, { current: 7, progress: 0 }],
    ['units against a total', { current: 3, total: 4 }, { current: 3, total: 4, progress: 75 }],
    ['units below nothing', { current: -3, total: -4 }, { current: 0, total: 0, progress: 0 }],
    ['progress beside units', { progress: 10, current: 3, total: 4 }, { progress: 10, current: 3 }],
    ['a unit', { unit: 'rows' }, { unit: 'rows' }],
    ['a long message', { message: 'm'.repeat(501) }, { message: 'm'.repeat(500) }],
    ['a phase', { phase: 'read' }, { phase: 'read' }],
    ['a queue', { queued: true, worker: 'quiet', attempt: 2 }, { queued: true, worker: 'quiet', attempt: 2 }],
    ['a right to cancel', { cancellable: true }, { cancellable: true }],
    ['that nobody knows how far it is', { indeterminate: true }, { indeterminate: true }],
    ['that something was cut', { truncated: true }, { truncated: true }],
    ['a pace', { ratePerSecond: 2.5, etaMs: 10 }, { ratePerSecond: 2.5, etaMs: 10 }],
    ['a wish to stop without a reason', { cancelRequested: { at: 1 } }, { cancelRequested: { at: 1 } }],
    [
      'a wish to stop',
      { cancelRequested: { at: 1, reason: 'r'.repeat(300) } },
      { cancelRequested: { at: 1, reason: 'r'.repeat(200) } },
    ],
  ])('takes %s', (_, change, expected) => {
    const after = advance(begun, change, AT + 5)
    expect(after).toMatchObject({ ...expected, revision: 2, timestamp: AT + 5 })
    expect(Snapshot.parse(after)).toEqual(after)
  })

  it.each<[string, Change]>([
    ['nothing', {}],
    ['what it has already', { progress: 0, worker: 'alive', cancellable: false, attempt: 1 }],
    ['what falls', { progress: -5 }],
    ['minus zero, which JSON cannot say', { progress: -0, allowRegress: true }],
    ['flags that are not set', { queued: false, indeterminate: false, truncated: false }],
    ['numbers that are not known', { current: null, total: null, ratePerSecond: null, etaMs: null }],
    ['empty names', { unit: '', phase: '' }],
  ])('answers the very same state for %s', (_, change) => {
    expect(advance(begun, change, AT + 5)).toBe(begun)
  })

  it('counts against the total that is known, or against the one that comes with it', () => {
    const known = advance(begun, { total: 4 }, AT)
    expect(known.progress).toBe(0)
    expect(advance(known, { current: 3 }, AT).progress).toBe(75)
    expect(advance(known, { current: 3, total: 30 }, AT).progress).toBe(10)
    expect(advance(known, { current: 3, total: null }, AT).progress).toBe(0)
  })

  it('keeps what a change says nothing of', () => {
    const told = { indeterminate: true, queued: true, truncated: true, unit: 'rows', phase: 'read', cancellable: true }
    const state = advance(begun, { ...told, current: 1, total: 2, ratePerSecond: 3, etaMs: 4 }, AT)
    expect(advance(state, { message: 'x' }, AT)).toEqual({ ...state, message: 'x', revision: 3 })
  })

  it('52: never falls, unless the change says that it may', () => {
    const half = advance(begun, { progress: 50 }, AT)
    expect(advance(half, { progress: 20, message: 'x' }, AT)).toMatchObject({ progress: 50 })
    expect(advance(half, { progress: 20, allowRegress: true }, AT)).toMatchObject({ progress: 20 })
    const counted = advance(half, { current: 8, total: 10 }, AT)
    expect(advance(counted, { current: 2 }, AT)).toMatchObject({ current: 2, progress: 80 })
  })

  it('lets go of flags and numbers', () => {
    const set = advance(
      begun,
      { indeterminate: true, queued: true, current: 1, total: 2, ratePerSecond: 1, etaMs: 1 },
      AT,
    )
    const change = { indeterminate: false, queued: false, current: null, total: null, ratePerSecond: null, etaMs: null }
    expect(Object.keys(advance(set, change, AT))).toEqual(Object.keys(begun))
  })
})

describe('end', () => {
  it('completed stands at 100, all counted, without what is known of running work only', () => {
    const running = advance(begun, { current: 3, total: 4, ratePerSecond: 1, etaMs: 5, indeterminate: true }, AT)
    const done = end(running, { status: 'completed', message: 'Done', result: { rows: 4 } }, AT + 9)
    expect(done).toMatchObject({ status: 'completed', progress: 100, current: 4, result: { rows: 4 }, duration: 9 })
    for (const key of ['worker', 'cancellable', 'ratePerSecond', 'etaMs', 'indeterminate'])
      expect(done).not.toHaveProperty(key)
  })

  it('has counted nothing where nothing was counted', () => {
    expect(end(advance(begun, { total: 4 }, AT), { status: 'completed' }, AT)).not.toHaveProperty('current')
  })

  it.each<End>([{ status: 'completed' }, { status: 'error', error: failure }, { status: 'cancelled' }])(
    '$status keeps the last message, unless it says one itself',
    (how) => {
      const running = advance(begun, { message: 'Row 3' }, AT)
      expect(end(running, how, AT)).toMatchObject({ message: 'Row 3' })
      expect(end(running, { ...how, message: 'm'.repeat(600) }, AT)).toMatchObject({ message: 'm'.repeat(500) })
      expect(end(begun, how, AT)).not.toHaveProperty('message')
    },
  )

  it('says that something was cut, be it before or at the end', () => {
    const cut = advance(begun, { truncated: true }, AT)
    expect(end(cut, { status: 'completed' }, AT)).toMatchObject({ truncated: true })
    expect(end(begun, { status: 'completed', truncated: true }, AT)).toMatchObject({ truncated: true })
    expect(end(begun, { status: 'completed', truncated: false }, AT)).not.toHaveProperty('truncated')
  })

  it('needs no reason to be cancelled', () => {
    expect(end(begun, { status: 'cancelled' }, AT)).not.toHaveProperty('reason')
  })

  it('failed and cancelled stay where they were', () => {
    const running = advance(begun, { progress: 40, metadata: { rows: 3 } }, AT)
    const failed = end(running, { status: 'error', error: failure }, AT)
    expect(failed).toMatchObject({ progress: 40, metadata: { rows: 3 }, error: failure })
    const cancelled = end(running, { status: 'cancelled', reason: 'r'.repeat(300) }, AT)
    expect(cancelled).toMatchObject({ progress: 40, reason: 'r'.repeat(200) })
    expect(cancelled).not.toHaveProperty('cancelRequested')
  })

  it.each([-HOUR, HOUR])('32: has no negative duration when the clock jumps by %i ms', (jump) => {
    const done = end(begun, { status: 'completed' }, AT + jump)
    expect(done.duration).toBe(Math.max(0, jump))
    expect(done.timestamp).toBeGreaterThanOrEqual(begun.timestamp)
  })
})

const amount = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -10, max: 300 }))
const known = fc.option(amount)
const change: fc.Arbitrary<Change> = fc.record(
  {
    progress: amount,
    current: known,
    total: known,
    unit: fc.string({ maxLength: 60 }),
    phase: fc.string({ maxLength: 60 }),
    message: fc.string({ maxLength: 600, unit: 'binary' }),
    metadata: fc.constantFrom({ a: 1 }, { b: 'x' }),
    truncated: fc.boolean(),
    indeterminate: fc.boolean(),
    queued: fc.boolean(),
    attempt: fc.integer({ min: 1, max: 9 }),
    worker: fc.constantFrom('alive', 'quiet', 'lost'),
    cancellable: fc.boolean(),
    cancelRequested: fc.record({ at: fc.nat(), reason: fc.string({ maxLength: 300, unit: 'binary' }) }),
    ratePerSecond: known,
    etaMs: known,
  },
  { requiredKeys: [] },
)
const how: fc.Arbitrary<End> = fc.oneof(
  fc.record({ status: fc.constant('completed' as const), message: fc.string(), truncated: fc.boolean() }),
  fc.record({ status: fc.constant('error' as const), error: fc.constant(failure) }),
  fc.record({ status: fc.constant('cancelled' as const), reason: fc.string({ maxLength: 300 }) }),
)
const moved = fc.oneof({ weight: 9, arbitrary: fc.nat(200) }, { weight: 1, arbitrary: fc.constantFrom(-HOUR, HOUR) })
const walk = fc.array(fc.tuple(change, moved), { minLength: 1, maxLength: 60 })

describe('a walk of changes', () => {
  it('counts by one, never falls, never steps back in time, and is what the wire takes', () => {
    let changes = 0
    fc.assert(
      fc.property(walk, how, (steps, ending) => {
        let at = AT
        let state = begun
        for (const [one, ms] of steps) {
          changes += 1
          at += ms
          const after = advance(state, one, at)
          if (after === state) continue
          expect(after.revision).toBe(state.revision + 1)
          expect(JSON.stringify({ ...after, revision: 0, timestamp: 0 })).not.toBe(
            JSON.stringify({ ...state, revision: 0, timestamp: 0 }),
          )
          expect(after.progress).toBeGreaterThanOrEqual(state.progress)
          expect(after.progress).toBeLessThanOrEqual(100)
          expect(after.timestamp).toBeGreaterThanOrEqual(state.timestamp)
          expect(Snapshot.safeParse(after).error).toBeUndefined()
          expect(Object.isFrozen(after)).toBe(true)
          state = after
        }
        const last = end(state, ending, at)
        expect(last.revision).toBe(state.revision + 1)
        expect(last.duration).toBe(last.timestamp - last.createdAt)
        expect(last.duration).toBeGreaterThanOrEqual(0)
        expect([isEnd(last), isActive(last)]).toEqual([true, false])
        expect(Snapshot.safeParse(last).error).toBeUndefined()
      }),
      { numRuns: 1_000 },
    )
    expect(changes).toBeGreaterThan(3_000)
  })

  it('never asks for more than a message may have', () => {
    const after = advance(begun, { message: '\u{1f600}'.repeat(600) }, AT)
    expect([...(after.message ?? '')]).toHaveLength(LIMITS.messageChars)
  })
})
