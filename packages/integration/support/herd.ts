// A server and its clients, each in processes of their own: the server is killed and started again, and the clients say when
// each of them was right again.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { HerdReport } from './herdClients'
import type { HerdServerReport } from './herdServer'

/** How large it is. */
export interface HerdOptions {
  readonly port: number
  readonly clients: number
  readonly processes: number
  /** The session is written by another process of the same backend. Default: by the server itself. */
  readonly isElsewhere?: boolean
}

const ID = 'job'
const NODE_OPTIONS = { execArgv: ['--conditions=@progress/source', '--import', 'tsx'] }
const LOOK_MS = 100

/** A server with its clients. */
export class Herd implements Disposable {
  readonly #serverArgs: readonly string[]
  readonly #clients: readonly ChildProcess[]
  #server: ChildProcess | undefined

  private constructor({ port, clients, processes, isElsewhere = false }: HerdOptions) {
    this.#serverArgs = [String(port), ID, isElsewhere ? 'elsewhere' : 'here']
    const args = [`http://127.0.0.1:${port}`, ID, String(Math.ceil(clients / processes))]
    this.#clients = Array.from({ length: processes }, () => child('herdClients.ts', args))
  }

  /** Starts all of it; resolves when every client is connected, and has stood for long enough to count as up. */
  static async start(options: HerdOptions): Promise<Herd> {
    const herd = new Herd(options)
    await herd.up()
    await herd.until(({ isConnected, rightAt }) => isConnected && rightAt > 0, 180_000)
    await pause(2_500)
    await herd.forget()
    return herd
  }

  /** What was written down so far does not count. */
  async forget(): Promise<void> {
    await this.#ask('forget')
  }

  /** Starts the server; answers when it listened, in milliseconds since 1970. */
  async up(): Promise<number> {
    this.#server = child('herdServer.ts', this.#serverArgs)
    const [{ at }] = (await once(this.#server, 'message')) as [HerdServerReport]
    return at
  }

  /** Kills the server; nobody is told. */
  async kill(): Promise<void> {
    const server = this.#server
    if (!server) return
    const exited = once(server, 'exit')
    server.kill('SIGKILL')
    await exited
  }

  /** Resets all connections of the server; nobody is right before having come back. What it counts begins anew. */
  cut(): Promise<HerdServerReport> {
    return this.#tell('cut')
  }

  /** What the server has counted since then. */
  counts(): Promise<HerdServerReport> {
    return this.#tell('report')
  }

  /** What all clients say, once it is so for each. Rejects after a while. */
  async until(isSo: (report: HerdReport) => boolean, withinMs = 60_000): Promise<readonly HerdReport[]> {
    for (const end = Date.now() + withinMs; Date.now() < end; await pause(LOOK_MS)) {
      const reports = await this.#ask('report')
      if (reports.every(isSo)) return reports
    }
    throw new Error('not all of them within their time')
  }

  [Symbol.dispose](): void {
    for (const each of [...this.#clients, ...(this.#server ? [this.#server] : [])]) each.kill('SIGKILL')
  }

  async #tell(ask: 'cut' | 'report'): Promise<HerdServerReport> {
    if (!this.#server) throw new Error('the server is down')
    const answer = once(this.#server, 'message')
    this.#server.send(ask)
    return (await answer)[0] as HerdServerReport
  }

  async #ask(ask: 'report' | 'forget'): Promise<readonly HerdReport[]> {
    const answers = await Promise.all(
      this.#clients.map(async (each) => {
        const answer = once(each, 'message')
        each.send(ask)
        return (await answer)[0] as readonly HerdReport[]
      }),
    )
    return answers.flat()
  }
}

function child(file: string, args: readonly string[]): ChildProcess {
  return fork(new URL(file, import.meta.url), args, NODE_OPTIONS)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
