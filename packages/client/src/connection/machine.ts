// How one way to the server is kept up: a state and an input come in, a state and what is to be done come out.

import type { Code } from '@progress/protocol/wire'
import { isRetryable } from '@progress/protocol/wire'
import { ATTEMPTS, someday, soon } from './backoff'

/** Where a connection stands. */
export type StateName = 'idle' | 'dialing' | 'open' | 'waiting' | 'polling' | 'refused' | 'closed'

/** A state of the machine. */
export interface State {
  readonly name: StateName
  /** Dials in this row: since the connection last stood for a while, or somebody asked for one. */
  readonly attempt: number
  /** The next way is in use meanwhile. */
  readonly isBeside: boolean
  /** The credentials were asked for anew once, and that did not help. */
  readonly isRenewed: boolean
}

/** What happens to a connection. */
export type Input =
  | { readonly type: 'connect' }
  | { readonly type: 'opened' }
  /** A dial came to nothing. */
  | { readonly type: 'failed'; readonly retryAfterMs?: number | undefined }
  /** The server said no. */
  | { readonly type: 'refused'; readonly code: Code }
  /** What stood is gone. */
  | { readonly type: 'dropped'; readonly retryAfterMs?: number | undefined; readonly isSilent?: boolean }
  | { readonly type: 'timer' }
  | { readonly type: 'close' }

/** What is to be done, in this order. */
export type Effect =
  | { readonly do: 'dial' }
  | { readonly do: 'hangUp' }
  /** One timer at a time: the newest counts. */
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'stopWaiting' }
  /** The next way is used until `standAlone`. */
  | { readonly do: 'fallBack' }
  | { readonly do: 'standAlone' }
  /** All attempts of a row have failed. */
  | { readonly do: 'tellFailed' }

/** What the machine cannot know by itself. */
export interface Facts {
  /** 0 <= random < 1 */
  readonly random: number
  /** Can credentials be asked for anew? */
  readonly mayRenew: boolean
  /** The longest wait between attempts in the background. */
  readonly capMs: number
}

/** A state, and what is to be done. */
export type Step = readonly [state: State, effects: readonly Effect[]]

/** So long without a connection, and the next way is used. */
export const PATIENCE_MS = 2_000
/** A dial that takes longer is given up. */
export const DIAL_MS = 3_000
/** What stood for so long counts as up; what falls sooner is not dialled again at once. */
const STEADY_MS = 2_000
/** Longest wait that a server can ask for: a timer that is asked for more than it can hold fires at once. */
const ASKED_MS = 600_000

/** Before anything has happened. */
export const IDLE_STATE: State = Object.freeze({ name: 'idle', attempt: 0, isBeside: false, isRenewed: false })

/** What comes of an input. Inputs that make no sense in a state, late ones, change nothing. */
export function next(state: State, input: Input, facts: Facts): Step {
  switch (state.name) {
    case 'idle':
      return fromIdle(state, input)
    case 'dialing':
      return fromDialing(state, input, facts)
    case 'open':
      return fromOpen(state, input, facts)
    case 'waiting':
    case 'polling':
      return fromPause(state, input)
    case 'refused':
      return fromRefused(state, input)
    case 'closed':
      return [state, []]
    default:
      return never(state.name)
  }
}

function fromIdle(state: State, input: Input): Step {
  switch (input.type) {
    case 'connect':
      return dial({ ...state, attempt: 0 })
    case 'close':
      return close(state)
    case 'opened':
    case 'failed':
    case 'refused':
    case 'dropped':
    case 'timer':
      return [state, []]
    default:
      return never(input)
  }
}

function fromDialing(state: State, input: Input, facts: Facts): Step {
  switch (input.type) {
    case 'opened':
      return [{ ...state, name: 'open', isBeside: false }, [{ do: 'wait', ms: STEADY_MS }, { do: 'standAlone' }]]
    case 'failed':
      return retry(state, input.retryAfterMs, facts)
    case 'timer': {
      if (state.isBeside) return andHangUp(retry(state, undefined, facts))
      const beside: State = { ...state, isBeside: true }
      return [beside, [{ do: 'fallBack' }, { do: 'wait', ms: DIAL_MS - PATIENCE_MS }]]
    }
    case 'refused':
      return refuse(state, input.code, facts)
    case 'close':
      return close(state)
    case 'connect':
    case 'dropped':
      return [state, []]
    default:
      return never(input)
  }
}

