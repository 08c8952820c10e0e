import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIAL_MS, type Input, isRefusal, PATIENCE_MS } from './machine'
import { does, last, waitOf, walk } from './rows.test-kit'

const CONNECT: Input = { type: 'connect' }
const OPENED: Input = { type: 'opened' }
const FAILED: Input = { type: 'failed' }
const TIMER: Input = { type: 'timer' }
const DROPPED: Input = { type: 'dropped' }
const EXPIRED: Input = { type: 'refused', code: 'EXPIRED' }
/** It stood for long enough to count as up. */
const STEADY = [CONNECT, OPENED, TIMER]

describe('patience', () => {
  it('S0-53: after 2 s without a connection the next way is used, and the dial goes on', () => {
    expect([PATIENCE_MS, DIAL_MS]).toEqual([2_000, 3_000])
    expect(waitOf(walk([CONNECT]))).toBe(2_000)
    const patient = walk([CONNECT, TIMER])
    expect(last(patient)).toEqual([{ do: 'fallBack' }, { do: 'wait', ms: 1_000 }])
    expect(patient.state.name).toBe('dialing')
  })

  it('S0-53: after 3 s a dial is given up, and hung up', () => {
    const late = walk([CONNECT, TIMER, TIMER])
    expect(last(late)[0]).toEqual({ do: 'hangUp' })
    expect([late.state.name, waitOf(late), does(late, 'fallBack')]).toEqual(['waiting', 1_000, false])
  })

  it('a dial while the next way is in use has the whole 3 s', () => {
    expect(waitOf(walk([CONNECT, FAILED, TIMER]))).toBe(3_000)
  })

  it('the next way is let go as soon as the first stands', () => {
    const back = walk([CONNECT, FAILED, TIMER, OPENED])
    expect([back.state.isBeside, does(back, 'standAlone')]).toEqual([false, true])
  })
})

describe('the state and what was asked for agree', () => {
  it('the next way is in use from `fallBack` to `standAlone`, whatever happens', () => {
    const inputs: Input[] = [CONNECT, OPENED, FAILED, TIMER, DROPPED, EXPIRED, { type: 'close' }]
    const hard: Input[] = [
      { type: 'dropped', isSilent: true },
      { type: 'dropped', retryAfterMs: 9_000 },
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...inputs, ...hard), { maxLength: 40 }), fc.boolean(), (row, mayRenew) => {
        const { state, effects } = walk(row, { mayRenew })
        const last = effects.flat().findLast((effect) => effect.do === 'fallBack' || effect.do === 'standAlone')
        expect(state.isBeside).toBe(last?.do === 'fallBack')
      }),
      { numRuns: 1_000 },
    )
  })

  it('who asks while it waits does not wait, and begins no new row: given up is given up', () => {
    const asked = Array.from({ length: 4 }, (): Input[] => [CONNECT, FAILED]).flat()
    const fifth = walk([CONNECT, FAILED, ...asked])
    expect([fifth.state.name, does(fifth, 'tellFailed')]).toEqual(['polling', true])
  })
})

describe('a link that falls', () => {
  it('S0-73: what stood for long is dialled again at once', () => {
    expect(last(walk([...STEADY, DROPPED]))).toEqual([{ do: 'wait', ms: 2_000 }, { do: 'dial' }])
  })

  it('what fell silent is dialled at once, with the next way beside it', () => {
    const silent = walk([...STEADY, { type: 'dropped', isSilent: true }])
    expect(last(silent)).toEqual([{ do: 'fallBack' }, { do: 'wait', ms: 3_000 }, { do: 'dial' }])
  })

  it('108: a link that flaps is dialled ever more slowly, and at last in the background', () => {
    const flap: Input[] = [OPENED, DROPPED, TIMER]
    const waits = [1, 2, 3, 4, 5].map((times) => {
      return waitOf(
        walk([
          CONNECT,
          ...Array.from({ length: times }, () => flap)
            .flat()
            .slice(0, -1),
        ]),
      )
    })
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000])
    expect(
      walk([
        CONNECT,
        ...Array.from({ length: 5 }, () => flap)
          .flat()
          .slice(0, -1),
      ]).state.name,
    ).toBe('polling')
  })

  it('108: a link that flapped until it was given up leaves the next way in use', () => {
    const row = Array.from({ length: 5 }, (): Input[] => [OPENED, DROPPED, TIMER]).flat()
    const given = walk([CONNECT, ...row.slice(0, -1)])
    expect(last(given).map((effect) => effect.do)).toEqual(['fallBack', 'tellFailed', 'wait'])
  })

  it('108: no input dials twice in a row without a wait in between, but for a link that stood', () => {
    const inputs = fc.array(fc.constantFrom(OPENED, FAILED, DROPPED, CONNECT), { maxLength: 60 })
    fc.assert(
      fc.property(inputs, (row) => {
        // Nobody waits: no timer fires, and nobody asks.
        const dials = walk([CONNECT, ...row.filter((input) => input !== CONNECT)])
          .effects.flat()
          .filter((one) => one.do === 'dial')
        expect(dials).toHaveLength(1)
      }),
    )
  })
})

