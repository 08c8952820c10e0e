// What one stream has to say and cannot say yet: the newest state of each session, never a queue. It writes as far as the
// reader takes it, and gives up a reader that takes nothing any more.
import { type Clock, LIMITS, type ServerEventName, type Snapshot } from '@progress/protocol'
import { batchFrame, type Encoder, frame, HEARTBEAT, stateFrame } from './frame'
import type { Sink } from './reply'

/** Changes that wait for room, at most. */
const UNSENT_BYTES = 1_048_576
/** A comment is sent this often, so that nothing between takes the stream for dead. */
const HEARTBEAT_MS = 15_000
/** A reader that takes nothing for this long is given up. */
const STUCK_MS = 2 * HEARTBEAT_MS
/** Room in a batch for what is around its sessions. */
const AROUND_BYTES = 20

/** What an outbox needs. */
export interface OutboxOptions {
  readonly sink: Sink
  readonly clock: Clock
  readonly encoder: Encoder
  /** The reader cannot keep up. */
  onSlow(unsentBytes: number): void
  /** All was said, and there is room for more. */
  onIdle(): void
}

interface Waiting {
  readonly event: ServerEventName
  readonly snapshot: Snapshot
  /** What it counts against the bound. */
  readonly bytes: number
}

/** The mouth of one stream. */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #states = new Map<string, Waiting>()
  readonly #own = new Map<string, Waiting>()
  readonly #gone = new Set<string>()
  #unsent = 0
  #blockedAt: number | undefined
  #batchDue = false
  #closed = false
  #cancelHeartbeat: (() => void) | undefined
  #cancelBatch: (() => void) | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#beatLater()
  }

  /** Nothing waits, and there is room. */
  get isIdle(): boolean {
    const waiting = this.#states.size + this.#own.size + this.#gone.size
    return this.#blockedAt === undefined && waiting === 0 && !this.#batchDue && !this.#closed
  }

  /**
   * A state of a watched session: said at once, or when there is room, if no newer one has come until then.
   * @param counts it is a change, not part of what the stream begins with
   */
  state(event: ServerEventName, snapshot: Snapshot, counts: boolean): void {
    // A first state that nobody was told of is followed by a first state.
    const isFirst = this.#states.get(snapshot.sessionId)?.event === 'progress-status'
    this.#gone.delete(snapshot.sessionId)
    this.#put(this.#states, {
      event: isFirst ? 'progress-status' : event,
      snapshot,
      bytes: this.#size(snapshot, counts),
    })
    this.#sayStates()
    this.#checkSize()
  }

  /** A state of one of the caller's own; those of one moment go together. What the stream begins with waits for `batch`. */
  own(snapshot: Snapshot, counts: boolean): void {
    if (this.#closed) return
    this.#put(this.#own, { event: 'progress-batch', snapshot, bytes: this.#size(snapshot, counts) })
    if (counts) this.#cancelBatch ??= this.#options.clock.after(0, () => this.batch())
    this.#checkSize()
  }

  /** Says what is there of the caller's own, also if that is nothing. */
  batch(): void {
    this.#cancelBatch?.()
    this.#cancelBatch = undefined
    this.#batchDue = true
    this.#flush()
  }

  /** A session is gone; a state of it that waits is said no more. */
  gone(sessionId: string): void {
    for (const waiting of [this.#states, this.#own]) this.#drop(waiting, sessionId)
    this.#gone.add(sessionId)
    this.#sayStates()
  }

  /** Says something now. */
  say(text: string): void {
    if (this.#closed) return
    if (!this.#options.sink.write(text)) this.#blockedAt ??= this.#options.clock.now()
  }

  /** There is room again. */
  drained(): void {
    this.#blockedAt = undefined
    this.#flush()
  }

  /** Says nothing more, and drops what waits. */
  close(): void {
    this.#closed = true
    this.#cancelHeartbeat?.()
    this.#cancelBatch?.()
    for (const waiting of [this.#states, this.#own, this.#gone]) waiting.clear()
  }

  get #hasRoom(): boolean {
    return this.#blockedAt === undefined && !this.#closed
  }

  /** While there is room nothing waits, and nothing counts. */
  #size(snapshot: Snapshot, counts: boolean): number {
    return counts && this.#blockedAt !== undefined ? this.#options.encoder.bytes(snapshot) : 0
  }

  #put(where: Map<string, Waiting>, waiting: Waiting): void {
    const { sessionId } = waiting.snapshot
    this.#unsent += waiting.bytes - (where.get(sessionId)?.bytes ?? 0)
    where.set(sessionId, waiting)
  }

  #drop(where: Map<string, Waiting>, sessionId: string): void {
    this.#unsent -= where.get(sessionId)?.bytes ?? 0
    where.delete(sessionId)
  }

  #flush(): void {
    this.#sayStates()
    while (this.#batchDue && this.#hasRoom) {
      const text = this.#takeBatch()
      this.#batchDue = this.#own.size > 0 // before it is said: a reader that takes it at once asks for more at once
      this.say(text)
    }
    if (this.isIdle) this.#options.onIdle()
  }

  #sayStates(): void {
    const { encoder } = this.#options
    for (const sessionId of this.#gone) {
      if (!this.#hasRoom) return
      this.#gone.delete(sessionId)
      this.say(frame('progress-gone', { sessionId, code: 'NOT_FOUND' }))
    }
    for (const [sessionId, { event, snapshot }] of this.#states) {
      if (!this.#hasRoom) return
      this.#drop(this.#states, sessionId)
      this.say(stateFrame(event, snapshot, encoder))
    }
  }

  /** As many as fit into one packet; at least one, where there is one. */
  #takeBatch(): string {
    const { encoder } = this.#options
    const taken: Snapshot[] = []
    let bytes = AROUND_BYTES
    for (const [sessionId, { snapshot }] of this.#own) {
      bytes += encoder.bytes(snapshot) + 1
      if (taken.length > 0 && bytes > LIMITS.batchBytes) break
      this.#drop(this.#own, sessionId)
      taken.push(snapshot)
    }
    return batchFrame(taken, encoder)
  }

  #checkSize(): void {
    if (this.#unsent > UNSENT_BYTES && !this.#closed) this.#options.onSlow(this.#unsent)
  }

  #beatLater(): void {
    const { clock } = this.#options
    this.#cancelHeartbeat = clock.after(HEARTBEAT_MS, () => {
      this.#beatLater()
      if (this.#blockedAt === undefined) this.say(HEARTBEAT)
      else if (clock.now() - this.#blockedAt >= STUCK_MS) this.#options.onSlow(this.#unsent)
    })
  }
}
