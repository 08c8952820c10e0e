// Is this process fit to serve? What the signals tell of the backend comes in, one word goes out: for a load balancer, not for people.
import type { Clock } from '@progress/protocol'
import type { Signals } from '../observe/signals'
import { json, type Plain } from './reply'

/** A backend that failed within this time is not trusted yet. */
const DOUBT_MS = 10_000

/** Fit, in doubt, or about to go. */
export class Health {
  readonly #clock: Clock
  readonly #forget: () => void
  #failedAt = Number.NEGATIVE_INFINITY
  #isDraining = false

  constructor(signals: Signals, clock: Clock) {
    this.#clock = clock
    this.#forget = signals.on('store-failed', () => {
      this.#failedAt = clock.now()
    })
  }

  /** Nothing new should be sent here. */
  get isDraining(): boolean {
    return this.#isDraining
  }

  /** From now on this process is going. */
  drain(): void {
    this.#isDraining = true
    this.#forget()
  }

  /** What anybody may know. */
  report(): Plain {
    if (this.#isDraining) return json(503, { status: 'draining' })
    const isInDoubt = this.#clock.now() - this.#failedAt < DOUBT_MS
    return json(200, { status: isInDoubt ? 'degraded' : 'ok' })
  }
}
