// The far end of `portTransport`: the worker's side of each port, in the hands of the contract.
import type { FarLine, Heard, Luck, TransportAndServer } from '@progress/client/conformance'
import { type FromTab, portTransport, type ToTab } from './portTransport'

/** A worker that does what it is told, and the transport that leads to it. */
export function farPort(): TransportAndServer {
  const lines: PortLine[] = []
  let luck: Luck = 'taken'
  const transport = portTransport(() => {
    const { port1, port2 } = new MessageChannel()
    if (luck === 'taken') lines.push(new PortLine(port2))
    else port2.postMessage({ type: 'closed', why: luck === 'broken' ? {} : luck } satisfies ToTab)
    return port1
  })
  const meet = (next: Luck): void => {
    luck = next
  }
  return { transport, server: { lines, meet, close: () => lines.forEach((line) => void line.drop()) } }
}

class PortLine implements FarLine {
  readonly heard: Heard[] = []
  isOpen = true
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<FromTab>) => {
      if (data.type === 'bye') this.#end()
      else {
        const answer = (said: unknown): void => this.#post({ type: 'answer', to: data.id, answer: said })
        this.heard.push({ command: data.command, args: data.args, answer })
      }
    }
    this.#post({ type: 'opened' })
  }

  say(name: string, payload: unknown): void {
    this.#post({ type: 'event', name, payload })
  }

  drop(): void {
    this.bye({})
  }

  bye(why: { readonly code?: string; readonly retryAfterMs?: number }): void {
    this.#post({ type: 'closed', why })
    this.#end()
  }

  #post(said: ToTab): void {
    if (this.isOpen) this.#port.postMessage(said)
  }

  #end(): void {
    this.isOpen = false
    this.#port.close()
  }
}
