// The other end of a transport: a server that the transport's author puts into the hands of the contract.
import type { CommandName, ProgressBye, ServerEventName, Transport, TransportClose } from '@progress/protocol/wire'

/** What becomes of a dial: it is taken, the line breaks without a word, or it is refused with this code. */
export type Luck = 'taken' | 'broken' | (TransportClose & Required<Pick<TransportClose, 'code'>>)

/** A command that came in. */
export interface Heard {
  readonly command: CommandName
  readonly args: readonly unknown[]
  /** Sends the answer, where one is awaited. Over a line that is gone it goes nowhere. */
  answer(answer: unknown): void
}

/** One line to a client, as the server has it. */
export interface FarLine {
  /** All commands that came in, the oldest first. */
  readonly heard: readonly Heard[]
  /** Does it stand, as far as the server knows? */
  readonly isOpen: boolean
  /** Says an event to this client. Over a line that is gone it goes nowhere. */
  say(name: ServerEventName, payload: unknown): void
  /** Breaks the line without a word. */
  drop(): void
  /** Says why, and ends the line: what a transport tells by `closed`. */
  bye(why: ProgressBye): void
}

/** A server in the author's hands. It does nothing by itself: each word of it is said by a fact. */
export interface FarEnd {
  /** What becomes of dials from now on; until this is called they are taken. */
  meet(luck: Luck): void
  /** The lines of all dials that were taken, in their order; those that are gone, too. */
  readonly lines: readonly FarLine[]
  /** Ends what was started for this fact. */
  close?(): void | Promise<void>
}

/** A transport, and the server that it leads to: both new. */
export interface TransportAndServer {
  readonly transport: Transport
  readonly server: FarEnd
}

/**
 * What not every far end can do: `refuse` a dial with a code, say `bye`, see a client `hangUp`, hear and `answer` commands,
 * and say `eachEvent` one by one: a transport without that may pass over all but the newest state, and tell it again.
 */
export type Ability = 'refuse' | 'bye' | 'hangUp' | 'answer' | 'eachEvent'
