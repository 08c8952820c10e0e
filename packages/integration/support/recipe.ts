// An example of this repository comes in by its folder, and is started as `npm start` starts it: what it says, how it ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const DEADLINE_MS = 15_000

/** An example that runs in a process of its own. `await using recipe = …` ends it. */
export class Recipe implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>
  #output = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#ended = once(child, 'close').then(([code]) => code as number | null)
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
    }
  }

  /** Starts `examples/<name>` by the `start` script of its package.json, on any free port; `args` are put behind it. */
  static start(name: string, args: readonly string[] = []): Recipe {
    const folder = join(ROOT, 'examples', name)
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: { start: string } }
    return Recipe.run(folder, [scripts.start, ...args].join(' '))
  }

  /** Runs a command of this repository in a folder. */
  static run(folder: string, command: string, env: Readonly<Record<string, string>> = {}): Recipe {
    const [program = '', ...words] = command.split(' ')
    const child = spawn(join(ROOT, 'node_modules/.bin', program), words, {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'development', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return new Recipe(child)
  }

  /** All that it has printed so far. */
  get output(): string {
    return this.#output
  }

  /** Waits until it prints this. Rejects with all that it printed where it ends before, or takes too long. */
  says(pattern: RegExp): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error(`it never said ${pattern}, but:\n${this.#output}`))
      const deadline = setTimeout(fail, DEADLINE_MS)
      const look = (): void => {
        const found = this.#output.match(pattern)
        if (!found) return
        clearTimeout(deadline)
        resolve(found)
      }
      this.#child.stdout?.on('data', look)
      void this.#ended.then(fail) // says nothing new where it was found
      look()
    })
  }

  /** The address that it prints. */
  async url(): Promise<string> {
    return (await this.says(/https?:\/\/[\w.]+:\d+/))[0]
  }

  /** How it ended by itself. */
  async ended(): Promise<{ readonly code: number | null; readonly output: string }> {
    const deadline = setTimeout(() => this.#child.kill('SIGKILL'), DEADLINE_MS)
    const code = await this.#ended
    clearTimeout(deadline)
    return { code, output: this.#output }
  }

  /** Asks it to end, as a host does. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM')
    return (await this.ended()).code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.stop()
  }
}
