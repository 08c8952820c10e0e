// What was lately read of other processes' sessions, kept right by what is heard: many who come at once cost one question. A
// session id comes in, and a state that is never older than what was heard, or read, before it was asked for goes out.
import { type Clock, comparePositions } from '@progress/protocol'
import type { Entry, Message, StoredEntry } from '../backend/contract'

/** Nothing is kept for longer: a message may be lost without anybody noticing. */
const KEPT_MS = 2_000

/** What it needs. */
export interface RecentOptions {
  readonly clock: Clock
  /** Asks the backend. */
  read(sessionId: string): Promise<StoredEntry | null>
  /** Is what others tell heard now? */
  isHearing(): boolean
}

/** One question to the backend, and what is known since. */
interface Look {
  readonly at: number
  readonly answered: Promise<void>
  newest: Entry | null
  /** The epoch of which it was answered that no lines are kept. */
  silentEpoch: string | undefined
  hasHeardLines: boolean
}

/** What was asked within the last 2 s. */
export class Recent {
  readonly #options: RecentOptions
  /** The oldest first. */
  readonly #looks = new Map<string, Look>()

  constructor(options: RecentOptions) {
    this.#options = options
  }

  /** Sessions that are kept. */
  get size(): number {
    return this.#looks.size
  }

  /** What is kept, or is being read; else it is read now. Rejects where that does. What is not there is asked for each time. */
  async read(sessionId: string): Promise<Entry | null> {
    const look = this.#kept(sessionId) ?? this.#begin(sessionId)
    await look.answered
    return look.newest
  }

  /** Is it certain that no lines of this epoch were kept until now? */
  isSilent(sessionId: string, epoch: string): boolean {
    const look = this.#kept(sessionId)
    return look?.silentEpoch === epoch && !look.hasHeardLines
  }

  /** What others tell, before anybody acts on it. */
  hear(message: Message): void {
    this.#sweep()
    if (message.kind === 'changed') this.take(message.entry)
    if (message.kind !== 'log') return
    const look = this.#looks.get(message.sessionId)
    if (look) look.hasHeardLines = true
  }

  /** A state that was told or found: it takes the place of an older one. */
  take(entry: Entry): void {
    const look = this.#looks.get(entry.snapshot.sessionId)
    if (look) renew(look, entry)
  }

  /** Something may have been missed: nothing is kept, nor what is still being read. */
  empty(): void {
    this.#looks.clear()
  }

  #kept(sessionId: string): Look | undefined {
    this.#sweep()
    const look = this.#looks.get(sessionId)
    return look && this.#isKept(look) && this.#options.isHearing() ? look : undefined
  }

  #begin(sessionId: string): Look {
    const { clock, read, isHearing } = this.#options
    const look: Look = {
      at: clock.now(),
      answered: read(sessionId).then(
        (entry) => this.#answer(sessionId, look, entry),
        (cause) => {
          this.#forget(sessionId, look)
          throw cause
        },
      ),
      newest: null,
      silentEpoch: undefined,
      hasHeardLines: false,
    }
    this.#looks.delete(sessionId)
    if (isHearing()) this.#looks.set(sessionId, look)
    return look
  }

  #answer(sessionId: string, look: Look, entry: StoredEntry | null): void {
    if (entry) renew(look, entry)
    if (entry?.hasLog === false) look.silentEpoch = entry.snapshot.epoch
    if (!look.newest) this.#forget(sessionId, look) // it may be made at any moment, and who made it expects it to be there
  }

  #forget(sessionId: string, look: Look): void {
    if (this.#looks.get(sessionId) === look) this.#looks.delete(sessionId)
  }

  #sweep(): void {
    for (const [sessionId, look] of this.#looks) {
      if (this.#isKept(look)) return
      this.#looks.delete(sessionId)
    }
  }

  /** A clock that was put back says of nothing how old it is. */
  #isKept({ at }: Look): boolean {
    const age = this.#options.clock.now() - at
    return age >= 0 && age < KEPT_MS
  }
}

function renew(look: Look, entry: Entry): void {
  if (!look.newest || comparePositions(entry.snapshot, look.newest.snapshot) > 0) look.newest = entry
}
