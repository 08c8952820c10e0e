// One way to the server, kept up, with the next one beside it while it is down: the machine decides, this carries it out.
import type {
  CommandAnswer,
  CommandArgs,
  CommandName,
  TransportClose,
  TransportLink,
  TransportListener,
} from '@progress/protocol/wire'
import type { Way } from '../transport/way'
import { type Effect, IDLE_STATE, type Input, isRefusal, next, type State } from './machine'

/** What a line needs, and whom it tells. */
export interface LineParts {
  /** In order of preference: the first is this line's own, the others are for the line beside it. */
  readonly ways: readonly Way[]
  /** 0 <= random < 1 */
  random(): number
  /** Can credentials be asked for anew? */
  readonly mayRenew: boolean
  /** Says on a new link what is wanted; what is sent before it stands is kept by it. */
  greet(link: TransportLink): void
  event(name: string, payload: unknown): void
  /** State, or that of the line beside it, is another one. */
  changed(): void
  /** The server said no; nothing is tried any more. */
  refused(why: TransportClose): void
  /** The server, which was not there for a while, is. Absent on the first of all lines. */
  back?(): void
  /** For whoever looks on: what this line goes through. */
  trace(text: string, detail?: unknown): void
  /** Own to the first of all lines. */
  readonly tell?: {
    opened(): void
    /** A dial came to nothing. */
    failed(why: TransportClose): void
    dropped(why: TransportClose): void
    /** All attempts of a row have failed. */
    gaveUp(): void
  }
}

/** A link that stands, and its way. */
export interface Standing {
  readonly link: TransportLink
  readonly way: Way
}

/** One way, kept up. */
export class Line {
  readonly #parts: LineParts
  readonly #way: Way
  #state: State = IDLE_STATE
  #link: TransportLink | undefined
  #beside: Line | undefined
  #cancelTimer: (() => void) | undefined
  #heard = 0
  /** The server has said when to come back. */
  #isAsked = false

  constructor(parts: LineParts) {
    const [way] = parts.ways
    if (!way) throw new TypeError('there is no transport: name at least one of socket, sse and poll')
    this.#parts = parts
    this.#way = way
  }

  /** Where this line itself stands. */
  get state(): State['name'] {
    return this.#state.name
  }

  /** Counts what came in over the way that stands: what did not grow was silent. */
  get heard(): number {
    return this.#state.name === 'open' ? this.#heard : (this.#beside?.heard ?? this.#heard)
  }

