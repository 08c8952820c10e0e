// One stream of server-sent events: facts of the sessions that it watches come in, frames go out, as far as its caller may see.
import { isEnd, type KnownCode, type Positioned, type Snapshot } from '@progress/protocol'
import type { Caller } from '../auth/principal'
import type { Entry, StoredLog } from '../backend/contract'
import { inTime } from '../inTime'
import { eventOf } from '../viewing/told'
import { frame, RETRY } from './frame'
import { Gate } from './gate'
import type { OwnerViewer } from './hub'
import { LogFeed } from './logFeed'
import { Outbox } from './outbox'
import type { OpenStream, Sink } from './reply'
import type { Sources } from './sources'
import type { Held } from './visits'

/** What a stream is asked for. */
export interface StreamAsk {
  readonly ids: readonly string[]
  /** The caller's own sessions, too. */
  readonly mine: boolean
  /** What the client has already. */
  readonly held: ReadonlyMap<string, Positioned>
}

/** When a client that was sent away may come back. */
const RETRY_AFTER_MS = 1_000
/** What a reader has to take the last word. */
const GOODBYE_MS = 1_000
/** Ended sessions of the caller's own that are remembered, so that they are not told of twice. */
const ENDED_KEPT = 200

interface Watch {
  readonly gate: Gate
  /** Absent where it is only one of the caller's own. */
  readonly log: LogFeed | undefined
  /** The epoch whose first state the client has. */
  epoch: string | undefined
}

/** A stream. It lives until `bye` or `left`; then nothing of it is left anywhere. */
export class Stream implements OwnerViewer, Held, OpenStream {
  readonly #sources: Sources
  readonly #ask: StreamAsk
  readonly #sink: Sink
  readonly #outbox: Outbox
  readonly #watches = new Map<string, Watch>()
  readonly #ended = new Set<string>()
  /** Ends of the caller's own that are no news at the next look: session id -> epoch. Absent before the first. */
  #known: Map<string, string> | undefined
  readonly #unsubscribe: (() => void)[] = []
  #caller: Caller
  /** What is shown now was there before the stream, and so counts as no change. */
  #isBeginning = true
  #isOver = false
  #cancelDestroy: (() => void) | undefined

