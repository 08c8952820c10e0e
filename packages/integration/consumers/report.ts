// Named steps: each prints one line, a failed one also what went wrong.

/** Runs steps and counts them. */
export class Report {
  #passed = 0
  #failed = 0

  /** Runs a step. Gives false where it throws. */
  async step(name: string, run: () => unknown): Promise<boolean> {
    const start = performance.now()
    try {
      await run()
      this.#passed++
      write(`ok ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)\n`)
      return true
    } catch (error) {
      this.#failed++
      write(`FAILED ${name}\n${indent(error instanceof Error ? error.message : String(error))}\n`)
      return false
    }
  }

  /** Prints the closing line. Gives the exit code. */
  close(): number {
    write(`${this.#passed} passed, ${this.#failed} failed\n`)
    return this.#failed === 0 && this.#passed > 0 ? 0 : 1
  }
}

/** Writes to the terminal. */
export function write(text: string): void {
  process.stdout.write(text)
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ')
}
