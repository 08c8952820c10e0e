import { defineOperation } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { DEFAULTS } from './defaults'
import { ProgressTracker } from './progressTracker'
import { recorded } from './recorder.test-support'

const work = defineOperation('work')
const BAD_IDS = ['', 'a b', 'x'.repeat(65), '../x', 'health', 'events', 'é', 'a\n', 7, null, {}]
const BAD_OWNERS = ['', Number.NaN, {}, [], true, () => 'ada']

describe('a mistake where a session is made', () => {
  it.each(BAD_IDS)('an id such as %o throws at once, with what to write', (id) => {
    const { tracker } = recorded()
    expect(() => tracker.createSessionWithId(id as never)).toThrow(/A session id is 1 to 64 of .*randomUUID/)
    if (id === null) return // absent, for `run`
    const options = { owner: null, id: id as never }
    expect(() => tracker.run('work', options, () => {})).toThrow(TypeError)
    expect(() => tracker.reserve(work, options)).toThrow(TypeError)
  })

  it.each(BAD_OWNERS)('an owner such as %o throws at once, with what to write', (owner) => {
    const { tracker } = recorded()
    expect(() => tracker.createSession({}, { owner: owner as never })).toThrow(/owner is a user id .* or null/)
    expect(() => tracker.run('work', { owner: owner as never }, () => {})).toThrow(TypeError)
    expect(() => tracker.reserve(work, { owner: owner as never })).toThrow(TypeError)
  })

  it('`run` and `reserve` demand an owner in writing', () => {
    const { tracker } = recorded()
    expect(() => tracker.run('work', {} as never, () => {})).toThrow('owner is a user id')
    expect(() => tracker.run('work', (() => {}) as never, undefined as never)).toThrow('owner is a user id')
    expect(() => tracker.reserve(work, {} as never)).toThrow('owner is a user id')
  })

  it.each([Number.NaN, -1, '5', Number.POSITIVE_INFINITY, null])('a total such as %o throws at once', (total) => {
    const { tracker } = recorded()
    expect(() => tracker.createSession({}, { total: total as never })).toThrow('total is a number of units, 0 or more')
    expect(() => tracker.run('work', { owner: null, total: total as never }, () => {})).toThrow(TypeError)
  })

  it.each([{ number: 0, of: 1 }, { number: 1.5, of: 2 }, { number: 1, of: '2' }, {}, 3])(
    'an attempt such as %o throws at once',
    (attempt) => {
      const { tracker } = recorded()
      const options = { owner: null, attempt: attempt as never }
      expect(() => tracker.run('work', options, () => {})).toThrow('attempt is { number, of }')
    },
  )

  it.each([Number.NaN, -1, '100', Number.POSITIVE_INFINITY])(
    'a `throttleMs` such as %o throws at once',
    (throttleMs) => {
      expect(() => new ProgressTracker({ throttleMs: throttleMs as never })).toThrow('throttleMs is a number')
    },
  )

  it('leaves nothing behind', () => {
    const { tracker, states } = recorded()
    expect(() => tracker.createSessionWithId('one', {}, { owner: '' })).toThrow(TypeError)
    expect(() => tracker.createSessionWithId('one', {}, { total: -1 })).toThrow(TypeError)
    expect([tracker.getSession('one'), states]).toEqual([null, []])
  })
})

describe('an owner', () => {
  it('is the same user as text and as a number', () => {
    const { tracker } = recorded()
    tracker.createSessionWithId('one', {}, { owner: 7 })
    tracker.createSessionWithId('one', { again: true }, { owner: '7' })
    expect(tracker.getSession('one')?.metadata).toEqual({ again: true })
  })

  it('does not stand in what viewers see', () => {
    const { tracker, sent } = recorded()
    const id = tracker.createSession({}, { owner: 'canary' })
    tracker.updateProgress(id, 5)
    expect(JSON.stringify([tracker.getSession(id), sent])).not.toContain('canary')
  })
})

describe('one session more than a process holds', () => {
  it('89: takes the place of the one that ended first, and is refused by name where all are live', async () => {
    const { tracker, clock } = recorded()
    const ids = Array.from({ length: DEFAULTS.sessions }, () => tracker.createSession())
    const [, failed = '', completed = '', last = ''] = ids
    tracker.errorSession(failed, 'first')
    await clock.advance(10)
    for (const id of [completed, last]) tracker.completeSession(id)
    for (const [evicted, kept] of [
      [failed, completed],
      [completed, last],
    ] as const) {
      tracker.createSession()
      expect([tracker.getSession(evicted), tracker.getSession(kept)?.status]).toEqual([null, 'completed'])
    }
    expect(await tracker.find(failed)).toMatchObject({ status: 'error' }) // the end itself is kept elsewhere
    expect(await tracker.find(completed)).toMatchObject({ status: 'completed' })
    await tracker.run('work', { owner: null }, () => {})
    expect(tracker.getSession(last)).toBeNull()
    await clock.advance(DEFAULTS.errorLingerMs)
    tracker.createSession()
    expect(() => tracker.createSession()).toThrow('More than 100000 sessions in one process')
    expect(() => tracker.run('work', { owner: null }, () => {})).toThrow(expect.objectContaining({ code: 'LIMIT' }))
    const [first = ''] = ids
    expect(tracker.updateProgress(first, 5)).toBe(true)
  }, 60_000)
})
