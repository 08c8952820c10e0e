// Writes, messages, questions and answers in any order: what is kept of a read is never older than what has been heard.
import { ManualClock } from '@progress/protocol/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry, Message, StoredEntry } from '../backend/contract'
import { entry, epoch, lines } from '../conformance/bench'
import { deferred } from '../recorder.test-support'
import { Recent } from './recent'

const ID = 's-1'
const STEPS = ['write', 'new life', 'log', 'hear', 'hear', 'ask', 'ask', 'answer', 'time', 'gap'] as const
const plans = fc.array(
  fc.record({
    step: fc.constantFrom(...STEPS),
    which: fc.nat({ max: 3 }),
    found: fc.constantFrom('asked', 'answered'),
  }),
  { minLength: 3, maxLength: 30 },
)
type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never

/** How a guard is taken off. */
type Twin = 'what is heard is not taken in' | 'gaps are not told'

/** A store of one session, the messages that are on their way from it, and what is asked of it. */
class Run {
  readonly #clock = new ManualClock()
  readonly #twin: Twin | undefined
  readonly #recent: Recent
  readonly #questions: { found: StoredEntry | null; answer(found: StoredEntry | null): void }[] = []
  readonly #reads: Promise<void>[] = []
  #life = 0
  #revision = 0
  #hasLog = false
  #onItsWay: Message[] = []
  /** The newest that is on its way no more: it was heard, or lost in a gap that was told. */
  #arrived = -1
  readonly broken: string[] = []

  constructor(twin?: Twin) {
    this.#twin = twin
    this.#recent = new Recent({ clock: this.#clock, isHearing: () => true, read: () => this.#asked() })
  }

  async play(plan: Plan): Promise<void> {
    for (const { step, which, found } of plan) {
      this.#step(step, which, found)
      await this.#clock.advance(0)
      this.#checkLog()
    }
    while (this.#questions.length > 0) this.#answer(0, 'asked')
    await Promise.all(this.#reads)
  }

  #step(step: Plan[number]['step'], which: number, found: Plan[number]['found']): void {
    if (step === 'write') this.#write(this.#life, this.#revision + 1)
    if (step === 'new life') this.#write(this.#life + 1, 1)
    if (step === 'log') this.#log()
    if (step === 'hear') this.#hear(this.#onItsWay.shift())
    if (step === 'ask') this.#ask()
    if (step === 'answer' && this.#questions.length > 0) this.#answer(which % this.#questions.length, found)
    if (step === 'time') void this.#clock.advance(700)
    if (step === 'gap') this.#gap()
  }

  #write(life: number, revision: number): void {
    if (life > this.#life) this.#hasLog = false
    this.#life = life
    this.#revision = revision
    this.#onItsWay.push({ kind: 'changed', entry: entry({ life, revision }) })
  }

  #log(): void {
    this.#hasLog = true
    const { epoch: life } = entry({ life: this.#life }).snapshot
    this.#onItsWay.push({ kind: 'log', sessionId: ID, epoch: life, lines: lines(0, 1), node: 'node-1' })
  }

  #hear(message: Message | undefined): void {
    if (!message) return
    if (message.kind === 'changed') this.#arrived = Math.max(this.#arrived, rankOf(message.entry))
    if (this.#twin !== 'what is heard is not taken in') this.#recent.hear(message)
  }

  #gap(): void {
    this.#onItsWay = []
    this.#arrived = rankOf(this.#stored())
    if (this.#twin !== 'gaps are not told') this.#recent.empty()
  }

  #stored(): StoredEntry | null {
    if (this.#revision === 0) return null
    return { ...entry({ life: this.#life, revision: this.#revision }), hasLog: this.#hasLog }
  }

  #ask(): void {
    const arrived = this.#arrived
    const read = this.#recent.read(ID).then((given) => {
      if (rankOf(given) < arrived) this.broken.push(`asked after ${arrived}, given ${rankOf(given)}`)
    })
    this.#reads.push(read)
  }

  #asked(): Promise<StoredEntry | null> {
    const { promise, resolve } = deferred<StoredEntry | null>()
    this.#questions.push({ found: this.#stored(), answer: resolve })
    return promise
  }

  /** What is answered was looked up when it was asked, or just now. */
  #answer(index: number, found: Plan[number]['found']): void {
    for (const question of this.#questions.splice(index, 1)) {
      question.answer(found === 'asked' ? question.found : this.#stored())
    }
  }

  /** Lines that are there, and of which nothing is on its way, must not be denied. */
  #checkLog(): void {
    const life = epoch(this.#life)
    const isToldLater = this.#onItsWay.some((message) => message.kind === 'log' && message.epoch === life)
    if (this.#hasLog && !isToldLater && this.#recent.isSilent(ID, life)) this.broken.push('lines are denied')
  }
}

/** The higher, the newer. */
function rankOf(state: Entry | null): number {
  return state ? Number.parseInt(state.snapshot.epoch, 36) * 1_000 + state.snapshot.revision : -1
}

async function check(twin?: Twin) {
  const property = fc.asyncProperty(plans, async (plan) => {
    const run = new Run(twin)
    await run.play(plan)
    expect(run.broken).toEqual([])
  })
  return fc.check(property, { numRuns: 2_000, seed: 6 })
}

describe('what is kept of a read, whatever the order', () => {
  it('6: is never older than what had arrived when it was asked for, and denies no lines that had', async () => {
    const { failed, counterexample } = await check()
    expect([failed, counterexample]).toEqual([false, null])
  })

  it.each<Twin>(['what is heard is not taken in', 'gaps are not told'])('6: which is caught where %s', async (twin) => {
    expect((await check(twin)).failed).toBe(true)
  })
})
