// The caller's own sessions, as the server tells of them.
import { comparePositions, LIMITS, positionOf, type Snapshot } from '@progress/protocol/wire'
import { tellAll } from '../report'
import { Ends } from './ends'
import { isSnapshot } from './view'
import type { MyState } from './watches'
import type { End } from './watchState'

const NOTHING: MyState = Object.freeze({ status: 'waiting', sessions: Object.freeze([]) })

/** A list that stays right, whatever comes twice, late or out of order. */
export class MyList {
  readonly states = new Set<(state: MyState) => void>()
  readonly ends = new Set<(end: End) => void>()
  /** So many look at it. */
  watchers = 0
  readonly #sessions = new Map<string, Snapshot>()
  readonly #told = new Ends()
  #state: MyState = NOTHING

  get state(): MyState {
    return this.#state
  }

  /** What a sync says of what is known: what runs first. */
  positions(room: number): Record<string, string> {
    const named = this.#state.sessions.slice(0, Math.max(0, room))
    return Object.fromEntries(named.map((snapshot) => [snapshot.sessionId, positionOf(snapshot)]))
  }

  /** Is this one of them? */
  has(sessionId: string): boolean {
    return this.#sessions.has(sessionId)
  }

  /** The whole list. Of the first one no end is news: it was there before anybody looked. */
  replace(values: readonly unknown[]): void {
    const listed = values.filter(isSnapshot)
    const named = new Set(listed.map(({ sessionId }) => sessionId))
    const isFirst = this.#state.status === 'waiting'
    // What was told while the first list was on its way may be newer than the list.
    if (!isFirst) for (const id of [...this.#sessions.keys()]) if (!named.has(id)) this.#sessions.delete(id)
    const fresh = listed.filter((snapshot) => this.#put(snapshot))
    if (isFirst)
      for (const { sessionId, epoch, status } of listed) if (status !== 'active') this.#told.tell(sessionId, epoch)
    // An end that was told meanwhile is news, though the list has nothing to add to it.
    this.#publish(isFirst ? [...this.#sessions.values()] : fresh)
  }

  /** Those that changed. */
  take(values: readonly unknown[]): void {
    const news = values.filter(isSnapshot).filter((snapshot) => this.#put(snapshot))
    if (news.length > 0 && this.#state.status === 'ready') this.#publish(news)
  }

  /** Kept no longer. */
  remove(sessionId: string): void {
    if (this.#sessions.delete(sessionId) && this.#state.status === 'ready') this.#publish([])
  }

  /** Nobody looks any more: the next one begins anew. What was told stays told. */
  clear(): void {
    this.#sessions.clear()
    this.#state = NOTHING
  }

  #put(snapshot: Snapshot): boolean {
    const known = this.#sessions.get(snapshot.sessionId)
    if (known && comparePositions(snapshot, known) <= 0) return false
    if (known && known.status !== 'active' && known.epoch === snapshot.epoch) return false
    this.#sessions.set(snapshot.sessionId, snapshot)
    return true
  }

  #publish(news: readonly Snapshot[]): void {
    this.#forgetOldEnds()
    const sessions = Object.freeze([...this.#sessions.values()].sort(inOrder))
    this.#state = Object.freeze({ status: 'ready', sessions })
    tellAll(this.states, this.#state)
    for (const snapshot of news) {
      if (snapshot.status === 'active' || !this.#told.tell(snapshot.sessionId, snapshot.epoch)) continue
      tellAll(this.ends, snapshot as End)
    }
  }

  /** A page that is open for days does not grow for days. */
  #forgetOldEnds(): void {
    const ended = [...this.#sessions.values()].filter(({ status }) => status !== 'active')
    const over = ended.sort(inOrder).slice(LIMITS.syncEntries)
    for (const { sessionId } of over) this.#sessions.delete(sessionId)
  }
}

/** What runs first, then what has ended, each the newest first. */
function inOrder(a: Snapshot, b: Snapshot): number {
  const [isOverA, isOverB] = [a.status !== 'active', b.status !== 'active']
  if (isOverA !== isOverB) return isOverA ? 1 : -1
  return isOverA ? b.timestamp - a.timestamp : b.createdAt - a.createdAt
}
