// The log of one watched session on one stream: lines come in as they are written, frames without holes go out. What the
// reader cannot take now is not held: it is read again from where the log is kept, when there is room.
import type { LogLine, Snapshot } from '@progress/protocol'
import type { StoredLog } from '../backend/contract'
import { logPayload } from '../viewing/told'
import { frame } from './frame'

/** What a feed needs. */
export interface LogFeedOptions {
  read(snapshot: Snapshot, after: number): Promise<StoredLog>
  say(text: string): void
  /** May it say something now? */
  hasRoom(): boolean
  onFailed(cause: unknown): void
}

/** Follows the log of one session. */
export class LogFeed {
  readonly #options: LogFeedOptions
  #snapshot: Snapshot | undefined
  #next = 0
  #isBehind = false
  #isReading = false

  constructor(options: LogFeedOptions) {
    this.#options = options
  }

  /** The session is shown: its log may be, too. A new epoch has a new log. */
  follow(snapshot: Snapshot): void {
    const isNew = this.#snapshot?.epoch !== snapshot.epoch
    this.#snapshot = snapshot
    if (!isNew) return
    this.#next = 0
    this.#isBehind = true
    this.catchUp()
  }

  /** The session may be seen no longer. */
  stop(): void {
    this.#snapshot = undefined
  }

  /** Lines were written. */
  logged(epoch: string, { lines, gap }: StoredLog): void {
    if (this.#snapshot?.epoch !== epoch) return
    const news = lines.filter(({ line }) => line >= this.#next)
    if (news.length === 0) return
    const follows = news[0]?.line === this.#next && !this.#isBehind && !this.#isReading
    if (follows && this.#options.hasRoom()) {
      this.#say(this.#snapshot, news, gap)
      return
    }
    this.#isBehind = true
    this.catchUp()
  }

  /** There is room: what is missing is read, and said. */
  catchUp(): void {
    const snapshot = this.#snapshot
    if (!snapshot || !this.#isBehind || this.#isReading || !this.#options.hasRoom()) return
    this.#isBehind = false
    this.#isReading = true
    this.#options
      .read(snapshot, this.#next - 1)
      .then(({ lines, gap }) => {
        if (this.#snapshot?.epoch === snapshot.epoch && lines.length > 0) this.#say(snapshot, lines, gap)
      })
      .catch((cause: unknown) => this.#options.onFailed(cause))
      .finally(() => {
        this.#isReading = false
        this.catchUp()
      })
  }

  #say({ sessionId, epoch }: Snapshot, lines: readonly LogLine[], gap: number): void {
    this.#next = (lines.at(-1)?.line ?? this.#next) + 1
    this.#options.say(frame('progress-log', logPayload(sessionId, epoch, lines, gap)))
  }
}
