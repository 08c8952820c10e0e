// A transport in the test's hands: what is dialled and sent is kept, and the test plays the server.

import { ManualClock } from '@progress/protocol/testing'
import type {
  Clock,
  CommandAnswer,
  CommandArgs,
  CommandName,
  Transport,
  TransportClose,
  TransportLink,
  TransportListener,
} from '@progress/protocol/wire'

/** A command that was sent. */
export interface Sent {
  readonly command: CommandName
  readonly args: readonly unknown[]
  readonly answer: ((answer: never) => void) | undefined
}

/** One dial. */
export class FakeLink implements TransportLink {
  readonly sent: Sent[] = []
  state: 'dialing' | 'open' | 'closed' = 'dialing'
  readonly listener: TransportListener
  /** Comparisons are answered at once: nothing is behind. */
  isAlive = false

  constructor(listener: TransportListener) {
    this.listener = listener
  }

  send<C extends CommandName>(command: C, args: CommandArgs<C>, answer?: (answer: CommandAnswer<C>) => void): void {
    this.sent.push({ command, args, answer: answer as Sent['answer'] })
    if (this.isAlive && command === 'sync-progress') {
      this.answer(command, { success: true, snapshots: [], gone: [] })
    }
  }

  close(): void {
    this.state = 'closed'
  }

  /** The server takes the call. */
  open(): this {
    this.state = 'open'
    this.listener.opened()
    return this
  }

  /** It hangs up, or never took it. */
  drop(why: TransportClose = {}): void {
    this.state = 'closed'
    this.listener.closed(why)
  }

  /** It says something. */
  say(name: string, payload: unknown): void {
    this.listener.event(name, payload)
  }

  /** Commands of this name, oldest first. */
  asked(command: CommandName): readonly Sent[] {
    return this.sent.filter((sent) => sent.command === command)
  }

  /** Answers the newest command of this name. Throws where there is none. */
  answer(command: CommandName, answer: unknown): void {
    const sent = this.asked(command).at(-1)
    if (!sent?.answer) throw new Error(`${command} was not asked`)
    sent.answer(answer as never)
  }
}

/** A transport that dials `FakeLink`s. */
export class FakeTransport implements Transport {
  readonly '~transport' = 1
  readonly clock: Clock
  readonly links: FakeLink[] = []
  readonly wakes = new Set<() => void>()

  constructor(clock: Clock = new ManualClock()) {
    this.clock = clock
  }

  open(listener: TransportListener): FakeLink {
    const link = new FakeLink(listener)
    this.links.push(link)
    return link
  }

  onWake(wake: () => void): () => void {
    this.wakes.add(wake)
    return () => void this.wakes.delete(wake)
  }

  /** The newest dial. Throws where there is none. */
  get link(): FakeLink {
    const link = this.links.at(-1)
    if (!link) throw new Error('nothing was dialled')
    return link
  }

  /** Dials and links that nobody hung up. */
  get live(): readonly FakeLink[] {
    return this.links.filter(({ state }) => state !== 'closed')
  }
}
