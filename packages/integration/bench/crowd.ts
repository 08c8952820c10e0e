// A crowd of clients in another process, by promises.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Ask, Report } from './clients'

/** Clients in another process. */
export class Crowd {
  readonly #child: ChildProcess = fork(new URL('clients.ts', import.meta.url), { execArgv: process.execArgv })
  readonly #died = once(this.#child, 'exit').then((): never => {
    throw new Error('the clients have died')
  })

  constructor() {
    this.#died.catch(() => {}) // told to whoever asks
  }

  /** Asks the crowd, and waits for its answer. Rejects when it dies. */
  async ask(ask: Ask): Promise<Report> {
    const answered = new Promise<Report>((resolve) => this.#child.once('message', resolve))
    this.#child.send(ask)
    return Promise.race([answered, this.#died])
  }

  /** Closes all sockets, and ends the process. */
  async end(): Promise<void> {
    const exited = once(this.#child, 'exit')
    await this.ask({ kind: 'end' })
    await exited
  }
}
