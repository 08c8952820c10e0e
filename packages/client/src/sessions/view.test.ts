import { type ProgressLog, SERVER_EVENTS } from '@progress/protocol/wire'
import { describe, expect, it } from 'vitest'
import { FIRST, SECOND, state } from '../clientRig.test-kit'
import {
  isAnswer,
  isLog,
  isSnapshot,
  isStateEvent,
  joinOptions,
  UNKNOWN,
  type View,
  withLog,
  withSnapshot,
} from './view'

/** Lines of `a`, in the first epoch. */
function log(from: number, texts: readonly string[], fields: Partial<ProgressLog> = {}): ProgressLog {
  return { sessionId: 'a', epoch: FIRST, from, lines: texts.map((text) => ({ text, level: 'info', at: 1 })), ...fields }
}

/** A view with this state and these lines. */
function viewOf(...logs: ProgressLog[]): View {
  return logs.reduce(
    (view, one) => {
      const taken = withLog(view, one)
      if (taken === 'missed') throw new Error('missed')
      return taken.view
    },
    withSnapshot(UNKNOWN, state(5)),
  )
}

/** Lines as their text and number, gaps as their size. */
function short(items: View['log']): unknown[] {
  return items.map((item) => ('gap' in item ? item.gap : `${item.line} ${item.text}`))
}

describe('what comes in', () => {
  it.each([
    ['a success', { success: true }, true],
    ['a refusal with its code', { error: { code: 'NOT_FOUND', message: 'x' } }, true],
    ['a refusal without one', { error: { message: 'x' } }, false],
    ['a refusal with a code of another kind', { error: { code: 404 } }, false],
    ['a refusal that is empty', { error: null }, false],
    ['a text', 'success', false],
    ['nothing', undefined, false],
    ['null', null, false],
  ])('35: %s: is it an answer?', (_what, value, isOne) => {
    expect(isAnswer(value)).toBe(isOne)
  })

  it('five of the events carry a state', () => {
    expect(Object.keys(SERVER_EVENTS).filter(isStateEvent)).toEqual([
      'progress-status',
      'progress-update',
      'progress-complete',
      'progress-error',
      'progress-cancelled',
    ])
  })

  it.each(['active', 'completed', 'error', 'cancelled'] as const)('a state that is %s is one', (status) => {
    expect([state(0, { status }), state(7, { status })].map(isSnapshot)).toEqual([true, true])
  })

  it.each([
    ['lines from the first', log(0, ['a', ''])],
    ['no lines', log(7, [])],
    ['a gap', log(5, ['f'], { gap: 5 })],
    ['a gap of none', log(0, ['a'], { gap: 0 })],
  ])('output with %s is output', (_what, value) => {
    expect(isLog(value)).toBe(true)
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'lines'],
    ['an id that is none', { ...log(0, ['a']), sessionId: '__proto__' }],
    ['a beginning before the first', log(-1, ['a'])],
    ['a beginning between two lines', log(0.5, ['a'])],
    ['a gap below nothing', log(0, ['a'], { gap: -1 })],
    ['a gap as text', { ...log(0, ['a']), gap: '1' }],
    ['lines that are no list', { ...log(0, []), lines: { 0: { text: 'a' } } }],
    ['a line that is null', { ...log(0, []), lines: [{ text: 'a' }, null] }],
    ['a line that is missing', { ...log(0, []), lines: [{ text: 'a' }, undefined] }],
    ['a line without text', { ...log(0, []), lines: [{ text: 'a' }, { text: 1 }] }],
  ])('35: output with %s is none', (_what, value) => {
    expect(isLog(value)).toBe(false)
  })
})

describe('a state', () => {
  it.each([
    ['G1: the same again', state(5), false],
    ['G1: an older one', state(4), false],
    ['G1: a newer one', state(6), true],
    ['G1: a newer one that is far ahead', state(900), true],
    ['G6: the first of a newer epoch', state(0, { epoch: SECOND }), true],
    ['G5: a newer revision of an older epoch', state(900, { epoch: '00mjutvn0-00000000' }), false],
    ['G4: the end', state(6, { status: 'completed' }), true],
  ])('%s', (_name, snapshot, isNews) => {
    const before = withSnapshot(UNKNOWN, state(5))
    const after = withSnapshot(before, snapshot)
    expect(after === before).toBe(!isNews)
    if (isNews) expect(after.snapshot).toBe(snapshot)
  })

  it.each(['completed', 'error', 'cancelled'] as const)('G5: nothing comes after %s, but a new epoch', (status) => {
    const over = withSnapshot(UNKNOWN, state(5, { status }))
    for (const late of ['active', 'completed', 'error', 'cancelled'] as const) {
      expect(withSnapshot(over, state(6, { status: late }))).toBe(over)
    }
    expect(withSnapshot(over, state(1, { epoch: SECOND })).snapshot?.status).toBe('active')
  })

  it('G6: a new epoch has its own output', () => {
    const view = withSnapshot(viewOf(log(0, ['old'])), state(1, { epoch: SECOND }))
    expect([view.log, view.lastLine]).toEqual([[], -1])
  })
})

