// A process of our own, by promises: it is asked one thing after the other, and answers each.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A child that answers every message with one. */
export class Child<Ask extends object, Answer> implements Disposable {
  readonly #child: ChildProcess
  readonly #died: Promise<never>
  #turn: Promise<unknown> = Promise.resolve()

  constructor(file: URL, args: readonly string[] = []) {
    this.#child = fork(file, args, { execArgv: process.execArgv })
    this.#died = once(this.#child, 'exit').then((): never => {
      throw new Error(`${file.pathname} has died`)
    })
    this.#died.catch(() => {}) // told to whoever asks
  }

  /** Asks, after all that was asked before, and waits for the answer. Rejects when the child dies. */
  ask(ask: Ask): Promise<Answer> {
    const answer = this.#turn.then(() => this.#ask(ask))
    this.#turn = answer.catch(() => {})
    return answer
  }

  /** Resolves when the child has ended. */
  async ended(): Promise<void> {
    await this.#died.catch(() => {})
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }

  async #ask(ask: Ask): Promise<Answer> {
    const answered = new Promise<Answer>((resolve) => this.#child.once('message', resolve))
    this.#child.send(ask)
    return await Promise.race([answered, this.#died])
  }
}
