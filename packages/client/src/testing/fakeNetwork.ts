// The network between a real client and the server that a test plays: push, and HTTP to fall back to. Each status of the
// connection is brought about by what a network and a server can do, never by telling the client what to say.
import type { Clock, Transport, TransportClose, TransportListener } from '@progress/protocol'
import { ERRORS } from '@progress/protocol'
import type { WebSocketClient } from '../client'
import type { Connection } from '../connection/status'
import { POLL_CAP_MS, PUSH_CAP_MS, type TransportOfWays, type Way } from '../transport/way'
import { FakeLink, type Luck, type Take } from './fakeLink'

/** A status that a network can bring about. */
export type Reachable = Exclude<Connection['status'], 'idle' | 'closed'>

type WayName = 'push' | 'http'

const REFUSED: TransportClose = Object.freeze({
  code: 'UNAUTHENTICATED',
  message: ERRORS.UNAUTHENTICATED.sentence,
})

/** What happens to dials and lines in each status, by either way. */
const LUCK: { readonly [S in Reachable]: { readonly [W in WayName]: Luck } } = Object.freeze({
  connecting: { push: 'unanswered', http: 'unanswered' },
  connected: { push: 'served', http: 'served' },
  reconnecting: { push: 'broken', http: 'broken' },
  polling: { push: 'broken', http: 'served' },
  refused: { push: REFUSED, http: REFUSED },
})

/** Lines of one client. */
export class FakeNetwork {
  /** By which the client dials. */
  readonly transport: TransportOfWays
  readonly #links = new Map<FakeLink, WayName>()
  #status: Reachable = 'connected'

  constructor(clock: Clock, take: Take) {
    const open = (way: WayName, listener: TransportListener): FakeLink => {
      const link = new FakeLink(listener, take)
      this.#links.set(link, way)
      // A dial takes a moment: who dials has a link in hand before anything is told.
      queueMicrotask(() => this.#settle())
      return link
    }
    const way = (name: WayName): Transport => ({
      '~transport': 1,
      clock,
      open: (listener) => open(name, listener),
      onWake: () => () => {},
    })
    const push = way('push')
    const ways: readonly Way[] = [
      { name: 'socket', transport: push, isHttp: false, capMs: PUSH_CAP_MS, via: () => 'websocket' },
      { name: 'poll', transport: way('http'), isHttp: true, capMs: POLL_CAP_MS, via: () => 'poll' },
    ]
    this.transport = Object.freeze({ ...push, '~ways': ways })
  }

  /** Links that are not closed. */
  links(): FakeLink[] {
    for (const link of [...this.#links.keys()]) if (link.isClosed) this.#links.delete(link)
    return [...this.#links.keys()]
  }

  /** Brings the client into this status. */
  become(status: Reachable, client: WebSocketClient): void {
    const isNew = ['idle', 'connecting'].includes(client.connection.status)
    // Only a first dial is `connecting`, and the first after a refusal: somebody has logged in again.
    if (status === 'connecting' && !isNew) this.become('refused', client)
    this.#status = status
    this.#settle()
    if (client.connection.status === status) return
    client.connect().catch(() => {}) // that this may come to nothing is the purpose
    this.#settle()
  }

  /** Has the line come back? Where it was broken or not answered yet, it does when the server has something to say. */
  wake(client: WebSocketClient): void {
    if (this.#status === 'connecting' || this.#status === 'reconnecting') this.become('connected', client)
  }

  /** Until all that was dialled has met its luck, that which is dialled for it included. */
  #settle(): void {
    const luck = LUCK[this.#status]
    while ([...this.#links].some(([link, way]) => link.meet(luck[way]))) {
      // one at a time, for each may change which others there are
    }
  }
}
