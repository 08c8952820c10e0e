// All processes of a soak: a server with jobs, visitors who churn, a line with weather between them, and the book of ends.
import { FaultProxy } from '../support/faultProxy'
import { Ends, type Tally } from './ends'
import { Member } from './member'
import type { FromServer, FromVisitors, ServerLook, ToServer, ToVisitors } from './messages'
import { Weather } from './weather'

/** How large. */
export interface SoakOptions {
  readonly clients: number
  readonly seed: number
  /** No job takes longer, and nobody stays longer who does not stay for an end. */
  readonly longestMs: number
}

/** How it stands. */
export interface Look extends Tally {
  readonly server: ServerLook
  /** Visitors who are there, and who are connected or poll. */
  readonly here: number
  readonly connected: number
  readonly visits: number
}

const CLIENTS_IN_A_PROCESS = 70
/** One job for so many visitors. */
const CLIENTS_PER_JOB = 4

/** A soak that runs. */
export class Soak implements AsyncDisposable {
  readonly #server: Member<ToServer, FromServer>
  readonly #ends = new Ends()
  #proxy: FaultProxy | undefined
  #weather: Weather | undefined
  #visitors: Member<ToVisitors, FromVisitors>[] = []
  /** The first promises that were broken, in words. */
  readonly violations: string[] = []
  broken = 0

  private constructor({ clients, longestMs }: SoakOptions) {
    const jobs = Math.ceil(clients / CLIENTS_PER_JOB)
    this.#server = new Member('server.ts', [jobs, longestMs], (said) => this.#hear(said))
  }

  /** Starts the server; answers the soak, and what it holds before anything has happened. */
  static async start(options: SoakOptions): Promise<{ readonly soak: Soak; readonly baseline: ServerLook }> {
    const soak = new Soak(options)
    const { port } = await soak.#server.next('listening')
    const baseline = await soak.#look()
    await soak.#open(port, options)
    return { soak, baseline }
  }

  /** How often each kind of fault was there. */
  get faults(): Readonly<Record<string, number>> {
    return this.#weather?.counts ?? {}
  }

  /** Looks at all of it. */
  async look(): Promise<Look> {
    const server = await this.#look()
    const looks = await Promise.all(
      this.#visitors.map((each) => {
        const look = each.next('look')
        each.tell({ kind: 'look' })
        return look
      }),
    )
    for (const { violations } of looks) this.#note(violations)
    this.#ends.look(Date.now())
    if (this.#proxy) this.#proxy.requests.length = 0
    const sum = (of: 'here' | 'connected' | 'visits') => looks.reduce((all, look) => all + look[of], 0)
    return { ...this.#ends.tally, server, here: sum('here'), connected: sum('connected'), visits: sum('visits') }
  }

  /** The weather clears up, nobody new comes, jobs come to their end; answers how it stands when all have gone, or in the end. */
  async drain(withinMs: number): Promise<Look> {
    this.#weather?.clear()
    this.#server.tell({ kind: 'finish' })
    for (const each of this.#visitors) each.tell({ kind: 'finish' })
    const deadline = Date.now() + withinMs
    let look = await this.look()
    while ((look.here > 0 || look.server.sessions > 0) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      look = await this.look()
    }
    this.#ends.look(Date.now(), 0)
    return { ...look, ...this.#ends.tally }
  }

  /** Visitors end, and the line is closed; answers what the server holds once `isBack`, or in the end. */
  async leave(isBack: (look: ServerLook) => boolean, withinMs: number): Promise<ServerLook> {
    await this.#endVisitors()
    const deadline = Date.now() + withinMs
    let look = await this.#look()
    while (!isBack(look) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      look = await this.#look()
    }
    return look
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endVisitors()
    this.#server[Symbol.dispose]()
    await this.#server.ended()
  }

  async #open(port: number, { clients, seed, longestMs }: SoakOptions): Promise<void> {
    this.#proxy = await FaultProxy.start(port, seed)
    const processes = Math.ceil(clients / CLIENTS_IN_A_PROCESS)
    const { url } = this.#proxy
    this.#visitors = Array.from({ length: processes }, (_, n) => {
      const args = [url, Math.ceil(clients / processes), longestMs, `visitor${n}`]
      return new Member('visitors.ts', args, (said) => this.#hear(said))
    })
    this.#server.tell({ kind: 'begin' })
    this.#weather = new Weather(this.#proxy, seed)
  }

  async #look(): Promise<ServerLook> {
    const look = this.#server.next('look')
    this.#server.tell({ kind: 'look' })
    return look
  }

  async #endVisitors(): Promise<void> {
    const visitors = this.#visitors.splice(0)
    for (const each of visitors) each.tell({ kind: 'close' })
    await Promise.all(visitors.map((each) => each.ended()))
    this.#weather?.clear()
    await this.#proxy?.close()
  }

  #hear(said: FromServer | FromVisitors): void {
    if (said.kind === 'jobs') for (const each of this.#visitors) each.tell(said)
    if (said.kind === 'ended') this.#ends.ended(said.id, said.ending, said.at)
    if (said.kind === 'stays') this.#ends.stays(said.visit, said.id)
    if (said.kind === 'told') this.#ends.told(said.visit, said.id, said.ending, said.times)
  }

  #note(violations: readonly string[]): void {
    this.broken += violations.length
    this.violations.push(...violations.slice(0, 10 - this.violations.length))
  }
}
