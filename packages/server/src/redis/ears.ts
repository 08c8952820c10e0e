// What is told comes in here, by a connection of our own. Each message has a number: who has missed one sees the hole, and
// one that hears nothing any more is found by comparing what it heard with what Redis has told.
import type { Clock } from '@progress/protocol'
import type { Message } from '../backend/contract'
import { Hearers } from '../backend/hearers'
import { DEFAULTS } from '../defaults'
import { inTime } from '../inTime'
import { ANSWER_MS, type Calls } from './calls'
import type { Client, Line } from './client'
import { messageIn, numberOf } from './decode'
import { NEWEST } from './scripts'

/** How often it is looked whether all was heard. */
const LOOK_MS = DEFAULTS.heartbeatMs
/** What was told just now may be on its way for so long. */
const ON_ITS_WAY_MS = 1_000

/** One process's ears. */
export class Ears {
  readonly #client: Client
  readonly #calls: Calls
  readonly #clock: Clock
  readonly #hearers = new Hearers()
  #line: Line | undefined
  #opening: Promise<boolean> | undefined
  /** The number of what was heard last; 0: nothing was. */
  #last = 0
  #cancelLook: (() => void) | undefined
  #isLooking = false
  #isClosed = false

  constructor(client: Client, calls: Calls, clock: Clock) {
    this.#client = client
    this.#calls = calls
    this.#clock = clock
  }

  /** Hears from now on; the answer stops it. Rejects where the channel cannot be heard now. */
  async listen(hear: (message: Message) => void, onGap: () => void): Promise<() => void> {
    const hearer = { hear, onGap }
    const hasMissed = await this.#open()
    this.#hearers.add(hearer)
    this.#lookLater()
    if (hasMissed) this.#hearers.missed(hearer)
    return () => {
      if (this.#hearers.remove(hearer)) this.#leave()
    }
  }

  /** Hears nothing more. */
  close(): void {
    this.#isClosed = true
    this.#hearers.clear()
    this.#leave()
  }

  #leave(): void {
    this.#cancelLook?.()
    this.#cancelLook = undefined
    this.#line?.close()
    this.#line = undefined
  }

  /** Answers whether anything was told in the meantime. One at a time; whoever comes in between waits for the same. */
  #open(): Promise<boolean> {
    if (this.#line) return Promise.resolve(false)
    this.#opening ??= this.#begin().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #begin(): Promise<boolean> {
    const { channel, number } = await this.#newest() // as long as Redis cannot be asked, nothing is opened
    const line = this.#client.line()
    this.#last = 0
    try {
      await inTime(this.#clock, this.#subscribe(line, channel), ANSWER_MS)
      if (this.#isClosed) throw new Error('This backend was closed')
    } catch (cause) {
      line.close() // the next try begins with a new one
      throw cause
    }
    this.#line = line
    return number !== this.#last
  }

  async #subscribe(line: Line, channel: string): Promise<void> {
    const isBack = () => line === this.#line && this.#hearers.missed()
    await line.subscribe(channel, (text) => this.#takeIn(text), isBack)
    this.#last = Math.max(this.#last, (await this.#newest()).number)
  }

  async #newest(): Promise<{ readonly channel: string; readonly number: number }> {
    const answer = await this.#calls.run(NEWEST)
    const [channel, number] = Array.isArray(answer) ? answer : []
    return { channel: String(channel), number: numberOf(number) ?? 0 }
  }

  /** A number that was heard of already is one that was on its way when the newest was asked for. */
  #takeIn(text: string): void {
    const { number, message } = messageIn(text)
    const isNext = number === this.#last + 1 || this.#last === 0
    if (number === undefined || (number > this.#last && !isNext)) this.#hearers.missed()
    this.#last = Math.max(this.#last, number ?? 0)
    if (!message) {
      if (number !== undefined) this.#hearers.missed()
      return
    }
    this.#hearers.tell(message)
  }

  #lookLater(): void {
    if (this.#cancelLook || this.#hearers.size === 0) return
    this.#cancelLook = this.#clock.after(LOOK_MS, () => {
      this.#cancelLook = undefined
      this.#lookLater()
      void this.#look()
    })
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      if (!(await this.#hearsAll())) await this.#beginAnew()
    } catch {
      // Where Redis cannot be asked, nothing is known: it is looked again.
    }
    this.#isLooking = false
  }

  /** Is there a connection, and has it heard what Redis has told? */
  async #hearsAll(): Promise<boolean> {
    const before = this.#last
    const { number } = await this.#newest()
    if (!this.#line || number < before) return false
    if (number > this.#last) await new Promise<void>((resolve) => void this.#clock.after(ON_ITS_WAY_MS, resolve))
    return number <= this.#last
  }

  /** The connection may look well, and hear nothing. Who cannot be heard by any is asked at each look what there is. */
  async #beginAnew(): Promise<void> {
    this.#line?.close()
    this.#line = undefined
    this.#hearers.missed()
    if (this.#hearers.size > 0) await this.#open()
    if (this.#hearers.size === 0) return this.#leave()
    this.#hearers.missed() // what was told until now
  }
}
