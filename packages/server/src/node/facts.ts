// Facts about sessions, and those who hear them. A listener that throws keeps nothing from the others.
import type { Entry, Message, StoredLog } from '../backend/contract'
import type { Signals } from '../observe/signals'

/** A fact about a session, of this process or of another. Heard in the order in which they happen. */
export interface FactListener {
  /** A session is there that was not known before, or a new epoch of it. */
  made?(entry: Entry): void
  /** It changed or ended. */
  changed?(entry: Entry): void
  logged?(sessionId: string, epoch: string, tail: StoredLog): void
  /** Rights or logins were withdrawn, here or elsewhere. */
  revoked?(whose: Extract<Message, { kind: 'revoke' }>['whose']): void
  /** The backend was away: something may have been missed. */
  gap?(): void
}

/** Where the facts of a process are told and heard. */
export class FactBoard {
  readonly #signals: Signals
  readonly #first = new Set<FactListener>()
  readonly #later = new Set<FactListener>()

  constructor(signals: Signals) {
    this.#signals = signals
  }

  /** Hears facts from now on; the answer stops it. `first`: before all that are not. */
  listen(listener: FactListener, order: 'first' | 'later'): () => void {
    const listeners = order === 'first' ? this.#first : this.#later
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  /** Tells a fact to everybody who listens now. Never throws. */
  tell(tellOne: (listener: FactListener) => void): void {
    for (const listener of [...this.#first, ...this.#later]) {
      try {
        tellOne(listener)
      } catch (cause) {
        this.#signals.tell('handler-failed', { where: 'fact', cause })
      }
    }
  }
}
