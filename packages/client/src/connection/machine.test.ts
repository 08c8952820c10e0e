import { describe, expect, it } from 'vitest'
import { type Effect, type Facts, type Input, next, type State, type StateName } from './machine'

const FACTS: Facts = { random: 0.5, mayRenew: false, capMs: 30_000 }
const STATES: readonly StateName[] = ['idle', 'dialing', 'open', 'waiting', 'polling', 'refused', 'closed']
const INPUTS: readonly Input[] = [
  { type: 'connect' },
  { type: 'opened' },
  { type: 'failed' },
  { type: 'refused', code: 'UNAUTHENTICATED' },
  { type: 'dropped' },
  { type: 'timer' },
  { type: 'close' },
]

/** Where each stands in the table: one attempt was made, nothing else is in use. */
function stateOf(name: StateName): State {
  const attempt = { idle: 0, dialing: 1, open: 0, waiting: 1, polling: 5, refused: 1, closed: 1 }[name]
  return { name, attempt, isBeside: false, isRenewed: false }
}

function short(effect: Effect): string {
  return effect.do === 'wait' ? `wait ${effect.ms}` : effect.do
}

type Cell = readonly [name: StateName, ...effects: string[]]
type Table = { readonly [S in StateName]: { readonly [I in Input['type']]: Cell } }

const CLOSED: Cell = ['closed', 'stopWaiting', 'hangUp', 'standAlone']
const DIALS: Cell = ['dialing', 'wait 2000', 'dial']

/** Every cell. A cell whose effects are none and whose state is its own is an input that is too late to mean anything. */
const TABLE: Table = {
  idle: {
    connect: DIALS,
    opened: ['idle'],
    failed: ['idle'],
    refused: ['idle'],
    dropped: ['idle'],
    timer: ['idle'],
    close: CLOSED,
  },
  dialing: {
    connect: ['dialing'],
    opened: ['open', 'wait 2000', 'standAlone'],
    failed: ['waiting', 'fallBack', 'wait 1000'],
    refused: ['refused', 'hangUp', 'stopWaiting', 'standAlone'],
    dropped: ['dialing'],
    timer: ['dialing', 'fallBack', 'wait 1000'],
    close: CLOSED,
  },
  open: {
    connect: ['open'],
    opened: ['open'],
    failed: ['open'],
    refused: ['refused', 'hangUp', 'stopWaiting', 'standAlone'],
    dropped: DIALS,
    timer: ['open'],
    close: CLOSED,
  },
  waiting: {
    connect: DIALS,
    opened: ['waiting'],
    failed: ['waiting'],
    refused: ['refused', 'stopWaiting', 'standAlone'],
    dropped: ['waiting'],
    timer: DIALS,
    close: CLOSED,
  },
  polling: {
    connect: DIALS,
    opened: ['polling'],
    failed: ['polling'],
    refused: ['refused', 'stopWaiting', 'standAlone'],
    dropped: ['polling'],
    timer: DIALS,
    close: CLOSED,
  },
  refused: {
    connect: DIALS,
    opened: ['refused'],
    failed: ['refused'],
    refused: ['refused'],
    dropped: ['refused'],
    timer: ['refused'],
    close: CLOSED,
  },
  closed: {
    connect: ['closed'],
    opened: ['closed'],
    failed: ['closed'],
    refused: ['closed'],
    dropped: ['closed'],
    timer: ['closed'],
    close: ['closed'],
  },
}

const cells = STATES.flatMap((name) => INPUTS.map((input) => ({ name, input, type: input.type })))

/** The cells in which a machine does something else than the table says. */
function differences(machine: typeof next): string[] {
  return cells.flatMap(({ name, input }) => {
    const [state, effects] = machine(stateOf(name), input, FACTS)
    const [is, should] = [[state.name, ...effects.map(short)].join(), TABLE[name][input.type].join()]
    return is === should ? [] : [`${name} ${input.type}: ${is}`]
  })
}

describe('the machine', () => {
  it.each(cells)('S0-56: $name, $type', ({ name, input }) => {
    const [state, effects] = next(stateOf(name), input, FACTS)
    expect([state.name, ...effects.map(short)]).toEqual(TABLE[name][input.type])
  })

  it('the table has 7 states x 7 inputs, and all of them are tried', () => {
    expect(Object.keys(TABLE)).toEqual(STATES)
    for (const name of STATES) expect(Object.keys(TABLE[name])).toHaveLength(7)
    expect(new Set(cells.map(({ name, type }) => `${name} ${type}`)).size).toBe(49)
  })

  it('the table tells machines that do not take no for an answer', () => {
    const deaf: typeof next = (state, input, facts) =>
      next(state, input.type === 'refused' ? { type: 'failed' } : input, facts)
    const eager: typeof next = (state, input, facts) =>
      next(state, state.name === 'refused' && input.type === 'timer' ? { type: 'connect' } : input, facts)
    expect(differences(next)).toEqual([])
    expect(differences(deaf)).toEqual([
      'dialing refused: waiting,fallBack,wait 1000',
      'open refused: open',
      'waiting refused: waiting',
      'polling refused: polling',
    ])
    expect(differences(eager)).toEqual(['refused timer: dialing,wait 2000,dial'])
  })

  it('an input that means nothing keeps the very same state', () => {
    for (const { name, input } of cells) {
      const [target, ...effects] = TABLE[name][input.type]
      const before = stateOf(name)
      const isRest = name === 'open' && input.type === 'timer' // it counts as steady from here on
      if (target === name && effects.length === 0 && !isRest) expect(next(before, input, FACTS)[0]).toBe(before)
    }
  })
})
