// What a socket heard, in order: a test asks for the next of a kind, and waits for it with a deadline.
import type { Socket } from 'socket.io-client'

/** An event with what it carried. */
export interface HeardEvent {
  readonly event: string
  readonly payload: Record<string, unknown>
}

/** Everything a socket heard since this was made. */
export class Heard {
  readonly all: HeardEvent[] = []
  #taken = 0
  readonly #waiting = new Set<() => void>()

  constructor(socket: Socket) {
    socket.onAny((event: string, payload: Record<string, unknown>) => {
      this.all.push({ event, payload })
      for (const wake of [...this.#waiting]) wake()
    })
  }

  /** The next event of this name that was not taken yet. Rejects after `withinMs`. */
  async next(event: string, withinMs = 3_000): Promise<Record<string, unknown>> {
    const deadline = Date.now() + withinMs
    for (;;) {
      for (; this.#taken < this.all.length; this.#taken++) {
        const found = this.all[this.#taken]
        if (found?.event !== event) continue
        this.#taken += 1
        return found.payload
      }
      const left = deadline - Date.now()
      if (left <= 0)
        throw new Error(`no ${event} within ${withinMs} ms; heard ${this.all.map((one) => one.event).join(', ')}`)
      await this.#more(left)
    }
  }

  /** All payloads of this event so far. */
  of(event: string): Record<string, unknown>[] {
    return this.all.filter((one) => one.event === event).map((one) => one.payload)
  }

  #more(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, withinMs)
      this.#waiting.add(wake)
    })
  }
}

/** Resolves when the socket has connected; rejects with the refusal. */
export function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.connected) resolve()
    socket.once('connect', () => resolve())
    socket.once('connect_error', reject)
  })
}
