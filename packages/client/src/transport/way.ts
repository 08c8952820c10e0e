// One way to the server, as the connection uses it.
import type { Transport } from '@progress/protocol/wire'
import type { Connection } from '../connection/status'

/** A transport, and what a page is told of it. */
export interface Way {
  readonly name: 'socket' | 'sse' | 'poll' | 'transport'
  readonly transport: Transport
  /** By `endpoint`: what is connected this way is called `polling`. */
  readonly isHttp: boolean
  /** The longest wait between attempts in the background. */
  readonly capMs: number
  /** How it is connected just now. */
  via(): Connection['transport']
}

/** A transport that stands for several ways, in order of preference: a fake network offers its fallback with it. */
export interface TransportOfWays extends Transport {
  readonly '~ways': readonly Way[]
}

/** Push that is lost for long is tried now and then. */
export const PUSH_CAP_MS = 30_000
/** The last way out is tried as often as it would be asked. */
export const POLL_CAP_MS = 4_000
