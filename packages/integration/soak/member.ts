// A process of a soak: what it tells by itself is handed on, what it is asked to look at is answered.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

interface Said {
  readonly kind: string
}

/** One of them. */
export class Member<To extends Said, From extends Said> implements Disposable {
  readonly #child: ChildProcess
  readonly #died: Promise<never>
  readonly #asked = new Map<string, (said: From) => void>()

  /** @param hear what it tells by itself */
  constructor(file: string, args: readonly (string | number)[], hear: (said: From) => void) {
    this.#child = fork(new URL(file, import.meta.url), args.map(String), { execArgv: process.execArgv })
    this.#died = once(this.#child, 'exit').then((): never => {
      throw new Error(`${file} has ended`)
    })
    this.#died.catch(() => {}) // told to whoever asks
    this.#child.on('message', (said: From) => (this.#asked.get(said.kind) ?? hear)(said))
  }

  tell(said: To): void {
    this.#child.send(said)
  }

  /** The next of this kind that it says; rejects when it has ended. */
  async next<K extends From['kind']>(kind: K): Promise<Extract<From, { readonly kind: K }>> {
    const answer = new Promise<From>((resolve) => this.#asked.set(kind, resolve))
    const said = await Promise.race([answer, this.#died])
    this.#asked.delete(kind)
    return said as Extract<From, { readonly kind: K }>
  }

  /** Resolves when it has ended. */
  async ended(): Promise<void> {
    await this.#died.catch(() => {})
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
