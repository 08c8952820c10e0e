// Connections of an engine come in as they open; one that has entered no namespace in time is closed.
import { type Clock, LIMITS } from '@progress/protocol'
import type { Signals } from '../observe/signals'
import type { EngineSocketLike } from '../socket/socketLike'

/** The part of an engine's connection that is used. */
export interface ArrivingConnection extends Pick<EngineSocketLike, 'close' | 'transport'> {
  once(event: 'close', listener: () => void): unknown
}

/** The part of a namespace that is used. */
export interface EnteredNamespace {
  on(event: 'connection', listener: (socket: { readonly conn: ArrivingConnection }) => void): unknown
}

/** The part of a server that is used. */
export interface ArrivalsServer {
  readonly engine: { on(event: 'connection', listener: (connection: ArrivingConnection) => void): unknown }
  /** The namespaces that are there already. */
  readonly _nsps?: ReadonlyMap<string, EnteredNamespace>
  on(event: 'new_namespace', listener: (namespace: EnteredNamespace) => void): unknown
}

/** What waiting takes, and whom it tells. */
export interface ArrivalsParts {
  readonly clock: Clock
  readonly signals: Signals
}

/**
 * Closes the connections that have entered no namespace within `LIMITS.authenticateMs`, whatever the `connectTimeout` of
 * the app's server is. Any namespace counts: the app's own are not ours to close.
 */
export function guardArrivals(server: ArrivalsServer, parts: ArrivalsParts): void {
  const arrivals = new Arrivals(parts)
  const watch = (namespace: EnteredNamespace): void =>
    void namespace.on('connection', ({ conn }) => arrivals.settle(conn))
  for (const namespace of server._nsps?.values() ?? []) watch(namespace)
  server.on('new_namespace', watch)
  server.engine.on('connection', (connection) => arrivals.add(connection))
}

/** Connections that have not entered yet. All may wait equally long, so one timer and one queue are enough. */
export class Arrivals {
  readonly #parts: ArrivalsParts
  /** Since when each waits, the first that came first. */
  readonly #since = new Map<ArrivingConnection, number>()
  #cancel: (() => void) | undefined

  constructor(parts: ArrivalsParts) {
    this.#parts = parts
  }

  /** Connections that wait. */
  get size(): number {
    return this.#since.size
  }

  /** It has opened: its time runs. */
  add(connection: ArrivingConnection): void {
    this.#since.set(connection, this.#parts.clock.now())
    connection.once('close', () => this.settle(connection))
    if (!this.#cancel) this.#wakeAfter(LIMITS.authenticateMs)
  }

  /** It has entered, or is gone: nothing waits for it any more. */
  settle(connection: ArrivingConnection): void {
    this.#since.delete(connection)
    if (this.#since.size > 0) return
    this.#cancel?.()
    this.#cancel = undefined
  }

  #wakeAfter(ms: number): void {
    this.#cancel = this.#parts.clock.after(ms, () => this.#look())
  }

  #look(): void {
    this.#cancel = undefined
    const now = this.#parts.clock.now()
    for (const [connection, since] of this.#since) {
      const waited = now - since
      // Less than nothing: the machine's clock was set back, and how long it has waited is not known. It may dial again.
      if (waited >= 0 && waited < LIMITS.authenticateMs) {
        this.#wakeAfter(LIMITS.authenticateMs - waited)
        return
      }
      this.#since.delete(connection)
      this.#close(connection)
    }
  }

  #close(connection: ArrivingConnection): void {
    const { signals } = this.#parts
    signals.tell('refused', { code: 'UNAUTHENTICATED', reason: 'entered no namespace in time' })
    const wire = connection.transport?.socket
    try {
      connection.close(true)
      wire?.terminate?.() // a WebSocket would wait as long again for a goodbye
    } catch (cause) {
      signals.tell('handler-failed', { where: 'disconnect', cause }) // the app's, and no reason to spare the next one
    }
  }
}
