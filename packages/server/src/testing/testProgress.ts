// A real tracker, real rooms and real authorisation on a network and a clock that the test holds in its hands.
import type {
  AnyOperation,
  CommandAnswer,
  CommandArgs,
  CommandName,
  ProgressBye,
  Snapshot,
  Transport,
  TransportClose,
  TransportLink,
  TransportListener,
} from '@progress/protocol'
import { LIMITS } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { Authorization, type Authorize } from '../auth/ownership'
import { type Caller, callerOf, type Principal } from '../auth/principal'
import { SlidingWindow } from '../guards/rateLimit'
import { ProgressTracker, type TrackerOptions } from '../progressTracker'
import { Hub } from '../socket/hub'
import type { UserId } from '../tracker/checks'
import { Desk } from '../viewing/desk'
import { FakeClient } from './fakeClient'
import { FakeServer } from './fakeServer'

/** How a test begins. */
export interface TestProgressOptions {
  /** The app's own rule. Default: the owner. */
  readonly authorize?: Authorize
  /** Of the tracker; its clock is the test's. */
  readonly tracker?: Omit<TrackerOptions, 'clock'>
}

/** A tracker in a test's hands. */
export interface TestProgress {
  readonly tracker: ProgressTracker
  /** `new WebSocketClient({ transport: test.as('ada') })`. Throws a `TypeError` where this is nobody. */
  as(user: UserId | Principal): Transport
  /** Each state that the job made and that was told, in order. */
  history<Op extends AnyOperation = AnyOperation>(sessionId: string): readonly Snapshot<Op>[]
  readonly clock: {
    /** Moves time on, and lets what falls due happen. */
    advance(ms: number): Promise<void>
  }
  readonly network: {
    /** Breaks every line, and lets none come up again. */
    cut(): void
    /** Lets lines come up again, and wakes those who wait for it. */
    restore(): void
  }
  /** `await using test = …` closes it. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts one. Nothing in it waits for real time. */
export function createTestProgress(options: TestProgressOptions = {}): TestProgress {
  const clock = new ManualClock()
  const io = new FakeServer()
  const tracker = new ProgressTracker(io, { ...options.tracker, clock })
  const node = tracker['~node']
  const histories = new Map<string, Snapshot[]>()
  const record = ({ snapshot }: { readonly snapshot: Snapshot }): void => {
    histories.set(snapshot.sessionId, [...(histories.get(snapshot.sessionId) ?? []), snapshot])
  }
  node.listen({ made: record, changed: record })
  const commands = new SlidingWindow(clock, LIMITS.commandsPerMinute, 60_000)
  const hub = new Hub({
    io,
    node,
    desk: new Desk(node, new Authorization(options.authorize, node.clock, node.signals)),
    limits: LIMITS,
    limit: (key) => commands.take(key),
  })
  const network = new FakeNetwork(io, hub)

  return Object.freeze({
    tracker,
    as(user: UserId | Principal): Transport {
      const caller = callerOf(typeof user === 'object' ? user : { userId: user }, clock.now())
      if (!caller) throw new TypeError('as() takes a user id, or a principal that has not expired')
      return network.transport(caller, clock)
    },
    history: <Op extends AnyOperation>(sessionId: string) =>
      (histories.get(sessionId) ?? []) as unknown as readonly Snapshot<Op>[],
    clock: Object.freeze({ advance: (ms: number) => clock.advance(ms) }),
    network: Object.freeze({ cut: () => network.cut(), restore: () => network.restore() }),
    async [Symbol.asyncDispose](): Promise<void> {
      await hub.close(0)
      await tracker.close()
    },
  })
}

/** Lines between clients and the hub; all of them break together. */
class FakeNetwork {
  readonly #io: FakeServer
  readonly #hub: Hub
  readonly #lines = new Set<FakeClient>()
  readonly #wakes = new Set<() => void>()
  #isCut = false

  constructor(io: FakeServer, hub: Hub) {
    this.#io = io
    this.#hub = hub
  }

  transport(caller: Caller, clock: ManualClock): Transport {
    return Object.freeze({
      '~transport': 1 as const,
      clock,
      open: (listener: TransportListener) => this.#open(caller, listener),
      onWake: (wake: () => void) => {
        this.#wakes.add(wake)
        return () => void this.#wakes.delete(wake)
      },
    })
  }

  cut(): void {
    this.#isCut = true
    for (const line of [...this.#lines]) line.cut()
  }

  restore(): void {
    this.#isCut = false
    for (const wake of [...this.#wakes]) wake()
  }

  #open(caller: Caller, listener: TransportListener): TransportLink {
    let isOpen = true
    let line: FakeClient | undefined
    /** Said before the line stood. */
    const early: (() => void)[] = []
    const close = (): void => {
      isOpen = false
      if (line) this.#lines.delete(line)
      line?.disconnect()
    }
    // A dial takes a moment: who dials has a link in hand before anything is told.
    void Promise.resolve().then(() => {
      if (!isOpen) return
      if (this.#isCut) {
        isOpen = false
        listener.closed({})
        return
      }
      line = this.#connect(caller, listener, () => {
        isOpen = false
      })
      for (const say of early.splice(0)) say()
    })
    return {
      send<C extends CommandName>(command: C, args: CommandArgs<C>, answer?: (answer: CommandAnswer<C>) => void): void {
        const say = (): void => line?.send(command, args, answer as ((answer: unknown) => void) | undefined)
        if (line) say()
        else if (isOpen) early.push(say)
      },
      close,
    }
  }

  #connect(caller: Caller, listener: TransportListener, onEnded: () => void): FakeClient {
    /** Why the server ends the line, where it has said so. */
    let why: TransportClose = {}
    const line: FakeClient = FakeClient.place(
      this.#io,
      {
        opened: () => listener.opened(),
        event(name, payload) {
          if (name === 'progress-bye') why = payload as ProgressBye
          else listener.event(name, payload)
        },
        ended: () => {
          this.#lines.delete(line)
          onEnded()
          listener.closed(why)
        },
      },
      (socket) => this.#hub.accept(socket, caller, { headers: new Headers() }),
    )
    this.#lines.add(line)
    return line
  }
}
