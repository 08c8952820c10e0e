// Scripts are sent here, each with a bounded time to be answered in. While Redis is away a client keeps what it is given, for
// ever if the app has said so: what waits there is bounded, too.
import type { Clock } from '@progress/protocol'
import { inTime } from '../inTime'
import type { Client } from './client'
import type { Script } from './scripts'

/** What Redis may take to answer. */
export const ANSWER_MS = 5_000
const SILENT = `Redis has not answered within ${ANSWER_MS / 1_000} s`

/** Calls scripts, in the order in which it is asked to. */
export class Calls {
  readonly #client: Client
  readonly #clock: Clock
  readonly #base: string
  /** Scripts that were sent whole. */
  readonly #sent = new Set<Script>()
  /** Calls that were given up, and that the client still keeps. */
  readonly #overdue = new Set<object>()
  #isResting = false

  constructor(client: Client, clock: Clock, base: string) {
    this.#client = client
    this.#clock = clock
    this.#base = base
  }

  /**
   * What a script answers. Rejects as Redis or the client does, and after 5 s without an answer: what was sent may be done
   * later. From then on one call in 5 s is sent, and the others are rejected at once, until Redis has answered.
   */
  async run(script: Script, ...values: readonly string[]): Promise<unknown> {
    if (this.#overdue.size > 0) {
      if (this.#isResting) throw new Error(SILENT)
      this.#rest()
    }
    const call = {}
    let isOpen = true
    const answer = this.#call(script, values).finally(() => {
      isOpen = false
      this.#overdue.delete(call)
    })
    try {
      const value = await inTime(this.#clock, answer, ANSWER_MS)
      this.#overdue.clear() // some clients forget what they were given
      return value
    } catch (cause) {
      if (!isOpen) throw cause
      this.#overdue.add(call)
      this.#rest()
      throw new Error(SILENT)
    }
  }

  #rest(): void {
    if (this.#isResting) return
    this.#isResting = true
    this.#clock.after(ANSWER_MS, () => {
      this.#isResting = false
    })
  }

  /** Whole at first, then by name: a client sends in order, so that the name is known when it comes. */
  async #call(script: Script, values: readonly string[]): Promise<unknown> {
    if (!this.#sent.has(script)) return this.#sendWhole(script, values)
    try {
      return await this.#client.run(['evalsha', script.sha, '1', this.#base, ...values])
    } catch (cause) {
      if (!(cause instanceof Error && cause.message.startsWith('NOSCRIPT'))) throw cause
      return this.#sendWhole(script, values) // another Redis, or one that was emptied
    }
  }

  async #sendWhole(script: Script, values: readonly string[]): Promise<unknown> {
    this.#sent.add(script)
    try {
      return await this.#client.run(['eval', script.text, '1', this.#base, ...values])
    } catch (cause) {
      this.#sent.delete(script)
      throw cause
    }
  }
}