describe('what the server asks for', () => {
  it('a wait that it names is stretched by up to a quarter, and never shortened', () => {
    const ms = fc.integer({ min: 1, max: 600_000 })
    fc.assert(
      fc.property(ms, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (retryAfterMs, random) => {
        for (const row of [
          [CONNECT, { type: 'failed', retryAfterMs }],
          [...STEADY, { type: 'dropped', retryAfterMs }],
          [CONNECT, OPENED, { type: 'dropped', retryAfterMs }],
        ] satisfies Input[][]) {
          const wait = waitOf(walk(row, { random })) ?? 0
          expect(wait).toBeGreaterThanOrEqual(retryAfterMs)
          expect(wait).toBeLessThanOrEqual(Math.max(1_200, Math.round(retryAfterMs * 1.25)))
        }
      }),
    )
  })

  it('a wait that no timer can hold is bounded: it would fire at once', () => {
    for (const retryAfterMs of [1e12, Number.POSITIVE_INFINITY]) {
      expect(waitOf(walk([CONNECT, { type: 'failed', retryAfterMs }]))).toBe(675_000)
    }
    for (const retryAfterMs of [Number.NaN, -5]) {
      expect(waitOf(walk([CONNECT, { type: 'failed', retryAfterMs }]))).toBe(1_000)
    }
  })

  it('a wait that is longer than 2 s is spent with the next way', () => {
    expect(does(walk([...STEADY, { type: 'dropped', retryAfterMs: 1_000 }]), 'fallBack')).toBe(false)
    expect(does(walk([...STEADY, { type: 'dropped', retryAfterMs: 5_000 }]), 'fallBack')).toBe(true)
    const exact = (retryAfterMs: number) => walk([...STEADY, { type: 'dropped', retryAfterMs }], { random: 0 })
    expect([2_000, 2_001].map((ms) => does(exact(ms), 'fallBack'))).toEqual([false, true])
  })
})

describe('refusals', () => {
  it('112: credentials that expired are asked for anew, once', () => {
    const renewed = walk([CONNECT, EXPIRED], { mayRenew: true })
    expect(last(renewed)).toEqual([{ do: 'hangUp' }, { do: 'wait', ms: 2_000 }, { do: 'dial' }])
    expect(walk([CONNECT, EXPIRED, EXPIRED], { mayRenew: true }).state.name).toBe('refused')
    expect(walk([CONNECT, EXPIRED, FAILED, TIMER, EXPIRED], { mayRenew: true }).state.name).toBe('refused')
    expect(walk([CONNECT, EXPIRED]).state.name).toBe('refused')
    expect(walk([CONNECT, { type: 'refused', code: 'REVOKED' }], { mayRenew: true }).state.name).toBe('refused')
  })

  it('112: once more after they had served for a while', () => {
    const served = [CONNECT, EXPIRED, OPENED, TIMER, EXPIRED]
    expect(walk(served, { mayRenew: true }).state.name).toBe('dialing')
    expect(walk([CONNECT, EXPIRED, OPENED, EXPIRED], { mayRenew: true }).state.name).toBe('refused')
  })

  it('112: once more when somebody asks after that', () => {
    const again = walk([CONNECT, EXPIRED, EXPIRED, CONNECT, EXPIRED], { mayRenew: true })
    expect([again.state.name, again.state.isRenewed]).toEqual(['dialing', true])
  })

  it('a refusal is final until somebody asks', () => {
    const others: Input[] = [OPENED, FAILED, DROPPED, TIMER, EXPIRED, { type: 'refused', code: 'REVOKED' }]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...others), { maxLength: 30 }), (row) => {
        const { state, effects } = walk(
          row,
          { mayRenew: true },
          walk([CONNECT, { type: 'refused', code: 'REVOKED' }]).state,
        )
        expect([state.name, effects.flat()]).toEqual(['refused', []])
      }),
    )
    const again = walk([CONNECT, { type: 'refused', code: 'REVOKED' }, CONNECT])
    expect([again.state.name, again.state.attempt]).toEqual(['dialing', 1])
  })

  it('a code is a refusal unless it may be tried again', () => {
    const codes = ['UNAUTHENTICATED', 'REVOKED', 'BAD_ADDRESS', 'OF_THE_APP', 'DRAINING', 'SLOW', 'LIMIT', undefined]
    expect(codes.map(isRefusal)).toEqual([true, true, true, true, false, false, false, false])
  })
})