  /** What stands: this line's link, or that of the one beside it. */
  standing(): Standing | undefined {
    if (this.#state.name !== 'open') return this.#beside?.standing()
    return this.#link && { link: this.#link, way: this.#way }
  }

  /** Dials now, unless it does already or stands. */
  connect(): void {
    this.#take({ type: 'connect' })
    this.#beside?.connect()
  }

  /** Hangs up for good. */
  close(): void {
    this.#take({ type: 'close' })
  }

  /** Nothing was heard for too long over what stands: it counts as gone. */
  silent(): void {
    if (this.#state.name !== 'open') {
      this.#beside?.silent()
      return
    }
    this.#hangUp()
    this.#lost({ message: 'the server did not answer' }, true)
  }

  /** To every link, also those that do not stand yet. */
  send<C extends CommandName>(command: C, args: CommandArgs<C>, answer?: (answer: CommandAnswer<C>) => void): void {
    this.#link?.send(command, args, answer)
    this.#beside?.send(command, args, answer)
  }

  #take(input: Input, why: TransportClose = {}): void {
    const before = this.#state
    const { random, mayRenew, tell, trace, changed } = this.#parts
    const [state, effects] = next(before, input, { random: random(), mayRenew, capMs: this.#way.capMs })
    if (state === before && effects.length === 0) return
    this.#state = state
    trace(`${this.#way.name}: ${input.type}, now ${state.name}`, why)
    // First: what is told on the way says why.
    if (state.name === 'refused' && before.name !== 'refused') this.#parts.refused(why)
    for (const effect of effects) {
      // Whoever was told may have closed or connected meanwhile: what is left of this step is of no use then.
      if (this.#state === state) this.#carryOut(effect)
    }
    if (before.name === 'dialing' && (state.name === 'waiting' || state.name === 'polling')) tell?.failed(why)
    changed()
  }

  #carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'dial':
        this.#dial()
        return
      case 'hangUp':
        this.#hangUp()
        return
      case 'wait':
        this.#cancelTimer?.()
        this.#cancelTimer = this.#way.transport.clock.after(effect.ms, () => this.#take({ type: 'timer' }))
        return
      case 'stopWaiting':
        this.#cancelTimer?.()
        this.#cancelTimer = undefined
        return
      case 'fallBack':
        this.#fallBack()
        return
      case 'standAlone':
        this.#beside?.close()
        this.#beside = undefined
        return
      case 'tellFailed':
        this.#parts.tell?.gaveUp()
        return
      default:
        effect satisfies never
    }
  }

  #dial(): void {
    let link: TransportLink | undefined
    const isMine = (): boolean => link !== undefined && this.#link === link
    const listener: TransportListener = {
      opened: () => {
        if (!isMine() || this.#state.name !== 'dialing') return
        const wasAway = this.#state.attempt > 1
        this.#heard += 1
        this.#take({ type: 'opened' })
        this.#parts.tell?.opened()
        if (wasAway) this.#parts.back?.()
      },
      closed: (why) => {
        if (!isMine()) return
        this.#link = undefined
        this.#lost(why)
      },
      event: (name, payload) => {
        if (!isMine()) return
        this.#heard += 1
        this.#parts.trace(`<- ${name}`, payload)
        this.#parts.event(name, payload)
      },
    }
    const state = this.#state
    link = this.#counting(this.#way.transport.open(listener), isMine)
    // `auth` or `url`, which are the app's, may have closed the client.
    if (this.#state !== state) {
      link.close()
      return
    }
    this.#link = link
    this.#parts.greet(link)
  }

  /** The same link: its answers count as heard, and come no more when it is not ours any longer. */
  #counting(link: TransportLink, isMine: () => boolean): TransportLink {
    return {
      close: () => link.close(),
      send: (command, args, answer) => {
        this.#parts.trace(`-> ${command}`, args)
        if (!answer) return link.send(command, args)
        link.send(command, args, (said) => {
          if (!isMine()) return
          this.#heard += 1
          answer(said)
        })
      },
    }
  }

  #hangUp(): void {
    const link = this.#link
    this.#link = undefined
    link?.close()
  }

  /** A dial came to nothing, or what stood is gone. */
  #lost(why: TransportClose, isSilent = false): void {
    const { code, retryAfterMs } = why
    const wasOpen = this.#state.name === 'open'
    this.#isAsked = retryAfterMs !== undefined
    if (wasOpen) this.#parts.tell?.dropped(why)
    if (isRefusal(code)) this.#take({ type: 'refused', code }, why)
    else this.#take(wasOpen ? { type: 'dropped', retryAfterMs, isSilent } : { type: 'failed', retryAfterMs }, why)
  }

  #fallBack(): void {
    const ways = this.#parts.ways.slice(1)
    if (this.#beside || ways.length === 0) return
    const { tell: _own, ...shared } = this.#parts
    this.#beside = new Line({
      ...shared,
      ways,
      // It asks the same server: what refuses it refuses all. New credentials it has asked for itself.
      refused: (why) => this.#take({ type: 'refused', code: 'UNAUTHENTICATED' }, why),
      back: () => this.#hurry(),
    })
    this.#beside.connect()
  }

  /** The next way has found the server again: there is nothing more to wait for. */
  #hurry(): void {
    const { name } = this.#state
    if (!this.#isAsked && (name === 'waiting' || name === 'polling')) this.#take({ type: 'timer' })
    this.#parts.back?.()
  }
}