describe('output', () => {
  it('is numbered by where it begins', () => {
    expect(short(viewOf(log(0, ['a', 'b']), log(2, ['c'])).log)).toEqual(['0 a', '1 b', '2 c'])
  })

  it('that overlaps or repeats is taken once', () => {
    const view = viewOf(log(0, ['a', 'b']), log(0, ['a', 'b']), log(1, ['b', 'c']), log(0, ['a']))
    expect(short(view.log)).toEqual(['0 a', '1 b', '2 c'])
  })

  it('that is gone for good is a plain gap', () => {
    expect(short(viewOf(log(0, ['a']), log(5, ['f'], { gap: 4 })).log)).toEqual(['0 a', 4, '5 f'])
    expect(short(viewOf(log(300, ['x'], { gap: 300 })).log)).toEqual([300, '300 x'])
  })

  it('a gap that is partly known already counts only what is not', () => {
    expect(short(viewOf(log(0, ['a', 'b']), log(5, ['f'], { gap: 5 })).log)).toEqual(['0 a', '1 b', 3, '5 f'])
  })

  it.each([
    ['nothing said of it', log(5, ['f'])],
    ['a smaller gap', log(5, ['f'], { gap: 3 })],
  ])('a hole with %s is missed, and nothing of it is taken', (_name, late) => {
    expect(withLog(viewOf(log(0, ['a'])), late)).toBe('missed')
  })

  it('of another epoch, or of nothing known, is passed over', () => {
    const view = viewOf(log(0, ['a']))
    expect(withLog(view, log(1, ['b'], { epoch: SECOND }))).toEqual({ view, news: [] })
    expect(withLog(UNKNOWN, log(0, ['a']))).toEqual({ view: UNKNOWN, news: [] })
    expect(withLog(view, log(1, []))).toEqual({ view, news: [] })
  })

  it('G8: is kept as far as the server keeps it, the rest being a gap', () => {
    const view = viewOf(
      log(
        0,
        Array.from({ length: 190 }, () => 'x'),
      ),
      log(
        190,
        Array.from({ length: 30 }, () => 'y'),
      ),
    )
    expect(view.log).toHaveLength(201)
    expect(short(view.log).slice(0, 2)).toEqual([20, '20 x'])
    expect([view.lastLine, short(view.log).at(-1)]).toEqual([219, '219 y'])
    const [gap] = short(
      viewOf(
        log(0, ['a']),
        log(
          5,
          Array.from({ length: 250 }, () => 'z'),
          { gap: 4 },
        ),
      ).log,
    )
    expect(gap).toBe(55)
  })

  it('G8: as many lines as the server keeps are all there, with every gap', () => {
    const hundred = Array.from({ length: 100 }, () => 'x')
    const full = viewOf(log(0, hundred), log(100, hundred))
    expect([full.log.length, short(full.log)[0]]).toEqual([200, '0 x'])
    const gaps = viewOf(log(300, hundred, { gap: 300 }), log(450, hundred, { gap: 50 }))
    expect([gaps.log.length, ...short(gaps.log).slice(0, 2)]).toEqual([202, 300, '300 x'])
  })
})

describe('what a join says', () => {
  it('S0-73: the position, and the last line, so that only the rest is sent', () => {
    expect(joinOptions(UNKNOWN)).toEqual({})
    expect(joinOptions(withSnapshot(UNKNOWN, state(5)))).toEqual({ position: `${FIRST}.5` })
    expect(joinOptions(viewOf(log(0, ['a'])))).toEqual({ position: `${FIRST}.5`, logLine: 0 })
    expect(joinOptions(viewOf(log(0, ['a', 'b'])))).toEqual({ position: `${FIRST}.5`, logLine: 1 })
  })
})
