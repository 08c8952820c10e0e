// The client's end of a fake connection: nothing arrives before the code that sent it has returned, all in its order, and
// a line that is cut loses what is on its way.
import type { FakeServer } from './fakeServer'
import { type FakeHandshake, type FakePeer, FakeSocket } from './fakeSocket'

/** What a client is told. */
export interface FakeListener {
  opened?(): void
  /** A middleware has refused it, in these words, with this `data`. */
  refused?(message: string, data: unknown): void
  event?(name: string, payload: unknown): void
  ended?(reason: string): void
}

/** The client's end of one connection. */
export class FakeClient {
  readonly #socket: FakeSocket
  readonly #listener: FakeListener
  #isOpen = false
  /** Nothing is heard after this. */
  #isOver = false

  private constructor(io: FakeServer, listener: FakeListener, handshake: FakeHandshake) {
    this.#listener = listener
    const peer: FakePeer = {
      opened: () => this.#arrive(() => this.#opened()),
      refused: (refusal) => this.#refused(refusal),
      event: (text) => this.#arrive(() => this.#event(text)),
      ended: (reason) => this.#arrive(() => this.#ended(reason)),
    }
    this.#socket = new FakeSocket(io, peer, asSent(handshake))
  }

  /** Dials as any client does: the server's middleware decides. */
  static dial(io: FakeServer, listener: FakeListener, handshake: FakeHandshake = {}): FakeClient {
    const client = new FakeClient(io, listener, handshake)
    later(() => void io.enter(client.#socket))
    return client
  }

  /** Is there at once, past all middleware; `accept` is given the server's end. */
  static place(io: FakeServer, listener: FakeListener, accept: (socket: FakeSocket) => void): FakeClient {
    const client = new FakeClient(io, listener, {})
    client.#socket.open()
    accept(client.#socket)
    return client
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Sends a command. An answer arrives only while the line stands, and once. */
  send(event: string, args: readonly unknown[] = [], answer?: (answer: unknown) => void): void {
    if (this.#isOver) return
    const { args: sent } = asSent({ args })
    later(() => {
      if (this.#socket.connected) this.#socket.hear(event, answer ? [...sent, this.#ackOf(answer)] : sent)
    })
  }

  /** Says goodbye: what was sent before it is still taken, which Socket.IO leaves to chance. Nothing more is heard. */
  disconnect(): void {
    this.#close()
    later(() => {
      this.#socket.end('client namespace disconnect')
      this.#socket.conn.close()
    })
  }

  /** The line breaks: what is on its way, in either direction, is lost. */
  cut(): void {
    if (this.#isOver) return
    this.#close()
    this.#socket.end('transport close')
    this.#socket.conn.close()
    later(() => this.#listener.ended?.('transport close'))
  }

  #close(): void {
    this.#isOver = true
    this.#isOpen = false
  }

  #ackOf(answer: (answer: unknown) => void): (...said: unknown[]) => void {
    let isAnswered = false
    return (...said) => {
      const text = JSON.stringify(said)
      if (isAnswered || !this.#socket.connected) return
      isAnswered = true
      this.#arrive(() => answer(JSON.parse(text)[0]))
    }
  }

  #arrive(happen: () => void): void {
    later(() => {
      if (!this.#isOver) happen()
    })
  }

  #opened(): void {
    this.#isOpen = true
    this.#listener.opened?.()
  }

  #refused(refusal: Error): void {
    const { message, data } = asSent({ message: refusal.message, data: Reflect.get(refusal, 'data') as unknown })
    this.#arrive(() => this.#listener.refused?.(message, data))
  }

  #event(text: string): void {
    const [name, payload] = JSON.parse(text) as [string, unknown]
    this.#listener.event?.(name, payload)
  }

  #ended(reason: string): void {
    this.#close()
    this.#listener.ended?.(reason)
  }
}

/** As it is on the other side. */
function asSent<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

function later(run: () => void): void {
  void Promise.resolve().then(run)
}
