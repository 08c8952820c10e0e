// Walks the machine through inputs, one after the other.
import { type Effect, type Facts, IDLE_STATE, type Input, next, type State } from './machine'

/** What the walks are told unless a test says otherwise: jitter in the middle, that is none. */
export const FACTS: Facts = { random: 0.5, mayRenew: false, capMs: 30_000 }

/** The last state, and the effects of each input. */
export interface Walked {
  readonly state: State
  readonly effects: readonly (readonly Effect[])[]
}

/** From idle, or from a state, through all inputs. */
export function walk(inputs: readonly Input[], facts: Partial<Facts> = {}, from: State = IDLE_STATE): Walked {
  let state = from
  const effects = inputs.map((input) => {
    const step = next(state, input, { ...FACTS, ...facts })
    state = step[0]
    return step[1]
  })
  return { state, effects }
}

/** The last effects. */
export function last({ effects }: Walked): readonly Effect[] {
  return effects.at(-1) ?? []
}

/** How long the last input makes it wait; `undefined`: it sets no timer. */
export function waitOf(walked: Walked): number | undefined {
  return last(walked).reduce<number | undefined>((ms, effect) => (effect.do === 'wait' ? effect.ms : ms), undefined)
}

/** Does the last input lead to this? */
export function does(walked: Walked, what: Effect['do']): boolean {
  return last(walked).some((effect) => effect.do === what)
}
