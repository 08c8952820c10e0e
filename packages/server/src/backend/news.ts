// May a state take the place of the stored one? The rule of `put`, for every backend that decides in this process.
import { comparePositions, isEnd, type Positioned } from '@progress/protocol'
import type { Entry } from './contract'

/** What the rule asks of a state. */
export interface Standing extends Positioned {
  readonly owner: string | null
  readonly isEnded: boolean
}

/** What the rule asks of an entry. */
export function standingOf({ snapshot, owner }: Entry): Standing {
  const { epoch, revision } = snapshot
  return { epoch, revision, owner, isEnded: isEnd(snapshot) }
}

/** Is it newer, and may it follow? Nothing follows an end in its epoch, and nobody else's takes the place of what is live. */
export function isNews(state: Standing, before: Standing): boolean {
  if (comparePositions(state, before) <= 0) return false
  if (!before.isEnded) return state.owner === before.owner
  return state.epoch !== before.epoch
}
