// What an element has seen of a session, and which of its changes are worth saying aloud: phases, quarters and the end.
import type { WatchState } from '../sessions/watchState'
import { isEnd, numberOf, textOf } from './reading'

/** What was seen of one epoch. */
export interface Seen {
  readonly epoch: string | undefined
  /** Phases in the order of their coming, the present one among them. */
  readonly steps: readonly string[]
  readonly quarter: number
  readonly isOver: boolean
  /** It could be cancelled at some time: if it cannot now, it is shielded. */
  readonly wasCancellable: boolean
}

/** What a state added. `step`: a new phase or a quarter. `end`: once per epoch. */
export interface Sight {
  readonly seen: Seen
  readonly news?: 'step' | 'end'
}

/** Nothing yet. */
export const UNSEEN: Seen = Object.freeze({
  epoch: undefined,
  steps: Object.freeze([]),
  quarter: 0,
  isOver: false,
  wasCancellable: false,
})

const MAX_STEPS = 12 // odd peers may invent a phase per state

/** Adds a state to what was seen. The first one of an epoch is no news, unless it is the end. */
export function see(before: Seen, state: WatchState): Sight {
  const isGone = state.status === 'gone'
  if (!isGone && !('epoch' in state)) return { seen: before }
  const epoch = isGone ? before.epoch : textOf(state.epoch)
  const isFirst = epoch !== before.epoch
  const last = isFirst ? { ...UNSEEN, epoch } : before
  if (last.isOver) return { seen: last }
  if (isGone || isEnd(state)) return { seen: { ...last, isOver: true }, news: 'end' }
  const phase = textOf(state.phase)
  const isNew = phase !== '' && !last.steps.includes(phase) && last.steps.length < MAX_STEPS
  const quarter = Math.min(3, Math.floor(numberOf(state.progress) / 25))
  const seen: Seen = {
    ...last,
    steps: isNew ? [...last.steps, phase] : last.steps,
    quarter: Math.max(last.quarter, quarter),
    wasCancellable: last.wasCancellable || ('cancellable' in state && state.cancellable === true),
  }
  return !isFirst && (isNew || quarter > last.quarter) ? { seen, news: 'step' } : { seen }
}
