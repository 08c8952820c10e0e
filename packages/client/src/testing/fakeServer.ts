// The server that a test plays: it holds the sessions, answers the client's commands and tells whoever joined.
import {
  COMMANDS,
  type CommandAnswer,
  type CommandArgs,
  type CommandName,
  comparePositions,
  epochAt,
  isEnd,
  type JsonObject,
  type ProgressGone,
  parsePosition,
  refusal,
  requireSessionId,
  type ServerEventName,
  type Snapshot,
} from '@progress/protocol'
import { FakeLife } from './fakeLife'
import type { FakeLink } from './fakeLink'

/** What a session begins with. */
export interface Making {
  readonly id: string | undefined
  readonly operation: string
  readonly isMine: boolean
  readonly metadata: JsonObject
}

type Answers = { readonly [C in CommandName]: (link: FakeLink, args: CommandArgs<C>) => CommandAnswer<C> }

const EVENTS = {
  active: 'progress-update',
  completed: 'progress-complete',
  error: 'progress-error',
  cancelled: 'progress-cancelled',
} as const satisfies Record<Snapshot['status'], ServerEventName>

/** A server without rules: everything may be seen, and cancelled. */
export class FakeServer {
  readonly #now: () => number
  readonly #links: () => Iterable<FakeLink>
  readonly #lives = new Map<string, FakeLife>()
  readonly #answers: Answers = {
    'join-progress': (link, args) => this.#join(link, args),
    'leave-progress': (link, [id]) => {
      link.joined.delete(id)
      return { success: true }
    },
    'cancel-progress': (_link, [id, reason]) => this.#cancel(id, reason ?? undefined),
    'list-progress': (link, [options]) => {
      link.isListing = options?.watch !== false
      return { success: true, sessions: this.#mine() }
    },
    'sync-progress': (link, [positions, options]) => this.#sync(link, positions, options?.mine === true),
  }
  #newestMs = -1
  #made = 0

  /** @param links those that stand, and those that were dialled */
  constructor(now: () => number, links: () => Iterable<FakeLink>) {
    this.#now = now
    this.#links = links
  }

  /** The time of the test. */
  now(): number {
    return this.#now()
  }

  /** Makes a session, or a new life of one that is there. Throws a `TypeError` where this can be none. */
  make({ id = this.#freeId(), operation, isMine, metadata }: Making): FakeLife {
    requireSessionId(id)
    const at = this.#now()
    // As the server does: of two lives the later one has the higher name, whatever the clock says.
    this.#newestMs = Math.max(at, this.#newestMs + 1)
    const epoch = epochAt(this.#newestMs, () => 0)
    const life = new FakeLife({ sessionId: id, operation, epoch, at, isMine, metadata })
    this.#lives.set(id, life)
    this.#tell(life, 'progress-status')
    return life
  }

  /** Tells how it stands. */
  changed(life: FakeLife): void {
    this.#tell(life, EVENTS[life.snapshot.status])
  }

  /** Tells something of a session to those who joined it. */
  say(sessionId: string, name: ServerEventName, payload: unknown): void {
    for (const link of this.#links()) if (link.joined.has(sessionId)) link.tell(name, payload)
  }

  /** Knows it no longer. */
  forget(life: FakeLife): void {
    const { sessionId } = life.snapshot
    const gone: ProgressGone = { sessionId, code: 'NOT_FOUND' }
    this.#lives.delete(sessionId)
    for (const link of this.#links()) {
      if (link.joined.has(sessionId) || (life.isMine && link.isListing)) link.tell('progress-gone', gone)
      link.joined.delete(sessionId)
    }
  }

  /** Is this still the life that its id stands for? */
  holds(life: FakeLife): boolean {
    return this.#lives.get(life.snapshot.sessionId) === life
  }

  /** Carries out a command. */
  take<C extends CommandName>(link: FakeLink, command: C, args: CommandArgs<C>): CommandAnswer<C> {
    if (!COMMANDS.includes(command)) throw new TypeError(`no command of this protocol: ${command}`)
    return this.#answers[command](link, args)
  }

  #tell(life: FakeLife, name: ServerEventName): void {
    const { snapshot, isMine } = life
    this.say(snapshot.sessionId, name, snapshot)
    if (!isMine) return
    for (const link of this.#links()) if (link.isListing) link.tell('progress-batch', { sessions: [snapshot] })
  }

  #join(link: FakeLink, [id, options]: CommandArgs<'join-progress'>): CommandAnswer<'join-progress'> {
    link.joined.add(id) // also what nobody made yet: it is told when somebody does
    const life = this.#lives.get(id)
    if (!life) return refusal('NOT_FOUND')
    const { snapshot } = life
    const isSameLife = options?.position?.startsWith(`${snapshot.epoch}.`) === true
    const log = life.logAfter(isSameLife ? (options?.logLine ?? -1) : -1)
    // After the answer, for lines of a session that is not known yet are passed over.
    if (log) queueMicrotask(() => link.tell('progress-log', log))
    return { success: true, status: snapshot }
  }

  #cancel(id: string, reason: string | undefined): CommandAnswer<'cancel-progress'> {
    const life = this.#lives.get(id)
    if (!life) return refusal('NOT_FOUND')
    const { snapshot } = life
    if (isEnd(snapshot) || !snapshot.cancellable) return refusal('NOT_CANCELLABLE')
    if (snapshot.cancelRequested) return { success: true }
    const at = this.#now()
    life.change({ cancelRequested: { at, ...(reason !== undefined && { reason }) } }, at)
    this.changed(life)
    return { success: true }
  }

  #sync(link: FakeLink, positions: Readonly<Record<string, string>>, mine: boolean): CommandAnswer<'sync-progress'> {
    const gone: ProgressGone[] = []
    const compared = new Set(mine ? this.#mine() : [])
    for (const sessionId of Object.keys(positions)) {
      if (!link.joined.has(sessionId)) continue
      const life = this.#lives.get(sessionId)
      if (life) compared.add(life.snapshot)
      else gone.push({ sessionId, code: 'NOT_FOUND' })
    }
    return { success: true, snapshots: [...compared].filter((one) => isBehind(positions[one.sessionId], one)), gone }
  }

  #mine(): Snapshot[] {
    return [...this.#lives.values()].filter(({ isMine }) => isMine).map(({ snapshot }) => snapshot)
  }

  #freeId(): string {
    for (;;) {
      const id = `session-${++this.#made}`
      if (!this.#lives.has(id)) return id
    }
  }
}

function isBehind(position: string | undefined, snapshot: Snapshot): boolean {
  const held = parsePosition(position)
  return held === null || comparePositions(held, snapshot) < 0
}
