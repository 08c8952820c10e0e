// The engine's end of a fake connection: nothing waits in it, and closing it ends the socket that runs over it.
import type { EngineSocketLike, PacketLike } from '../socket/socketLike'

type Listener = (...args: never[]) => void

/** The engine's end of one connection. */
export class FakeConn implements EngineSocketLike {
  writeBuffer: PacketLike[] = []
  readyState: 'open' | 'closed' = 'open'
  /** What runs over it ends with it. */
  onEnd = (): void => {}
  readonly #listeners = new Map<string, Set<Listener>>()

  on(event: string, listener: Listener): this {
    this.#listenersOf(event).add(listener)
    return this
  }

  once(event: string, listener: Listener): this {
    const heard: Listener = (...args) => {
      this.off(event, heard)
      listener(...args)
    }
    return this.on(event, heard)
  }

  off(event: string, listener: Listener): this {
    this.#listenersOf(event).delete(listener)
    return this
  }

  /** How many listen, to whatever. */
  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0)
  }

  /** Ends the connection. Twice is harmless. */
  close(): void {
    if (this.readyState === 'closed') return
    this.readyState = 'closed'
    this.onEnd()
    this.tell('close', 'forced close')
  }

  /** Something happens to it. */
  tell(event: string, ...args: unknown[]): void {
    for (const listener of [...this.#listenersOf(event)]) listener(...(args as never[]))
  }

  #listenersOf(event: string): Set<Listener> {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners)
    return listeners
  }
}
