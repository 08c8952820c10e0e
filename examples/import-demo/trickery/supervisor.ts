// Keeps the app running as a child process, and kills it when somebody asks for that.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** The app's process, whichever it is at the moment. */
export class Supervisor {
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcess | undefined
  #port: number | undefined
  #restarting: Promise<void> | undefined

  private constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  /** Resolves when the app listens. Rejects where it cannot be started. */
  static async start(env: NodeJS.ProcessEnv): Promise<Supervisor> {
    const supervisor = new Supervisor(env)
    await supervisor.#begin()
    return supervisor
  }

  /** Where it listens; `undefined` while there is none. */
  get port(): number | undefined {
    return this.#port
  }

  /** SIGKILL, as when memory has run out, and another process. Resolves when that one listens; who asks meanwhile waits along. */
  restart(): Promise<void> {
    this.#restarting ??= this.#stop('SIGKILL')
      .then(() => this.#begin())
      .finally(() => {
        this.#restarting = undefined
      })
    return this.#restarting
  }

  /** Ends it in an orderly way. */
  async close(): Promise<void> {
    await this.#restarting?.catch(() => {}) // told to whoever asked for it
    await this.#stop('SIGTERM')
  }

  async #begin(): Promise<void> {
    const child = fork(new URL('appProcess.ts', import.meta.url), {
      cwd: new URL('..', import.meta.url),
      execArgv: ['--conditions=@progress/source', '--import', 'tsx'],
      env: { ...process.env, ...this.#env },
    })
    this.#child = child
    const failed = once(child, 'exit').then(() => {
      throw new Error('The app ended before it listened.')
    })
    const [address] = (await Promise.race([once(child, 'message'), failed])) as [{ port: number }]
    failed.catch(() => {}) // a later end is not this one's business
    this.#port = address.port
  }

  async #stop(signal: NodeJS.Signals): Promise<void> {
    this.#port = undefined
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
}
