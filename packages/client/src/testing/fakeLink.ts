// One dial of the client's, and the line that comes of it. Whatever is said arrives a moment later, in order, as on a
// network: what a component does in between is not part of it.
import type {
  CommandAnswer,
  CommandArgs,
  CommandName,
  TransportClose,
  TransportLink,
  TransportListener,
} from '@progress/protocol'

/** What becomes of dials, and of lines that stand: served, never answered, broken, or sent away with a word. */
export type Luck = 'served' | 'unanswered' | 'broken' | TransportClose

/** What the server does with a command. */
export type Take = <C extends CommandName>(link: FakeLink, command: C, args: CommandArgs<C>) => CommandAnswer<C>

/** One link. */
export class FakeLink implements TransportLink {
  /** Ids that were joined over it, those that nobody made yet included. */
  readonly joined = new Set<string>()
  /** The caller's own sessions are told over it. */
  isListing = false
  readonly #listener: TransportListener
  readonly #take: Take
  #state: 'dialing' | 'open' | 'closed' = 'dialing'
  /** Said before it stood. */
  readonly #early: (() => void)[] = []

  constructor(listener: TransportListener, take: Take) {
    this.#listener = listener
    this.#take = take
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  send<C extends CommandName>(command: C, args: CommandArgs<C>, answer?: (answer: CommandAnswer<C>) => void): void {
    if (this.#state === 'dialing') this.#early.push(() => this.send(command, args, answer))
    if (this.#state !== 'open') return
    const said = this.#take(this, command, args)
    if (answer) this.#later(() => answer(said))
  }

  close(): void {
    this.#state = 'closed'
  }

  /** Tells the client something, where the line stands. */
  tell(name: string, payload: unknown): void {
    if (this.#state === 'open') this.#later(() => this.#listener.event(name, payload))
  }

  /** Meets its luck; `true` where that changed something. */
  meet(luck: Luck): boolean {
    const isDialing = this.#state === 'dialing'
    if (this.#state === 'closed' || luck === (isDialing ? 'unanswered' : 'served')) return false
    if (luck === 'served') this.#open()
    else {
      this.#state = 'closed'
      this.#listener.closed(typeof luck === 'object' ? luck : {})
    }
    return true
  }

  #open(): void {
    this.#state = 'open'
    this.#listener.opened()
    for (const say of this.#early.splice(0)) say()
  }

  /** What is on its way when the line breaks is lost. */
  #later(run: () => void): void {
    queueMicrotask(() => {
      if (this.#state === 'open') run()
    })
  }
}
