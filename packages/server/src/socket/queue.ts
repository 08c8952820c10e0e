// The commands of one connection come in as they arrive, and are carried out one after the other.

/** Carries out what it is given in the order of arrival. A task takes care of its own failures. */
export class CommandQueue {
  readonly #most: number
  #waiting: (() => Promise<void>)[] = []
  #running = false

  /** @param most how many may wait */
  constructor(most: number) {
    this.#most = most
  }

  /** Nothing runs, and nothing waits. */
  get isIdle(): boolean {
    return !this.#running
  }

  /** Takes a task, and begins with it at once where nothing runs; `false` where too many wait. */
  add(task: () => Promise<void>): boolean {
    if (this.#waiting.length >= this.#most) return false
    this.#waiting.push(task)
    if (!this.#running) void this.#run()
    return true
  }

  /** Forgets what waits. What runs goes on. */
  clear(): void {
    this.#waiting = []
  }

  async #run(): Promise<void> {
    this.#running = true
    for (let task = this.#waiting.shift(); task; task = this.#waiting.shift()) {
      try {
        await task()
      } catch {
        // A task that cannot even tell of its failure must not stop those behind it.
      }
    }
    this.#running = false
  }
}
