// The emitter behind `client.on(...)`: one listener that throws hurts no other.
import { EventEmitter } from 'eventemitter3'
import type { ClientEvents } from './events'
import { safely } from './report'

/** The name of an event. */
export type EventName = keyof ClientEvents
/** Who listens to it. */
export type Listener<E extends EventName> = (...args: ClientEvents[E]) => void

/** A typed emitter whose `tell` never throws. */
export class Emitter {
  readonly #emitter = new EventEmitter()

  on<E extends EventName>(event: E, listener: Listener<E>): void {
    this.#emitter.on(event, listener)
  }

  once<E extends EventName>(event: E, listener: Listener<E>): void {
    this.#emitter.once(event, listener)
  }

  off<E extends EventName>(event: E, listener: Listener<E>): void {
    this.#emitter.off(event, listener)
  }

  tell<E extends EventName>(event: E, ...args: ClientEvents[E]): void {
    for (const listener of this.#emitter.listeners(event)) {
      if (!this.#emitter.listeners(event).includes(listener)) continue // one that was called before took it out
      this.#emitter.off(event, listener, undefined, true) // where it was to hear it once
      safely(() => listener(...args))
    }
  }

  clear(): void {
    this.#emitter.removeAllListeners()
  }
}
