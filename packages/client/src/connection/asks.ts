// Questions that need an answer, whatever happens to the line meanwhile.
import type { Clock, CommandAnswer, CommandArgs, CommandName, Refusal, TransportLink } from '@progress/protocol/wire'
import { isAnswer } from '../sessions/view'

type Send = TransportLink['send']

/** How long somebody who pressed a button waits for word. */
const PATIENCE_MS = 5_000

/** Asked over the links that there are, and again over each new one, until there is an answer or it took too long. */
export class Asks {
  readonly #clock: Clock
  readonly #send: Send
  /** How to put each of them, and how to give it up. */
  readonly #pending = new Map<(send: Send) => void, () => void>()

  constructor(clock: Clock, send: Send) {
    this.#clock = clock
    this.#send = send
  }

  /** The answer, or the refusal `NETWORK_ERROR` after a while. Never rejects. May be carried out twice: what is asked must bear it. */
  ask<C extends CommandName>(command: C, args: CommandArgs<C>): Promise<CommandAnswer<C> | Refusal> {
    return new Promise((resolve) => {
      const settle = (answer: CommandAnswer<C> | Refusal): void => {
        this.#pending.delete(put)
        cancel()
        resolve(answer)
      }
      const put = (send: Send): void => send(command, args, (answer) => (isAnswer(answer) ? settle(answer) : giveUp()))
      const giveUp = (): void => settle({ error: { code: 'NETWORK_ERROR', message: 'the server did not answer' } })
      const cancel = this.#clock.after(PATIENCE_MS, giveUp)
      this.#pending.set(put, giveUp)
      put(this.#send)
    })
  }

  /** A new link. */
  greet(link: TransportLink): void {
    for (const put of [...this.#pending.keys()]) put((command, args, answer) => link.send(command, args, answer))
  }

  /** Nobody will answer any more. */
  close(): void {
    for (const giveUp of [...this.#pending.values()]) giveUp()
  }
}
