// What an app holds: it joins the two halves, the connection and the sessions, and hands on. No logic is in here.
import type { AnyOperation, CancelAnswer } from '@progress/protocol/wire'
import { Asks } from './connection/asks'
import { Driver } from './connection/driver'
import type { Connection } from './connection/status'
import { Syncer } from './connection/syncer'
import { makeTrace } from './debug'
import { Emitter, type EventName, type Listener } from './emitter'
import type { ClientOptions, WatchOptions } from './options'
import { Sessions } from './sessions/sessions'
import type { MyWatch, Watch } from './sessions/watches'
import type { Socket, SocketDialer } from './transport/socket'
import { makeWays } from './transport/ways'

/**
 * Follows work on the server, by socket, server-sent events or polling, whatever gets through. Everything that is watched
 * connects it by itself.
 * @example
 * const client = new WebSocketClient()
 * client.watch(id).subscribe((state) => { bar.value = state.progress })
 */
export class WebSocketClient {
  readonly #emitter = new Emitter()
  readonly #driver: Driver
  readonly #sessions: Sessions
  readonly #syncer: Syncer
  readonly #asks: Asks
  readonly #dialer: SocketDialer | undefined

  /** Dials nothing yet. Throws a `TypeError` where an option makes no sense. */
  constructor(options: ClientOptions = {}) {
    const trace = makeTrace()
    const { ways, dialer } = makeWays(options, { changed: () => this.#driver.look() })
    this.#dialer = dialer
    const send: Driver['send'] = (command, args, answer) => this.#driver.send(command, args, answer)
    this.#driver = new Driver({
      ways,
      mayRenew: options.auth !== undefined,
      random: Math.random,
      greet: (link) => {
        this.#sessions.greet(link)
        this.#asks.greet(link)
      },
      event: (name, payload) => this.#sessions.event(name, payload),
      stood: () => this.#syncer.start(),
      connected: () => this.#emitter.tell('connect'),
      disconnected: (reason) => this.#emitter.tell('disconnect', { reason, toString: () => reason }),
      gaveUp: () => this.#emitter.tell('connectionFailed', {}),
      changed: (connection) => this.#emitter.tell('connectionChange', connection),
      woke: () => this.#syncer.now(),
      trace,
    })
    const { clock } = this.#driver
    this.#asks = new Asks(clock, send)
    this.#sessions = new Sessions({
      clock,
      emitter: this.#emitter,
      decode: options.decode,
      send,
      cancel: (id, reason) => cancelBy(this.#asks, id, reason),
      compare: () => this.#syncer.now(),
      trace,
    })
    this.#syncer = new Syncer({
      clock,
      random: Math.random,
      standing: () => this.#driver.standing(),
      heard: () => this.#driver.heard,
      known: () => this.#sessions.known(),
      take: (answer) => this.#sessions.synced(answer),
      silent: () => this.#driver.silent(),
    })
  }

  /** How the client is connected; the same object as long as that does not change. */
  get connection(): Connection {
    return this.#driver.connection
  }

  /** Socket.IO's own client, of the newest dial. Throws an `Error` before the first, and where no socket is dialled at all. */
  get socket(): Socket {
    const socket = this.#dialer?.socket
    if (socket) return socket
    throw new Error(this.#dialer ? 'there is no socket yet: connect() first' : '`transport` leaves sockets out')
  }

  /**
   * Resolves when the preferred way stands. Watching connects by itself; this is for those who want to wait. Rejects when
   * the server refuses, or when the first dial comes to nothing; what is watched is followed by other ways all the same.
   */
  connect(): Promise<void> {
    return this.#driver.connect()
  }

  /** Hangs up for good and leaves all that is watched: no timer and no listener is left, and no promise is open. */
  close(): void {
    this.#syncer.stop()
    this.#driver.close()
    this.#asks.close()
    this.#sessions.close()
    this.#emitter.clear()
  }

  /**
   * Follows a session, also one that is not made yet. The type parameter says what it is: `client.watch<typeof importCsv>(id)`.
   * Throws a `TypeError` where this can be no id.
   */
  watch<Op extends AnyOperation = AnyOperation>(id: string, options: WatchOptions = {}): Watch<Op> {
    const watch = this.#sessions.watch(id, options.awaitMs)
    this.#driver.ensure()
    // The caller's word: types of operations exist at compile time only.
    return watch as Watch as Watch<Op>
  }

  /** Follows all sessions of whoever is logged in: what runs, and what has just ended. Also right after a reload. */
  watchMine<Op extends AnyOperation = AnyOperation>(): MyWatch<Op> {
    const watch = this.#sessions.watchMine()
    this.#driver.ensure()
    return watch as MyWatch as MyWatch<Op>
  }

  /** Hears an event. A listener that throws hurts no other. */
  on<E extends EventName>(event: E, listener: Listener<E>): this {
    this.#emitter.on(event, listener)
    return this
  }

  /** Hears an event once. */
  once<E extends EventName>(event: E, listener: Listener<E>): this {
    this.#emitter.once(event, listener)
    return this
  }

  /** Hears it no longer. */
  off<E extends EventName>(event: E, listener: Listener<E>): this {
    this.#emitter.off(event, listener)
    return this
  }

  /** Rooms by hand, as the seed has it; `watch` does it by itself. Throws a `TypeError` where this can be no id. */
  emit(command: 'join-progress' | 'leave-progress', sessionId: string): this {
    if (command === 'leave-progress') this.#sessions.release(sessionId)
    else {
      this.#sessions.hold(sessionId)
      this.#driver.ensure()
    }
    return this
  }
}

async function cancelBy(asks: Asks, id: string, reason: string | undefined): Promise<CancelAnswer> {
  const answer = await asks.ask('cancel-progress', reason === undefined ? [id] : [id, reason])
  return 'error' in answer ? { ok: false, ...answer.error } : { ok: true }
}
