// One walk: what happens to a client and its server at each step is chance, and what may never be is looked for.
import { alike, hold } from '@progress/protocol/testing'
import type { Snapshot } from '@progress/protocol/wire'
import { WebSocketClient } from '../client'
import type { Bench } from './bench'
import { ID, Script } from './script'

/** Longest pause between two steps: in real time the walk is not to take long. */
const PAUSE_MS = { real: 8, moved: 4_000 } as const

/** A client that watches one session, and the server of it. */
export class Walk {
  readonly script: Script
  readonly #bench: Bench
  readonly #chance: () => number
  readonly #client: WebSocketClient
  readonly #shown: Snapshot[] = []
  #ends = 0

  constructor(bench: Bench, chance: () => number) {
    this.#bench = bench
    this.#chance = chance
    this.script = new Script(bench.server)
    this.#client = new WebSocketClient({ transport: bench.transport })
    const watch = this.#client.watch(ID, { awaitMs: Number.POSITIVE_INFINITY })
    watch.subscribe((state) => {
      if ('revision' in state) this.#shown.push(state)
    })
    watch.onEnd(() => {
      this.#ends += 1
    })
  }

  /** Anything may happen, the end of the session only where it is late. */
  async step(isLate: boolean): Promise<void> {
    const { server, pass, isMovable } = this.#bench
    const { script } = this
    const kind = this.#chance() * 14
    if (kind < 4) script.move()
    else if (kind < 8) script.answer()
    else if (kind < 9) script.open.at(-1)?.drop()
    else if (kind < 10) script.repeat(Math.floor(this.#chance() * script.made.length))
    else if (kind < 11) server.meet(this.#chance() < 0.5 ? 'broken' : 'taken')
    else if (kind < 12) this.#dial()
    else if (kind < 12.3 && isLate) script.end()
    else await pass(this.#chance() * (isMovable ? PAUSE_MS.moved : PAUSE_MS.real))
  }

  /** The server is there again, the session goes on and ends, and the end is told once more. */
  async arrive(): Promise<void> {
    const { until, quiet, can } = this.#bench
    const { script } = this
    script.move()
    await this.#heal(() => this.#shown.at(-1)?.revision === script.newest.revision)
    script.end()
    await this.#heal(() => this.#ends > 0)
    // An end that is told again after another reconnect is no news.
    script.open.at(-1)?.drop()
    await quiet()
    if (can('hangUp')) {
      await this.#heal(() => script.open.length > 0)
      await until(() => script.open.length === 1, 'of several lines all but the last are hung up')
    }
    script.repeat(script.newest.revision)
    await quiet()
    alike(this.#ends, 1, 'the end reaches the app once')
    alike(this.#shown.at(-1), script.newest, 'what is shown in the end is what the server made last')
    for (const [index, shown] of this.#shown.entries()) {
      hold(shown.revision >= (this.#shown[index - 1]?.revision ?? 0), 'the positions that are shown only grow')
      alike(shown, script.made[shown.revision], 'every state that is shown is one that the server made')
    }
  }

  /** Ends it; whatever it held is given back. */
  async close(): Promise<void> {
    const { can, until } = this.#bench
    this.#client.close()
    if (can('hangUp')) await until(() => this.script.open.length === 0, 'a client that is closed leaves no line behind')
  }

  /** From here on the server is there, and answers: it is so before long. */
  async #heal(isSo: () => boolean): Promise<void> {
    this.#bench.server.meet('taken')
    await this.#bench.until(() => {
      this.#dial()
      while (this.script.answer()) {
        // all that was asked
      }
      return isSo()
    }, 'a client whose server is there again is right before long')
  }

  /** Whether it comes to nothing is the walk's to say. */
  #dial(): void {
    this.#client.connect().catch(() => {})
  }
}
