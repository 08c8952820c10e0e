// What a page is told of its connection.
import type { Code } from '@progress/protocol/wire'

/** How the client is connected. For a badge, and for a notice. */
export interface Connection {
  /**
   * `polling`: by `endpoint`, that is by SSE or by asking again and again; Socket.IO's own long-polling is `connected`.
   * `refused`: the server said no, and nothing is tried any more before `connect()` or a new watch.
   */
  readonly status: 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'polling' | 'refused' | 'closed'
  readonly transport: 'websocket' | 'long-polling' | 'sse' | 'poll' | null
  /** Why, where it is `refused`. */
  readonly refusal?: { readonly code: Code; readonly message: string }
}
