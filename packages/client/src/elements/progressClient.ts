// What the elements use of a client: `WebSocketClient` has it, and so has a fake one.
import type { Connection } from '../connection/status'
import type { MyWatch, Watch } from '../sessions/watches'

/** What the elements use of a client. A `WebSocketClient` fits. */
export interface ProgressClient {
  readonly connection: Connection
  watch(id: string, options?: { awaitMs?: number }): Watch
  watchMine(): MyWatch
  on(event: 'connectionChange', listener: (connection: Connection) => void): unknown
  off(event: 'connectionChange', listener: (connection: Connection) => void): unknown
}
