import { comparePositions, type ProgressLog, type Snapshot } from '@progress/protocol/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIRST, SECOND, state } from '../clientRig.test-kit'
import { isLog, isSnapshot, UNKNOWN, type View, withLog, withSnapshot } from './view'

/** What a job made of one id: two lives of it, each with its end; and its output. */
const HISTORY: readonly Snapshot[] = [FIRST, SECOND].flatMap((epoch) => [
  ...Array.from({ length: 8 }, (_, index) => state(index + 1, { epoch, progress: index * 10 })),
  state(9, { epoch, status: 'completed' }),
])
const LINES = Array.from({ length: 30 }, (_, index) => ({ text: `line ${index}`, level: 'info' as const, at: index }))

/** Any order, any repetition, any loss. */
const received = fc.array(fc.constantFrom(...HISTORY), { maxLength: 60 })
/** Pieces of the output, wherever they begin and end, in any order; what lies before them is said to be gone, or not. */
const pieces = fc.array(
  fc.tuple(fc.nat(29), fc.integer({ min: 1, max: 10 }), fc.option(fc.nat(30), { nil: undefined })).map(
    ([from, count, gap]): ProgressLog => ({
      sessionId: 'a',
      epoch: FIRST,
      from,
      lines: LINES.slice(from, from + count),
      ...(gap !== undefined && { gap }),
    }),
  ),
  { maxLength: 30 },
)

type Apply = typeof withSnapshot

/** The states that were shown, each as it came. */
function shown(messages: readonly Snapshot[], apply: Apply): readonly Snapshot[] {
  let view: View = UNKNOWN
  return messages.flatMap((message) => {
    const after = apply(view, message)
    if (after === view) return []
    view = after
    return after.snapshot ? [after.snapshot] : []
  })
}

function grows(messages: readonly Snapshot[], apply: Apply): boolean {
  const all = shown(messages, apply)
  return all.every((snapshot, index) => {
    const before = all[index - 1]
    return !before || comparePositions(snapshot, before) > 0
  })
}

function endsOnce(messages: readonly Snapshot[], apply: Apply): boolean {
  const ends = shown(messages, apply).filter(({ status }) => status !== 'active')
  return new Set(ends.map(({ epoch }) => epoch)).size === ends.length
}

/** So many lines, those in gaps included; each stands where its number says. */
function counted({ log }: View): number {
  return log.reduce((next, item) => {
    if ('gap' in item) return next + item.gap
    expect([item.line, item.text]).toEqual([next, `line ${next}`])
    return next + 1
  }, 0)
}

describe('whatever comes, in whatever order', () => {
  it('G1, 108: positions strictly grow', () => {
    fc.assert(
      fc.property(received, (messages) => grows(messages, withSnapshot)),
      { numRuns: 1_000 },
    )
  })

  it('G2: what is shown is what was sent, never a mixture', () => {
    fc.assert(fc.property(received, (messages) => shown(messages, withSnapshot).every((one) => HISTORY.includes(one))))
  })

  it('G3: the newest of all wins', () => {
    fc.assert(
      fc.property(
        received.filter(({ length }) => length > 0),
        (messages) => {
          const newest = [...messages].sort(comparePositions).at(-1)
          expect(shown(messages, withSnapshot).at(-1)).toEqual(newest)
        },
      ),
    )
  })

  it('G4, G5: an epoch ends once, and nothing comes after', () => {
    const odd = received.map((messages) => [...messages, state(10, { status: 'error' }), state(11)])
    fc.assert(fc.property(odd, (messages) => endsOnce(messages, withSnapshot)))
  })

  it('the properties notice a view without a filter, and one that lets states follow an end', () => {
    const last: Apply = (view, snapshot) => ({ ...view, snapshot })
    const unending: Apply = (view, snapshot) => {
      const known = view.snapshot
      return !known || comparePositions(snapshot, known) > 0 ? { ...view, snapshot } : view
    }
    expect(fc.check(fc.property(received, (messages) => grows(messages, last))).failed).toBe(true)
    const odd = received.map((messages) => [...messages, state(10, { status: 'error' })])
    expect(
      fc.check(
        fc.property(odd, (messages) => endsOnce(messages, unending)),
        { numRuns: 1_000 },
      ).failed,
    ).toBe(true)
  })
})

describe('output, in whatever pieces', () => {
  it('lines are numbered once and in order; what is missing is a gap of that size, or asked for', () => {
    fc.assert(
      fc.property(pieces, (logs) => {
        let view = withSnapshot(UNKNOWN, state(1))
        for (const log of logs) {
          const taken = withLog(view, log)
          if (taken === 'missed') {
            expect(log.from - view.lastLine - 1).toBeGreaterThan(log.gap ?? 0)
            continue
          }
          expect(taken.view.log).toEqual([...view.log, ...taken.news])
          view = taken.view
        }
        expect(counted(view)).toBe(view.lastLine + 1)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('hostile input', () => {
  const odd = fc.oneof(
    fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withSparseArray: true }),
    fc.constant({ toString: 1, valueOf: 1 }),
    fc.constant(Symbol('odd')),
  )
  /** A valid message of which some fields are anything. */
  const spoiled = (valid: object): fc.Arbitrary<unknown> => {
    const keys = Object.keys(valid)
    const fields = fc.array(fc.tuple(fc.constantFrom(...keys), odd), { maxLength: 4 })
    return fields.map((entries) => ({ ...valid, ...Object.fromEntries(entries) }))
  }

  it('isSnapshot never throws, and what it lets through a view can bear', () => {
    fc.assert(
      fc.property(fc.oneof(odd, spoiled(state(3)), spoiled(state(3, { status: 'error' }))), (value) => {
        if (!isSnapshot(value)) return
        withSnapshot(withSnapshot(UNKNOWN, state(2)), value)
        expect(Number.isSafeInteger(value.revision)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('isLog never throws, and what it lets through a view can bear', () => {
    const log = { sessionId: 'a', epoch: FIRST, from: 1, gap: 0, lines: [{ text: 'x', level: 'info', at: 1 }] }
    fc.assert(
      fc.property(fc.oneof(odd, spoiled(log)), (value) => {
        if (isLog(value)) withLog(withSnapshot(UNKNOWN, state(2)), value)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['no object', null],
    ['an id that is none', { ...state(1), sessionId: '__proto__' }],
    ['an epoch that prints as one', { ...state(1), epoch: [FIRST] }],
    ['an epoch that cannot be printed', { ...state(1), epoch: { toString: 1, valueOf: 1 } }],
    ['a revision as text', { ...state(1), revision: '1' }],
    ['a revision that is no whole number', { ...state(1), revision: 1.5 }],
    ['a status of its own', { ...state(1), status: 'paused' }],
    ['no progress', { ...state(1), progress: Number.NaN }],
    ['a text', 'active'],
    ['a revision below nothing', state(-1)],
    ['no metadata', { ...state(1), metadata: null }],
    ['metadata as text', { ...state(1), metadata: '{}' }],
    ['an error without one', { ...state(1, { status: 'error' }), error: undefined }],
    ['an error that is null', { ...state(1, { status: 'error' }), error: null }],
    ['an error as text', { ...state(1, { status: 'error' }), error: 'SQLITE_BUSY' }],
  ])('35: %s is no state', (_name, value) => {
    expect(isSnapshot(value)).toBe(false)
  })
})
