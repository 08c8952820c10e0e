// What was committed, as the tracker's own process had it: states that were shown come in, those that never were so come out.
import { isDeepStrictEqual } from 'node:util'
import { positionOf, type Snapshot } from '@progress/protocol/wire'
import type { ProgressTracker } from '@progress/server'
import type { Shown } from './party'

/**
 * The book of all that a tracker committed: what it told, and what it brought up to date for a reader in between, who is told
 * alone.
 */
export class Truth {
  /** By session, then by position. */
  readonly #committed = new Map<string, Map<string, unknown>>()

  constructor(tracker: ProgressTracker) {
    const node = tracker['~node']
    const note = ({ snapshot }: { readonly snapshot: Snapshot }): void => this.note(snapshot)
    node.listen({ made: note, changed: note })
    const local = node.local.bind(node)
    node.local = (sessionId) => {
      const entry = local(sessionId)
      if (entry) note(entry)
      return entry
    }
  }

  /** It was committed so. */
  note(snapshot: Snapshot): void {
    const { sessionId } = snapshot
    const states = this.#committed.get(sessionId) ?? new Map<string, unknown>()
    this.#committed.set(sessionId, states.set(positionOf(snapshot), asSent(snapshot)))
  }

  /** Each state that was not committed so, in words. */
  untrue(shown: readonly Shown[]): readonly string[] {
    return shown.flatMap((state) => {
      const committed = this.#committed.get(state.sessionId)?.get(positionOf(state))
      if (isDeepStrictEqual(asSent(state), committed)) return []
      return [`G2: ${JSON.stringify(state)} was shown, and committed as ${JSON.stringify(committed)}`]
    })
  }

  /** Of a run that is over nothing is needed any more. */
  forget(sessionId: string): void {
    this.#committed.delete(sessionId)
  }
}

function asSent(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state))
}