  constructor(sources: Sources, caller: Caller, ask: StreamAsk, sink: Sink) {
    this.#sources = sources
    this.#caller = caller
    this.#ask = ask
    this.#sink = sink
    this.#outbox = new Outbox({
      sink,
      clock: sources.node.clock,
      encoder: sources.encoder,
      onSlow: (bytes) => this.#slow(bytes),
      onIdle: () => this.#catchUpLogs(),
    })
  }

  /** Listens first and reads then, so that no change falls in between. Never rejects. */
  async begin(): Promise<void> {
    const { hub, node } = this.#sources
    const { ids, mine } = this.#ask
    if (this.#isOver) return // before it began
    this.#outbox.say(RETRY)
    for (const id of ids) {
      this.#watches.set(id, this.#watch(id, true))
      this.#unsubscribe.push(hub.watch(id, this))
    }
    if (mine) this.#unsubscribe.push(hub.watchOwner(this.#caller.userId, this))
    try {
      const reads = ids.map((id) => this.#read(id))
      await Promise.all(mine ? [...reads, this.#readOwn()] : reads)
    } catch (cause) {
      node.signals.tell('store-failed', { where: 'http', cause })
      this.bye('UNAVAILABLE')
    }
    this.#isBeginning = false
  }

  offer(entry: Entry): void {
    void this.#offer(entry)
  }

  offerAgain(entries: readonly Entry[]): void {
    const known = this.#known
    if (!known) return
    this.#know(entries)
    for (const entry of entries) {
      const { sessionId, epoch } = entry.snapshot
      if (!isEnd(entry.snapshot) || known.get(sessionId) !== epoch) this.offer(entry)
    }
  }

  logged(sessionId: string, epoch: string, log: StoredLog): void {
    this.#watches.get(sessionId)?.log?.logged(epoch, log)
  }

  drained(): void {
    this.#outbox.drained()
  }

  bye(code: KnownCode): void {
    if (this.#isOver) return
    const comesBack = code === 'DRAINING' || code === 'SLOW' || code === 'UNAVAILABLE'
    this.#outbox.say(frame('progress-bye', { code, ...(comesBack && { retryAfterMs: RETRY_AFTER_MS }) }))
    this.#letGo()
    // First, for a sink may be done while it is being told.
    this.#cancelDestroy = this.#sources.node.clock.after(GOODBYE_MS, () => this.#sink.destroy())
    this.#sink.end()
  }

  left(): void {
    this.#cancelDestroy?.()
    this.#letGo()
  }

  async recheck(caller: Caller): Promise<void> {
    this.#caller = caller
    await Promise.all([...this.#watches.values()].map(({ gate }) => gate.recheck()))
  }

  async #offer(entry: Entry): Promise<void> {
    const { sessionId } = entry.snapshot
    if (this.#isOver) return
    let watch = this.#watches.get(sessionId)
    if (!watch) {
      watch = this.#watch(sessionId, false)
      this.#watches.set(sessionId, watch)
    }
    await watch.gate.offer(entry)
  }

  async #read(sessionId: string): Promise<void> {
    const { node } = this.#sources
    const entry = await inTime(node.clock, node.recent(sessionId))
    if (entry) await this.#offer(entry)
    const watch = this.#watches.get(sessionId)
    if (!watch || this.#isOver) return
    const { visible } = watch.gate
    const held = this.#ask.held.get(sessionId)
    // What cannot be shown is not passed over in silence; it is waited for all the same.
    if (!visible) this.#outbox.gone(sessionId)
    else if (visible.epoch === held?.epoch) watch.epoch ??= held.epoch
  }

  async #readOwn(): Promise<void> {
    const { desk, node } = this.#sources
    const entries = await inTime(node.clock, node.listByOwner(this.#caller.userId))
    this.#know(entries)
    // What the client has was shown to it: its end is told, however old it is.
    const held = entries.filter(({ snapshot }) => this.#ask.held.has(snapshot.sessionId))
    const listed = await inTime(node.clock, desk.listOf(this.#caller, entries))
    await Promise.all([...held, ...listed].map((entry) => this.#offer(entry)))
    if (!this.#isOver) this.#outbox.batch()
  }

  #know(entries: readonly Entry[]): void {
    const ends = entries.filter(({ snapshot }) => isEnd(snapshot))
    this.#known = new Map(ends.map(({ snapshot }) => [snapshot.sessionId, snapshot.epoch]))
  }

  #watch(sessionId: string, isNamed: boolean): Watch {
    const { desk, node } = this.#sources
    const watch: Watch = {
      gate: new Gate(
        {
          may: (entry) => inTime(node.clock, desk.maySee(this.#caller, entry)),
          show: (snapshot, entry) => this.#show(watch, snapshot, entry),
          hide: () => this.#hide(watch, sessionId),
        },
        this.#ask.held.get(sessionId),
      ),
      log: isNamed ? this.#logFeed() : undefined,
      epoch: undefined,
    }
    return watch
  }

  #logFeed(): LogFeed {
    const { desk, node } = this.#sources
    return new LogFeed({
      read: (snapshot, after) => inTime(node.clock, desk.readLog(snapshot, after)),
      say: (text) => this.#outbox.say(text),
      hasRoom: () => this.#outbox.isIdle,
      onFailed: (cause) => node.signals.tell('store-failed', { where: 'http', cause }),
    })
  }

  #show(watch: Watch, snapshot: Snapshot, { owner }: Entry): void {
    const counts = !this.#isBeginning
    if (this.#ask.mine && owner === this.#caller.userId) {
      this.#outbox.own(snapshot, counts)
      if (!watch.log && isEnd(snapshot)) this.#forgetEnded(snapshot.sessionId)
    }
    if (!watch.log) return
    const event = watch.epoch === snapshot.epoch ? eventOf(snapshot) : 'progress-status'
    watch.epoch = snapshot.epoch
    this.#outbox.state(event, snapshot, counts)
    watch.log.follow(snapshot)
  }

  #hide(watch: Watch, sessionId: string): void {
    watch.epoch = undefined
    watch.log?.stop()
    this.#outbox.gone(sessionId)
  }

  /** A user who makes sessions for days does not make the stream grow for days. */
  #forgetEnded(sessionId: string): void {
    this.#ended.delete(sessionId)
    this.#ended.add(sessionId)
    const [oldest] = this.#ended
    if (this.#ended.size <= ENDED_KEPT || oldest === undefined) return
    this.#ended.delete(oldest)
    const visible = this.#watches.get(oldest)?.gate.visible
    if (!visible || !isEnd(visible)) return
    this.#watches.delete(oldest)
    if (this.#sources.node.isShared) this.#known?.set(oldest, visible.epoch) // the next look would take it for news
  }

  #catchUpLogs(): void {
    for (const { log } of this.#watches.values()) log?.catchUp()
  }

  #slow(bytes: number): void {
    const { userId } = this.#caller
    this.#sources.node.signals.tell('slow', { userId, bytes, disconnected: true })
    this.bye('SLOW')
  }

  #letGo(): void {
    this.#isOver = true
    this.#outbox.close()
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe()
    for (const { gate, log } of this.#watches.values()) {
      gate.close()
      log?.stop()
    }
    this.#watches.clear()
    this.#ended.clear()
    this.#known = undefined
  }
}
