// Gives up sessions whose job has shown no sign of life for too long.
import type { Clock } from '@progress/protocol'
import { interrupted } from '../backend/lease'
import { DEFAULTS } from '../defaults'
import { isActive } from '../tracker/session'
import type { Sessions } from '../tracker/sessions'

/** A timer that is later than this was not late: the machine's clock was put forward. */
const LATE_MS = 60_000

/** What sweeping needs. */
export interface SweepOptions {
  readonly clock: Clock
  readonly sessions: Sessions
  /** How long a session may wait in a queue. */
  readonly queuedKeepMs: number
}

/** Sweeps every `DEFAULTS.sweepMs`, until it is stopped. */
export class Sweep {
  readonly #options: SweepOptions
  #cancel: (() => void) | undefined

  constructor(options: SweepOptions) {
    this.#options = options
    this.#schedule()
  }

  /** Ends what has shown no sign of life for too long; answers how many. What waits in a queue has no job to show one. */
  run(): number {
    const { clock, sessions, queuedKeepMs } = this.#options
    const now = clock.now()
    let swept = 0
    for (const cell of [...sessions.all()]) {
      if (!isActive(cell.snapshot) || cell.running || cell.dirty) continue
      if (now - cell.touchedAt < (cell.snapshot.queued ? queuedKeepMs : DEFAULTS.staleMs)) continue
      sessions.end(cell, interrupted())
      sessions.drop(cell)
      swept += 1
    }
    return swept
  }

  /** Sweeps no more. */
  stop(): void {
    this.#cancel?.()
  }

  /** Where the clock was put forward meanwhile, nobody can say who was silent for how long: the next one will see. */
  #schedule(): void {
    const { clock } = this.#options
    const due = clock.now() + DEFAULTS.sweepMs
    this.#cancel = clock.after(DEFAULTS.sweepMs, () => {
      if (clock.now() < due + LATE_MS) this.run()
      this.#schedule()
    })
  }
}
