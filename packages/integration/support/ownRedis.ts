// A Redis that a test may mistreat: killed, stopped in the midst of its work, and started again on the same port.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './freePort'
import { type NoRedis, startAt } from './redis'

/** A server on a port of its own, with nothing kept on disk. */
export class OwnRedis {
  readonly port: number
  readonly #dir: string
  readonly #options: readonly string[]
  #child: ChildProcess | undefined

  private constructor(port: number, dir: string, options: readonly string[], child: ChildProcess) {
    this.port = port
    this.#dir = dir
    this.#options = options
    this.#child = child
  }

  /** Starts one; or says why there is none. `options` as on its command line. */
  static async start(...options: readonly string[]): Promise<OwnRedis | NoRedis> {
    const dir = await mkdtemp(join(tmpdir(), 'redis-'))
    const port = await freePort()
    const started = await startAt(port, dir, process.env, options)
    if (typeof started === 'string') throw new Error(`redis-server did not start:\n${started}`)
    if ('child' in started) return new OwnRedis(port, dir, options, started.child)
    await rm(dir, { recursive: true, force: true })
    return started
  }

  /** `redis://HOST:PORT`. */
  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** It is gone, and all that it held. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  /** It is there again, empty. */
  async revive(): Promise<void> {
    const started = await startAt(this.port, this.#dir, process.env, this.#options)
    if (typeof started === 'string' || 'missing' in started) throw new Error('redis-server did not start again')
    this.#child = started.child
  }

  /** It answers nothing, and its connections stay. */
  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  /** It goes on, with all that came in meanwhile. */
  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Ends it. Twice is harmless. */
  async stop(): Promise<void> {
    await this.kill()
    await rm(this.#dir, { recursive: true, force: true })
  }
}
