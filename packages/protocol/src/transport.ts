// What a client speaks through, when it is not one of the built-in ways: a test's fake network, or a transport of the app's.
import type { Clock } from './clock'
import type { CommandAnswer, CommandArgs } from './commands'
import type { Code } from './errors'
import type { CommandName } from './names'

/** Why a link is closed. */
export interface TransportClose {
  /** Said by the server; absent where the line simply broke. A code that is not retryable is a refusal. */
  readonly code?: Code
  readonly message?: string
  /** The server asks not to come back before. */
  readonly retryAfterMs?: number
}

/** What a transport tells its client. Called in order; must not throw. */
export interface TransportListener {
  /** The link stands: what was sent is on its way. */
  opened(): void
  /** The link is gone, or never stood. Nothing comes after it. */
  closed(why: TransportClose): void
  /** An event of the server, as it came: not checked. */
  event(name: string, payload: unknown): void
}

/** One dial, and what came of it. */
export interface TransportLink {
  /**
   * Sends a command; before the link stands it is kept until then. `answer` is called at most once, and never after the link
   * has closed.
   */
  send<C extends CommandName>(command: C, args: CommandArgs<C>, answer?: (answer: CommandAnswer<C>) => void): void
  /** Hangs up. `closed` is not called for it. */
  close(): void
}

/** What a client speaks through: `new WebSocketClient({ transport })`. */
export interface Transport {
  readonly '~transport': 1
  /** The time that this transport lives in; the client's waits go by it. */
  readonly clock: Clock
  /** Dials. Nothing is told before it has returned. */
  open(listener: TransportListener): TransportLink
  /** Calls back when dialling may have become worth while, as a browser's `online` does; the answer stops it. */
  onWake(wake: () => void): () => void
}
