// What the other processes tell comes in here. A backend that cannot be listened to is asked again until it can.
import type { Clock } from '@progress/protocol'
import type { Signals } from '../observe/signals'
import type { Backend, Message } from './contract'
import { retryWaitMs } from './retry'

/** What hearing needs. */
export interface HearingOptions {
  readonly backend: Backend
  readonly clock: Clock
  readonly signals: Signals
  hear(message: Message): void
  /** Something may have been missed. */
  onGap(): void
}

/** Listens to a backend from now on. None of its methods throws. */
export class Hearing {
  readonly #options: HearingOptions
  #failures = 0
  #cancelRetry: (() => void) | undefined
  #unlisten: (() => void) | undefined
  #stopped = false

  constructor(options: HearingOptions) {
    this.#options = options
    void this.#begin()
  }

  /** Is what others tell heard? Not before the backend is listened to. In an outage, a gap is told after it. */
  get isHearing(): boolean {
    return this.#unlisten !== undefined && !this.#stopped
  }

  /** Hears nothing more. */
  stop(): void {
    this.#stopped = true
    this.#cancelRetry?.()
    this.#leave()
  }

  async #begin(): Promise<void> {
    const { backend, clock, signals } = this.#options
    try {
      this.#unlisten = await backend.listen(
        (message) => this.#pass(() => this.#options.hear(message)),
        () => this.#pass(() => this.#options.onGap()),
      )
    } catch (cause) {
      signals.tell('store-failed', { where: 'listen', cause })
      if (!this.#stopped) this.#cancelRetry = clock.after(retryWaitMs(this.#failures++), () => void this.#begin())
      return
    }
    if (this.#stopped) this.#leave()
    else if (this.#failures > 0) this.#pass(() => this.#options.onGap())
  }

  #leave(): void {
    try {
      this.#unlisten?.()
    } catch (cause) {
      this.#options.signals.tell('store-failed', { where: 'unlisten', cause })
    }
  }

  #pass(tell: () => void): void {
    if (this.#stopped) return
    try {
      tell()
    } catch (cause) {
      this.#options.signals.tell('handler-failed', { where: 'hear', cause })
    }
  }
}
