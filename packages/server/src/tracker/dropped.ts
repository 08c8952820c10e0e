// Odd things that a job passed, signalled once each: a loop that passes the same ten times a second says it once.
import type { Signals } from '../observe/signals'

/** So many are remembered; the oldest is forgotten first, and would be told again. */
const REMEMBERED = 10_000
/** What is shown of an id that is none. */
const ID_CHARS = 64

/** Tells `dropped`, once for each session and reason. */
export class Dropped {
  readonly #signals: Signals
  readonly #told = new Set<string>()

  constructor(signals: Signals) {
    this.#signals = signals
  }

  /** @param epoch of the session, where there is one: each life of an id is told of anew */
  tell(id: unknown, reason: string, epoch = ''): void {
    const sessionId = typeof id === 'string' ? id.slice(0, ID_CHARS) : ''
    const name = `${epoch} ${sessionId} ${reason}`
    if (this.#told.has(name)) return
    this.#told.add(name)
    if (this.#told.size > REMEMBERED) this.#forgetOldest()
    this.#signals.tell('dropped', { sessionId, reason })
  }

  #forgetOldest(): void {
    const [oldest] = this.#told
    if (oldest !== undefined) this.#told.delete(oldest)
  }
}
