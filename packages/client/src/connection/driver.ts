// The whole connection: the line, what a page is told of it, and when it is looked after.
import {
  type Clock,
  type CommandAnswer,
  type CommandArgs,
  type CommandName,
  ProgressError,
  type TransportClose,
  type TransportLink,
} from '@progress/protocol/wire'
import type { Way } from '../transport/way'
import { Line, type Standing } from './line'
import type { Connection } from './status'
import { watchDay } from './wake'

/** What the driver needs, and whom it tells. */
export interface DriverParts {
  readonly ways: readonly Way[]
  readonly mayRenew: boolean
  random(): number
  /** Says on a new link what is wanted; what is sent before it stands is kept by it. */
  greet(link: TransportLink): void
  event(name: string, payload: unknown): void
  /** A link stands, whichever. */
  stood(): void
  /** Push stands; the first time, and again. */
  connected(): void
  disconnected(reason: string): void
  /** Five attempts came to nothing. */
  gaveUp(): void
  changed(connection: Connection): void
  /** Something may have been missed: a good moment to compare. */
  woke(): void
  trace(text: string, detail?: unknown): void
}

interface Waiter {
  resolve(): void
  reject(error: Error): void
}

/** Keeps the client connected. */
export class Driver {
  readonly #parts: DriverParts
  readonly #waiters = new Set<Waiter>()
  readonly #forget: () => void
  #line: Line
  #isClosed = false
  #isAsleep = false
  /** No dial has come to an end yet since somebody asked for the first. */
  #isFresh = true
  #refusal: Connection['refusal']
  /** The link that stood when it was last looked. */
  #stood: TransportLink | undefined
  #told: Connection = Object.freeze({ status: 'idle', transport: null })

  constructor(parts: DriverParts) {
    this.#parts = parts
    this.#line = this.#makeLine()
    const stops = [
      watchDay({ woke: () => this.#wake(), slept: () => this.#sleep(), returned: () => this.#return() }),
      ...parts.ways.map(({ transport }) => transport.onWake(() => this.#wake())),
    ]
    this.#forget = () => {
      for (const stop of stops) stop()
    }
  }

  /** The time that the connection lives in. */
  get clock(): Clock {
    const [way] = this.#parts.ways
    if (!way) throw new TypeError('there is no transport')
    return way.transport.clock
  }

  /** What a page is told. The same object as long as nothing changes. */
  get connection(): Connection {
    return this.#told
  }

  /** What commands can be sent over now. */
  standing(): Standing | undefined {
    return this.#line.standing()
  }

  /** Grows with all that comes in. */
  get heard(): number {
    return this.#line.heard
  }

  /** Dials where nobody has yet, or somebody was refused. */
  ensure(): void {
    if (this.#isAsleep) return
    if (this.#line.state === 'idle' || this.#line.state === 'refused') this.#dial()
  }

  /** Resolves when the first way stands. Rejects when it is refused, when the dial comes to nothing, or when it is closed. */
  connect(): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('this client was closed: make a new one'))
    if (this.#line.state === 'open') return Promise.resolve()
    const connected = new Promise<void>((resolve, reject) => {
      this.#waiters.add({ resolve, reject })
    })
    this.#dial()
    return connected
  }

  /** To every link, also those that do not stand yet. */
  send<C extends CommandName>(command: C, args: CommandArgs<C>, answer?: (answer: CommandAnswer<C>) => void): void {
    this.#line.send(command, args, answer)
  }

  /** The server is silent: what stands counts as gone. */
  silent(): void {
    this.#line.silent()
  }

  /** How it is connected may have changed. */
  look(): void {
    const link = this.#line.standing()?.link
    if (link && link !== this.#stood) this.#parts.stood()
    this.#stood = link
    const connection = this.#describe()
    if (connection.status === this.#told.status && connection.transport === this.#told.transport) return
    this.#told = Object.freeze(connection)
    this.#parts.changed(connection)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#forget()
    this.#line.close()
    this.#settle(new Error('the client was closed'))
    this.look()
  }

  #dial(): void {
    if (this.#line.state === 'idle' || this.#line.state === 'refused') this.#isFresh = true
    this.#refusal = undefined
    this.#line.connect()
  }

  #makeLine(): Line {
    const { ways, mayRenew, random, greet, event, trace } = this.#parts
    return new Line({
      ways,
      mayRenew,
      random,
      greet,
      event,
      trace,
      changed: () => this.look(),
      refused: (why) => this.#refused(why),
      tell: {
        opened: () => {
          this.#isFresh = false
          this.look()
          this.#settle()
          this.#parts.connected()
        },
        failed: (why) => {
          this.#isFresh = false
          this.#settle(errorOf(why, 'NETWORK_ERROR', 'the server could not be reached'))
        },
        dropped: ({ code, message }) => this.#parts.disconnected(code ?? message ?? 'connection lost'),
        gaveUp: () => this.#parts.gaveUp(),
      },
    })
  }

  #refused(why: TransportClose): void {
    const error = errorOf(why, 'UNAUTHENTICATED', 'the server refused the connection')
    this.#refusal = Object.freeze({ code: error.code, message: error.message })
    this.#settle(error)
  }

  #settle(error?: Error): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const { resolve, reject } of waiters) error ? reject(error) : resolve()
  }

  #wake(): void {
    const { state } = this.#line
    if (state === 'idle' || state === 'refused') return
    this.#parts.woke()
    if (state === 'waiting' || state === 'polling') this.#line.connect()
  }

  #sleep(): void {
    if (this.#line.state === 'idle' || this.#line.state === 'refused') return
    this.#isAsleep = true
    this.#line.close()
    this.#line = this.#makeLine()
    this.look()
  }

  #return(): void {
    if (!this.#isAsleep) return
    this.#isAsleep = false
    this.#line.connect()
  }

  #describe(): Connection {
    if (this.#isClosed) return { status: 'closed', transport: null }
    const standing = this.#line.standing()
    if (standing) {
      const { way } = standing
      return { status: way.isHttp ? 'polling' : 'connected', transport: way.via() }
    }
    if (this.#isAsleep) return { status: 'reconnecting', transport: null }
    switch (this.#line.state) {
      case 'idle':
        return { status: 'idle', transport: null }
      case 'refused':
        return { status: 'refused', transport: null, ...(this.#refusal && { refusal: this.#refusal }) }
      default:
        return { status: this.#isFresh ? 'connecting' : 'reconnecting', transport: null }
    }
  }
}

function errorOf(why: TransportClose, code: string, message: string): ProgressError {
  return new ProgressError(why.code ?? code, why.message ?? message)
}
