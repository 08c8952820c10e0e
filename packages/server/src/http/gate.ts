// One viewer before one session: states come in, those that are newer and may be seen go on. Asked once per epoch.
import { comparePositions, type Positioned, type Snapshot } from '@progress/protocol'
import type { Entry } from '../backend/contract'

/** What a gate needs. */
export interface GateOptions {
  /** May this be seen? */
  may(entry: Entry): Promise<boolean>
  /** A state that is newer than the last, and may be seen. */
  show(snapshot: Snapshot, entry: Entry): void
  /** What was shown may be seen no longer. */
  hide(): void
}

/** Lets through what is new and allowed, in order: while it asks, the newest state waits. */
export class Gate {
  readonly #options: GateOptions
  #newest: Entry | undefined
  #shown: Positioned | undefined
  /** `undefined`: not known yet. */
  #allowed: boolean | undefined
  #question = 0
  /** The viewer was shown something, and was not told that it is gone. */
  #showing = false
  #closed = false

  /** @param held the last position that the viewer has; what is not newer is not shown again */
  constructor(options: GateOptions, held?: Positioned) {
    this.#options = options
    this.#shown = held
  }

  /** The newest state, where it may be seen. */
  get visible(): Snapshot | undefined {
    return this.#allowed ? this.#newest?.snapshot : undefined
  }

  /** A state. Resolves when it was shown, kept back, or overtaken. Never rejects. */
  async offer(entry: Entry): Promise<void> {
    const before = this.#newest
    if (this.#closed || (before && comparePositions(entry.snapshot, before.snapshot) <= 0)) return
    this.#newest = entry
    const isKnown = before?.snapshot.epoch === entry.snapshot.epoch && before.owner === entry.owner
    if (!isKnown) await this.#ask(entry)
    else if (this.#allowed) this.#pass()
  }

  /** Asks anew: a right may have been withdrawn, or given. */
  async recheck(): Promise<void> {
    if (this.#newest && !this.#closed) await this.#ask(this.#newest, this.#allowed)
  }

  /** Nothing passes any more. */
  close(): void {
    this.#closed = true
  }

  async #ask(entry: Entry, meanwhile?: boolean): Promise<void> {
    this.#question += 1
    const question = this.#question
    this.#allowed = meanwhile
    const allowed = await this.#options.may(entry).catch(() => false)
    if (question !== this.#question || this.#closed) return // a newer question decides
    this.#allowed = allowed
    if (allowed) this.#pass()
    else if (this.#showing) this.#hide()
  }

  #hide(): void {
    this.#showing = false
    this.#shown = undefined
    this.#options.hide()
  }

  #pass(): void {
    const entry = this.#newest
    if (!entry || (this.#shown && comparePositions(entry.snapshot, this.#shown) <= 0)) return
    const { snapshot } = entry
    this.#shown = { epoch: snapshot.epoch, revision: snapshot.revision }
    this.#showing = true
    this.#options.show(snapshot, entry)
  }
}
