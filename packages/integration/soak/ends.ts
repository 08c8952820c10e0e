// The book of ends: what the server says has ended and what visitors were told come in; what was lost, told twice or told wrong
// comes out.

/** An end that was not told within this is lost, even if it comes in the end. No fault lasts nearly as long. */
const LOST_MS = 60_000
/** Ends are remembered for so long. */
const KEPT_MS = 5 * 60_000

/** What of all visits. */
export interface Tally {
  readonly seen: number
  readonly lost: number
  readonly doubled: number
  /** Told as something else than what it was. */
  readonly wrong: number
  /** Visitors who stay for an end that has not come yet. */
  readonly waiting: number
}

/** All that was promised, and what became of it. */
export class Ends {
  readonly #ended = new Map<string, { readonly ending: string; readonly at: number }>()
  /** Visit -> the session whose end it stays for. */
  readonly #waiting = new Map<string, string>()
  /** Of which it is not known yet how it has ended. */
  readonly #unchecked = new Map<string, { readonly id: string; readonly ending: string }>()
  #seen = 0
  #lost = 0
  #doubled = 0
  #wrong = 0

  /** The server says so. */
  ended(id: string, ending: string, at: number): void {
    this.#ended.set(id, { ending, at })
    for (const [visit, told] of this.#unchecked) if (told.id === id) this.#check(visit, told)
  }

  /** Somebody stays for the end. */
  stays(visit: string, id: string): void {
    this.#waiting.set(visit, id)
  }

  /** Somebody was told of an end. */
  told(visit: string, id: string, ending: string, times: number): void {
    if (times > 1) {
      this.#doubled += 1
      return
    }
    const waited = this.#waiting.delete(visit)
    if (ending === 'gone') this.#lost += Number(waited)
    else {
      this.#seen += 1
      this.#check(visit, { id, ending })
    }
  }

  /** Looks for ends that should have come; at the end of a run, for all. */
  look(now: number, lostMs: number = LOST_MS): void {
    for (const [visit, id] of this.#waiting) {
      const ended = this.#ended.get(id)
      if (!ended || now - ended.at < lostMs) continue
      this.#waiting.delete(visit)
      this.#lost += 1
    }
    for (const [id, { at }] of this.#ended) if (now - at > KEPT_MS) this.#ended.delete(id)
  }

  get tally(): Tally {
    const [seen, lost, doubled, wrong] = [this.#seen, this.#lost, this.#doubled, this.#wrong]
    return { seen, lost, doubled, wrong, waiting: this.#waiting.size }
  }

  #check(visit: string, told: { readonly id: string; readonly ending: string }): void {
    const ended = this.#ended.get(told.id)
    this.#unchecked.delete(visit)
    if (!ended) this.#unchecked.set(visit, told)
    else if (ended.ending !== told.ending) this.#wrong += 1
  }
}
