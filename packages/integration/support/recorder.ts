// Writes down what a client shows, and holds it against the delivery contract.
import type { Connection, Snapshot, Watch, WatchOptions, WatchState, WebSocketClient } from '@progress/client'
import { Ledger } from './ledger'

/** Looks over the shoulder of a client. */
export class Recorder {
  readonly client: WebSocketClient
  /** Every change, in its order. */
  readonly connections: Connection[] = []
  /** Every state of everything watched, in its order. */
  readonly states: WatchState[] = []
  /** Of the client's own events. */
  readonly #events = new Ledger()
  readonly #ledgers: Ledger[] = [this.#events]

  constructor(client: WebSocketClient) {
    this.client = client
    client.on('connectionChange', (connection) => this.connections.push(connection))
    client.on('progressComplete', (end) => this.#events.end(end))
    client.on('progressError', (end) => this.#events.end(end))
    client.on('progressCancelled', (end) => this.#events.end(end))
  }

  /** Watches, and keeps a book of its own for it. */
  watch(id: string, options?: WatchOptions): Watch {
    const watch = this.client.watch(id, options)
    const ledger = new Ledger()
    this.#ledgers.push(ledger)
    watch.subscribe((state) => {
      this.states.push(state)
      if (isSnapshot(state)) ledger.state(state)
    })
    watch.onEnd((end) => {
      if (isSnapshot(end)) ledger.end(end)
    })
    return watch
  }

  /** How often the client's events told of an end of this session. */
  endsOf(id: string): number {
    return this.#events.endsOf(id)
  }

  /** `connected`, `polling` and so on, each where it changed. */
  get statuses(): readonly string[] {
    return this.connections.map(({ status }) => status)
  }

  /** Messages of the states shown, which tests number. */
  get messages(): readonly (string | undefined)[] {
    return this.states.map(({ message }) => message)
  }

  /** Promises that were broken. */
  get violations(): readonly string[] {
    return this.#ledgers.flatMap(({ violations }) => violations)
  }
}

function isSnapshot(state: WatchState): state is Snapshot {
  return 'epoch' in state
}
