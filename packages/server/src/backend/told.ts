// What was told of other processes' sessions: the same state, or an older one, is not told again.
import { comparePositions, isEnd, type Positioned, type Snapshot } from '@progress/protocol'
import { DEFAULTS } from '../defaults'

/** The newest position of each session that was heard of, in bounded numbers. */
export class Told {
  readonly #active = new Map<string, Positioned>()
  readonly #ended = new Map<string, Positioned>()

  /** Is it news? `made`: a session, or a life of one, that was not heard of before. From now on it is known. */
  take(snapshot: Snapshot): 'made' | 'changed' | null {
    const { sessionId, epoch, revision } = snapshot
    const ended = this.#ended.get(sessionId)
    const before = this.#active.get(sessionId) ?? ended
    if (before && comparePositions(snapshot, before) <= 0) return null
    if (ended?.epoch === epoch) return null
    this.#active.delete(sessionId)
    this.#ended.delete(sessionId)
    if (isEnd(snapshot)) keep(this.#ended, sessionId, { epoch, revision }, DEFAULTS.endsKept)
    else keep(this.#active, sessionId, { epoch, revision }, DEFAULTS.sessions)
    return before?.epoch === epoch ? 'changed' : 'made'
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.set(key, value)
  if (map.size <= most) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
