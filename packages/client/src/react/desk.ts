// A client, and who looks at what through it below one provider.
import type { WebSocketClient } from '../index'

/** What `client.watch(id)` and `client.watchMine()` have in common. */
export interface Watching<State, End> {
  readonly state: State
  subscribe(listener: (state: State) => void): () => void
  onEnd(listener: (end: End) => void): () => void
  leave(): void
}

/** What is seen of it. */
interface Seen {
  readonly state: unknown
}

/** Shared by the components below one provider. */
export class Desk {
  readonly client: WebSocketClient
  readonly #watches = new Map<string, Set<Seen>>()

  constructor(client: WebSocketClient) {
    this.client = client
  }

  /** Enters what is watched; the answer takes it out. */
  enter(key: string, watch: Seen): () => void {
    const same = this.#watches.get(key) ?? new Set()
    this.#watches.set(key, same.add(watch))
    return () => {
      same.delete(watch)
      if (same.size === 0) this.#watches.delete(key)
    }
  }

  /** What another component sees already: who joins it begins with that, and does not flash. */
  seen(key: string): unknown {
    const [watch] = this.#watches.get(key) ?? []
    return watch?.state
  }
}
