// One process of the model: a real tracker, really served, over a socket server without a network. It can die at any moment.
import type { Clock } from '@progress/protocol'
import type { Authenticator } from '../../auth/authenticate'
import type { Backend } from '../../backend/contract'
import { ProgressTracker } from '../../progressTracker'
import { type ProgressServer, serveProgress } from '../../serve'
import { FakeServer } from '../../testing/fakeServer'
import { ProcessClock } from './runClock'
import { StoreLine } from './storeLine'

/** What a process begins with. */
export interface HostOptions {
  readonly backend: Backend
  readonly clock: Clock
  readonly authenticate: Authenticator
}

/** One process. */
export class Host {
  readonly clock: ProcessClock
  readonly line: StoreLine
  readonly io = new FakeServer()
  readonly tracker: ProgressTracker
  readonly progress: ProgressServer
  readonly #onCrash = new Set<() => void>()
  isUp = true

  constructor({ backend, clock, authenticate }: HostOptions) {
    this.clock = new ProcessClock(clock)
    this.line = new StoreLine(backend, this.clock)
    this.tracker = new ProgressTracker(this.io, { backend: this.line, clock: this.clock })
    this.progress = serveProgress(this.tracker, { authenticate })
  }

  /** Its lines to clients break with it; the answer takes the wish back. */
  onCrash(broken: () => void): () => void {
    this.#onCrash.add(broken)
    return () => void this.#onCrash.delete(broken)
  }

  /** Gone at once, in the middle of whatever it does. */
  crash(): void {
    this.isUp = false
    this.line.drop()
    this.clock.kill()
    for (const broken of [...this.#onCrash]) broken()
    this.#onCrash.clear()
  }
}