function fromOpen(state: State, input: Input, facts: Facts): Step {
  switch (input.type) {
    case 'dropped':
      return redial(state, input, facts)
    case 'timer':
      return [{ ...state, attempt: 0, isRenewed: false }, []]
    case 'refused':
      return refuse(state, input.code, facts)
    case 'close':
      return close(state)
    case 'connect':
    case 'opened':
    case 'failed':
      return [state, []]
    default:
      return never(input)
  }
}

/** `waiting` for the next attempt of a row, or `polling`: given up, and tried in the background. */
function fromPause(state: State, input: Input): Step {
  switch (input.type) {
    case 'connect': // somebody asks, or a network is back: a new row
      return dial({ ...state, attempt: state.name === 'polling' ? 0 : state.attempt })
    case 'timer':
      return dial(state)
    case 'refused': // by the next way, which asks the same server
      return refused(state)
    case 'close':
      return close(state)
    case 'opened':
    case 'failed':
    case 'dropped':
      return [state, []]
    default:
      return never(input)
  }
}

function fromRefused(state: State, input: Input): Step {
  switch (input.type) {
    case 'connect':
      return dial({ ...state, attempt: 0, isRenewed: false })
    case 'close':
      return close(state)
    case 'opened':
    case 'failed':
    case 'refused':
    case 'dropped':
    case 'timer':
      return [state, []]
    default:
      return never(input)
  }
}

function dial(state: State): Step {
  const ms = state.isBeside ? DIAL_MS : PATIENCE_MS
  return [{ ...state, name: 'dialing', attempt: state.attempt + 1 }, [{ do: 'wait', ms }, { do: 'dial' }]]
}

/** After a dial that came to nothing. */
function retry(state: State, retryAfterMs: number | undefined, facts: Facts): Step {
  return beside(state, pause(state, retryAfterMs ?? 0, facts))
}

/** After what stood is gone: at once if it stood for a while, unless the server says when. */
function redial(state: State, { retryAfterMs = 0, isSilent }: Input & { type: 'dropped' }, facts: Facts): Step {
  if (state.attempt > 0 || retryAfterMs > 0) {
    const paused = pause(state, retryAfterMs, facts)
    return isSilent || waitOf(paused) > PATIENCE_MS ? beside(state, paused) : paused
  }
  // Silence was time without a connection, too.
  return isSilent ? beside(state, dial({ ...state, isBeside: true })) : dial(state)
}

/** The same step, with the next way in use. */
function beside(from: State, [state, effects]: Step): Step {
  return [{ ...state, isBeside: true }, from.isBeside ? effects : [{ do: 'fallBack' }, ...effects]]
}

function waitOf([, effects]: Step): number {
  return effects.reduce((longest, effect) => (effect.do === 'wait' ? Math.max(longest, effect.ms) : longest), 0)
}

function pause(state: State, atLeastMs: number, { random, capMs }: Facts): Step {
  const { attempt } = state
  const isGivenUp = attempt >= ATTEMPTS
  const step = soon(attempt, random)
  // The last way out is never waited for longer than its cap: what is shown hangs on it.
  const ms = isGivenUp || step > capMs ? someday(random, capMs) : step
  // What the server asks for is stretched, never shortened: all of its clients were told the same.
  const asked = Math.round(Math.min(atLeastMs || 0, ASKED_MS) * (1 + random / 4))
  const tell: readonly Effect[] = attempt === ATTEMPTS ? [{ do: 'tellFailed' }] : []
  return [{ ...state, name: isGivenUp ? 'polling' : 'waiting' }, [...tell, { do: 'wait', ms: Math.max(ms, asked) }]]
}

function refuse(state: State, code: Code, { mayRenew }: Facts): Step {
  if (code !== 'EXPIRED' || !mayRenew || state.isRenewed) return andHangUp(refused(state))
  return andHangUp(dial({ ...state, isRenewed: true }))
}

function refused(state: State): Step {
  return [{ ...state, name: 'refused', isBeside: false }, [{ do: 'stopWaiting' }, { do: 'standAlone' }]]
}

function close(state: State): Step {
  return [
    { ...state, name: 'closed', isBeside: false },
    [{ do: 'stopWaiting' }, { do: 'hangUp' }, { do: 'standAlone' }],
  ]
}

function andHangUp([state, effects]: Step): Step {
  return [state, [{ do: 'hangUp' }, ...effects]]
}

/** Is this a code after which the same dial would only be refused again? */
export function isRefusal(code: Code | undefined): code is Code {
  return code !== undefined && !isRetryable(code)
}

function never(impossible: never): never {
  throw new Error(`impossible: ${JSON.stringify(impossible)}`)
}
