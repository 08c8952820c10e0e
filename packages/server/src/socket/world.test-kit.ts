// A tracker, a server without a network, and the commands of its clients: what tests of this folder begin with.
import { ManualClock } from '@progress/protocol/testing'
import { Authorization, type Authorize } from '../auth/ownership'
import { type Caller, callerOf } from '../auth/principal'
import type { Backend } from '../backend/contract'
import type { Node } from '../node'
import type { Signal, Signals } from '../observe/signals'
import { ProgressTracker } from '../progressTracker'
import { Desk } from '../viewing/desk'
import { type CommandParts, Commands } from './commands'
import type { Connection } from './connection'
import { DoubleIo, DoubleSocket } from './doubles.test-kit'

/** A user, as an authenticator says it. */
export function user(userId: string): Caller {
  const caller = callerOf({ userId }, 0)
  if (!caller) throw new Error('no user')
  return caller
}

/** What a test may set. */
export interface WorldOptions extends Partial<Pick<CommandParts, 'limit' | 'limits'>> {
  readonly backend?: Backend
  readonly authorize?: Authorize
  readonly clock?: ManualClock
}

/** A tracker, a server without a network, and commands over both. */
export class World {
  readonly io = new DoubleIo()
  readonly clock: ManualClock
  readonly signals: Signal[] = []
  readonly tracker: ProgressTracker
  readonly node: Node
  readonly desk: Desk
  readonly commands: Commands

  constructor({ authorize, backend, clock, ...parts }: WorldOptions = {}) {
    this.clock = clock ?? new ManualClock()
    this.tracker = new ProgressTracker(this.io, {
      clock: this.clock,
      onSignal: (signal) => this.signals.push(signal),
      ...(backend && { backend }),
    })
    this.node = this.tracker['~node']
    this.desk = new Desk(this.node, new Authorization(authorize, this.node.clock, this.node.signals))
    this.commands = new Commands({
      node: this.node,
      desk: this.desk,
      signals: this.node.signals as Signals,
      limits: { commandsPerMinute: 300, watchedPerConnection: 100 },
      limit: () => ({ ok: true }),
      ...parts,
    })
  }

  /** A client of this user. */
  connect(userId: string): { readonly socket: DoubleSocket; readonly connection: Connection } {
    const socket = new DoubleSocket(this.io)
    const connection = this.commands.serve(socket, user(userId), { headers: new Headers() })
    return { socket, connection }
  }

  /** Signals of one name. */
  told<N extends Signal['name']>(name: N): Extract<Signal, { name: N }>[] {
    return this.signals.filter((signal): signal is Extract<Signal, { name: N }> => signal.name === name)
  }
}
