// One connection at work: what it is, what it sends, and what waits for its turn.
import type { Connection } from './connection'
import { Intake, type IntakeParts } from './intake'
import { CommandQueue } from './queue'

/** Commands of one connection that may wait for their turn. */
const QUEUED_COMMANDS = 1_000

/** One connection at work. */
export class Line {
  readonly intake: Intake
  readonly queue = new CommandQueue(QUEUED_COMMANDS)
  #arrived = 0
  /** Leaves that came while something waited: what had come before them is not joined any more. */
  readonly #lefts = new Map<string, number>()

  constructor(
    readonly connection: Connection,
    parts: IntakeParts,
  ) {
    this.intake = new Intake(parts, connection)
  }

  /** Something has come; answers its number. */
  arrive(): number {
    if (this.queue.isIdle) this.#lefts.clear()
    this.#arrived += 1
    return this.#arrived
  }

  /** A leave has come. */
  left(sessionId: string, arrived: number): void {
    if (!this.queue.isIdle) this.#lefts.set(sessionId, arrived)
  }

  /** Has a leave of this session come after the command with this number? */
  hasLeftSince(sessionId: string, arrived: number): boolean {
    return (this.#lefts.get(sessionId) ?? 0) > arrived
  }

  /** Carries out nothing more. */
  end(): void {
    this.queue.clear()
    this.#lefts.clear()
  }
}
