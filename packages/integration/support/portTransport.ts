// A transport of one's own: over a `MessagePort`, as where one SharedWorker holds the connection of all tabs.

import type { Transport, TransportClose, TransportLink, TransportListener } from '@progress/protocol/wire'
import { type CommandAnswer, type CommandArgs, type CommandName, systemClock } from '@progress/protocol/wire'

/** What comes over the port to a tab. */
export type ToTab =
  | { readonly type: 'opened' }
  | { readonly type: 'closed'; readonly why: TransportClose }
  | { readonly type: 'event'; readonly name: string; readonly payload: unknown }
  | { readonly type: 'answer'; readonly to: number; readonly answer: unknown }

/** What a tab says: a command with its number, and at last that it hangs up. */
export type FromTab =
  | { readonly type: 'command'; readonly id: number; readonly command: CommandName; readonly args: readonly unknown[] }
  | { readonly type: 'bye' }

/** @param dial gives a new port to the worker; where it throws, the dial came to nothing */
export function portTransport(dial: () => MessagePort): Transport {
  return {
    '~transport': 1,
    clock: systemClock,
    onWake: () => () => {},
    open(listener) {
      try {
        return new PortLink(dial(), listener)
      } catch (error) {
        queueMicrotask(() => listener.closed({ message: String(error) }))
        return { send: () => {}, close: () => {} }
      }
    },
  }
}

class PortLink implements TransportLink {
  readonly #port: MessagePort
  readonly #answers = new Map<number, (answer: never) => void>()
  #asked = 0

  constructor(port: MessagePort, listener: TransportListener) {
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<ToTab>) => this.#take(data, listener)
  }

  /** The port keeps its order, also of what is sent before the worker has taken the dial. */
  send<C extends CommandName>(command: C, args: CommandArgs<C>, answer?: (answer: CommandAnswer<C>) => void): void {
    this.#asked += 1
    if (answer) this.#answers.set(this.#asked, answer)
    this.#post({ type: 'command', id: this.#asked, command, args })
  }

  close(): void {
    this.#post({ type: 'bye' })
    this.#end()
  }

  #take(said: ToTab, listener: TransportListener): void {
    if (said.type === 'opened') listener.opened()
    else if (said.type === 'event') listener.event(said.name, said.payload)
    else if (said.type === 'answer') {
      const answer = this.#answers.get(said.to)
      this.#answers.delete(said.to)
      answer?.(said.answer as never)
    } else {
      this.#end()
      listener.closed(said.why)
    }
  }

  #post(said: FromTab): void {
    this.#port.postMessage(said) // a port that is closed takes it, and does nothing
  }

  #end(): void {
    this.#port.onmessage = null
    this.#port.close()
  }
}
