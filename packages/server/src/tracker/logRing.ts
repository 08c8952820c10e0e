// The last lines of a job's output, numbered from 0. What falls out is counted, never renumbered.
import { boundedText, LIMITS, type LogLine } from '@progress/protocol'

/** Lines from some number on; `gap` says how many before the first of them are gone. */
export interface LogTail {
  readonly lines: readonly LogLine[]
  readonly gap: number
}

/** At most `LIMITS.logLines` lines of one session. */
export class LogRing {
  #lines: LogLine[]
  #next: number
  #told: number

  /** @param lines what an earlier process has written: the numbers go on */
  constructor(lines: readonly LogLine[] = []) {
    this.#lines = [...lines]
    this.#next = (lines.at(-1)?.line ?? -1) + 1
    this.#told = this.#next
  }

  /** Lines were added since `untold` was last asked. */
  get hasUntold(): boolean {
    return this.#told < this.#next
  }

  add(text: string, level: LogLine['level'], at: number): void {
    this.#lines.push(Object.freeze({ line: this.#next++, text: boundedText(text, LIMITS.logLineChars), level, at }))
    // Twice the room, then a cut: a shift for each line would move them all each time.
    if (this.#lines.length > 2 * LIMITS.logLines) this.#lines = this.#lines.slice(-LIMITS.logLines)
  }

  /** What was added since this was last asked. */
  untold(): LogTail {
    const tail = this.after(this.#told - 1)
    this.#told = this.#next
    return tail
  }

  /** The kept lines after the one numbered `line`; -1 for all. */
  after(line: number): LogTail {
    const kept = this.#lines.slice(-LIMITS.logLines)
    const first = kept[0]?.line ?? this.#next
    const from = Math.max(0, line + 1)
    return { lines: kept.slice(Math.max(0, from - first)), gap: Math.max(0, first - from) }
  }
}
