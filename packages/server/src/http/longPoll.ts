// One request that waits: the first state that is news and may be seen comes out, or after a while what is there, or nothing.
import { comparePositions, type KnownCode, type Positioned, positionOf, type Snapshot } from '@progress/protocol'
import type { Caller } from '../auth/principal'
import type { Entry } from '../backend/contract'
import { inTime } from '../inTime'
import { Gate } from './gate'
import type { Viewer } from './hub'
import { namesTag } from './query'
import type { Sources } from './sources'
import type { Held } from './visits'

/** What is waited for. */
export interface PollAsk {
  readonly sessionId: string
  readonly waitMs: number
  readonly since: Positioned | undefined
  /** `If-None-Match`. */
  readonly tags: string | null
}

/** Is this something that the client does not have? */
export function isNews(snapshot: Snapshot, { since, tags }: PollAsk): boolean {
  if (since && comparePositions(snapshot, since) <= 0) return false
  return !namesTag(tags, positionOf(snapshot))
}

/** A long poll. It ends by itself; then nothing of it is left anywhere. */
export class LongPoll implements Viewer, Held {
  /** What may be seen, if anything; it is over when this resolves. Rejects where the backend does. */
  readonly found: Promise<Snapshot | undefined>
  readonly #sources: Sources
  readonly #ask: PollAsk
  readonly #gate: Gate
  #caller: Caller
  #settle: (failure?: { readonly cause: unknown }) => void = () => {}

  constructor(sources: Sources, caller: Caller, ask: PollAsk) {
    this.#sources = sources
    this.#caller = caller
    this.#ask = ask
    const { desk, node } = sources
    this.#gate = new Gate({
      may: (entry) => inTime(node.clock, desk.maySee(this.#caller, entry)),
      show: (snapshot) => isNews(snapshot, ask) && this.#settle(),
      hide: () => {}, // whoever waits for it goes on waiting, as for one that is not there
    })
    this.found = this.#wait()
  }

  offer(entry: Entry): void {
    void this.#gate.offer(entry)
  }

  logged(): void {}

  bye(_code: KnownCode): void {
    this.#settle()
  }

  left(): void {
    this.#settle()
  }

  async recheck(caller: Caller): Promise<void> {
    this.#caller = caller
    await this.#gate.recheck()
  }

  /** Listens first and reads then, so that no change falls in between. */
  async #wait(): Promise<Snapshot | undefined> {
    const { hub, node } = this.#sources
    const { sessionId, waitMs } = this.#ask
    const over = new Promise<{ readonly cause: unknown } | undefined>((resolve) => {
      this.#settle = resolve
    })
    const unwatch = hub.watch(sessionId, this)
    const cancel = node.clock.after(waitMs, () => this.#settle())
    inTime(node.clock, node.read(sessionId)).then(
      (entry) => entry && this.offer(entry),
      (cause: unknown) => this.#settle({ cause }),
    )
    const failure = await over
    cancel()
    unwatch()
    this.#gate.close()
    if (failure) throw failure.cause
    return this.#gate.visible
  }
}
