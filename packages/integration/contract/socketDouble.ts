// In place of `socket.io-client`, as far as the client uses it: what is sent goes to the run's own network. `socketDouble.test.ts`
// holds it to the real one.
import type { SocketEnd } from '@progress/server/conformance'
import { placeAt } from './places'

type Listener = (...args: never[]) => void
type Answer = (answer: unknown) => void

/** What dials for a socket. */
export type Dial = (
  listener: {
    opened(): void
    refused(message: string, data: unknown): void
    event(name: string, payload: unknown): void
    ended(reason: string): void
  },
  auth: unknown,
) => SocketEnd

/** By WebSocket from the start: there is nothing to upgrade. */
const ENGINE = { on: (): void => {}, transport: { name: 'websocket' } }

/** As `io()` of `socket.io-client` with `autoConnect: false` and `reconnection: false`. */
export function io(origin: string): DoubleSocket {
  return new DoubleSocket((listener, auth) => placeAt(origin).dial(listener, auth))
}

/** One socket. */
export class DoubleSocket {
  auth: unknown = {}
  /** Its engine is there once it has dialled. */
  readonly io: { engine?: typeof ENGINE } = {}
  connected = false
  readonly #dial: Dial
  readonly #listeners = new Map<string, Listener[]>()
  #any: Listener[] = []
  #end: SocketEnd | undefined
  /** Said before it was connected. */
  #early: (() => void)[] = []

  constructor(dial: Dial) {
    this.#dial = dial
  }

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener])
    return this
  }

  onAny(listener: Listener): this {
    this.#any.push(listener)
    return this
  }

  off(): this {
    this.#listeners.clear()
    return this
  }

  offAny(): this {
    this.#any = []
    return this
  }

  connect(): this {
    if (this.#end) return this
    this.io.engine = ENGINE
    this.#end = this.#dial(
      {
        opened: () => this.#opened(),
        refused: (message, data) => this.#refused(Object.assign(new Error(message), { data })),
        event: (name, payload) => {
          for (const listener of [...this.#any]) listener(name as never, payload as never)
          this.#tell(name, payload)
        },
        ended: (reason) => this.#ended(reason),
      },
      this.auth,
    )
    return this
  }

  emit(event: string, ...args: unknown[]): this {
    const isAsked = typeof args.at(-1) === 'function'
    const answer = isAsked ? (args.at(-1) as Answer) : undefined
    const said = isAsked ? args.slice(0, -1) : args
    const send = (): void => this.#end?.send(event, said, answer)
    if (this.connected) send()
    else this.#early.push(send)
    return this
  }

  disconnect(): this {
    const wasConnected = this.connected
    this.#end?.disconnect()
    this.#end = undefined
    if (wasConnected) this.#ended('io client disconnect')
    return this
  }

  #opened(): void {
    this.connected = true
    for (const send of this.#early.splice(0)) send()
    this.#tell('connect')
  }

  #refused(error: Error): void {
    this.#end = undefined
    this.#tell('connect_error', error)
  }

  #ended(reason: string): void {
    this.connected = false
    this.#end = undefined
    this.#tell('disconnect', reason)
  }

  #tell(event: string, ...args: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(args as never[]))
  }
}
