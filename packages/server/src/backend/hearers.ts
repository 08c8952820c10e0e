// Who listens to a backend in this process. One that throws keeps nothing from the others.
import type { Message } from './contract'

/** What `listen` of a backend is handed. */
export interface Hearer {
  readonly hear: (message: Message) => void
  readonly onGap: () => void
}

/** All who listen. None of its methods throws. */
export class Hearers {
  readonly #all = new Set<Hearer>()

  get size(): number {
    return this.#all.size
  }

  add(hearer: Hearer): void {
    this.#all.add(hearer)
  }

  /** Answers whether it was the last one. */
  remove(hearer: Hearer): boolean {
    return this.#all.delete(hearer) && this.#all.size === 0
  }

  clear(): void {
    this.#all.clear()
  }

  /** Tells a message to each. */
  tell(message: Message): void {
    for (const hearer of [...this.#all]) safely(() => hearer.hear(message))
  }

  /** Something may have been missed: by all, or by one of them. */
  missed(only?: Hearer): void {
    for (const hearer of only ? [only] : [...this.#all]) safely(() => hearer.onGap())
  }
}

function safely(call: () => void): void {
  try {
    call()
  } catch {
    // Whoever throws tells its own signals.
  }
}
