// The half that knows sessions: messages and answers come in, watches are handed out, and what is wanted is said to links.
import {
  type Clock,
  type CommandAnswer,
  type CommandName,
  LIMITS,
  type Positions,
  type ProgressGone,
  positionOf,
  type TransportLink,
} from '@progress/protocol/wire'
import type { Emitter } from '../emitter'
import type { ClientOptions } from '../options'
import { MyList } from './myList'
import { MyListWatch } from './myListWatch'
import { SessionStore } from './sessionStore'
import { SessionWatch, type WatchParts } from './sessionWatch'
import { isAnswer, isSnapshot, isStateEvent, type View } from './view'
import { WatchList } from './watchList'

/** What the sessions need. */
export interface SessionsParts {
  readonly clock: Clock
  readonly emitter: Emitter
  readonly decode: ClientOptions['decode']
  /** To every link. */
  readonly send: TransportLink['send']
  readonly cancel: WatchParts['cancel']
  /** Asks the server how all that is watched stands. */
  compare(): void
  trace(text: string, detail?: unknown): void
}

/** Older than every state there is: for what is waited for. */
const BEFORE_ALL = '000000000-00000000.0'

/** Sessions of one client. */
export class Sessions {
  readonly #parts: SessionsParts
  readonly #store: SessionStore
  readonly #watchList: WatchList
  readonly #mine = new MyList()
  /** The caller's own are listed over every link that there is. */
  #isListing = false
  /** What was handed out and not left yet. */
  readonly #handles = new Set<{ leave(): void }>()
  #isClosed = false
  /** Those that the last sync named because they are watched, and their newest state then. */
  #named: ReadonlyMap<string, View['snapshot']> = new Map()

  constructor(parts: SessionsParts) {
    const { clock, emitter, send, compare, trace } = parts
    this.#parts = parts
    this.#store = new SessionStore({
      emitter,
      missed: (session) => this.#watchList.mendLog(session),
      finished: (session) => this.#watchList.finished(session),
    })
    this.#watchList = new WatchList({
      store: this.#store,
      clock,
      send,
      compare,
      trace,
      joined: (session, answer, isByHand, known) => {
        const said = this.#checked('join-progress', answer)
        if (said) this.#store.joined(session, said, isByHand, known)
      },
    })
  }

  /** A watch; throws a `TypeError` where this can be no id. */
  watch(id: string, awaitMs: number | undefined): SessionWatch {
    const session = this.#watchList.enter(id, awaitMs)
    const watch = new SessionWatch(session, {
      cancel: this.#parts.cancel,
      onEnd: (of, listener) => this.#store.onEnd(of, listener),
      left: (of) => {
        this.#handles.delete(watch)
        this.#watchList.leave(of)
      },
    })
    return this.#handOut(watch)
  }

  /** A look at the caller's own. */
  watchMine(): MyListWatch {
    this.#mine.watchers += 1
    this.#mineChanged()
    const watch = new MyListWatch(this.#mine, () => {
      this.#handles.delete(watch)
      this.#mine.watchers -= 1
      this.#mineChanged()
    })
    return this.#handOut(watch)
  }

  /** Joined by hand, as the seed does. */
  hold(id: string): void {
    this.#watchList.hold(id)
  }

  /** Left by hand. */
  release(id: string): void {
    this.#watchList.release(id)
  }

  /** A new link: all that is wanted is said to it. */
  greet(link: TransportLink): void {
    this.#watchList.greet(link)
    if (!this.#isListing) return // or about to be asked for, over all links
    this.#list((command, args, answer) => link.send(command, args, answer))
  }

  /** A message of the server's. */
  event(name: string, payload: unknown): void {
    const { decode, trace } = this.#parts
    const decoded = decode?.(name, payload)
    if (decoded && !decoded.ok) trace(`left out: ${decoded.error.message}`)
    else this.#take(name, decoded ? decoded.value : payload)
  }

  /** What a sync says of what is known; `undefined` where nothing is wanted that could change. */
  known(): { readonly positions: Positions; readonly mine: boolean } | undefined {
    this.#watchList.mend()
    const mine = this.#mine.watchers > 0
    const watched = [...this.#store.all()].filter((session) => session.isWanted && !session.isOver)
    if (watched.length === 0 && !mine) return undefined
    const named = watched.slice(0, LIMITS.syncEntries).map(({ id, view }): [string, string] => {
      return [id, view.snapshot ? positionOf(view.snapshot) : BEFORE_ALL]
    })
    const positions = Object.fromEntries(named)
    this.#named = new Map(watched.slice(0, LIMITS.syncEntries).map(({ id, view }) => [id, view.snapshot]))
    // First: what asks for fewer at a time leaves out the rest.
    return {
      positions: { ...positions, ...this.#mine.positions(LIMITS.syncEntries - named.length), ...positions },
      mine,
    }
  }

  /** The answer to a sync. */
  synced(answer: CommandAnswer<'sync-progress'>): void {
    const said = this.#checked('sync-progress', answer)
    if (said && 'error' in said) this.#store.doubt(this.#named.keys())
    if (!said || 'error' in said || !Array.isArray(said.snapshots) || !Array.isArray(said.gone)) return
    const snapshots = said.snapshots.filter(isSnapshot)
    for (const snapshot of snapshots) this.#store.take(snapshot, false)
    // A foreign session that is watched is among them, too: only what was not asked for by name is surely the caller's own.
    const own = snapshots.filter(({ sessionId }) => this.#mine.has(sessionId) || !this.#named.has(sessionId))
    if (this.#mine.watchers > 0 && own.length > 0) this.#mine.take(own)
    for (const gone of said.gone) this.#gone(gone, this.#named)
  }

  /** Leaves all that is watched, so that nobody waits for what never comes. */
  close(): void {
    this.#isClosed = true
    this.#watchList.close()
    for (const handle of [...this.#handles]) handle.leave()
  }

  /** Of a client that was closed, what is handed out is left already. */
  #handOut<H extends { leave(): void }>(handle: H): H {
    this.#handles.add(handle)
    if (this.#isClosed) handle.leave()
    return handle
  }

  #take(name: string, payload: unknown): void {
    if (name === 'progress-log') this.#store.takeLog(payload)
    else if (name === 'progress-batch') this.#batch(payload)
    else if (name === 'progress-gone') this.#gone(payload as ProgressGone)
    else if (isStateEvent(name)) this.#state(payload, name === 'progress-status')
  }

  #state(payload: unknown, isStatus: boolean): void {
    this.#store.take(payload, isStatus)
    const id = (payload as { sessionId?: unknown } | null)?.sessionId
    if (typeof id === 'string' && this.#mine.has(id)) this.#mine.take([payload])
  }

  #batch(payload: unknown): void {
    const sessions = (payload as { sessions?: unknown } | null)?.sessions
    if (!Array.isArray(sessions)) return
    for (const snapshot of sessions) this.#store.take(snapshot, false)
    if (this.#mine.watchers > 0) this.#mine.take(sessions)
  }

  /** @param known by which it was asked; absent where the server says so by itself */
  #gone(gone: ProgressGone, known?: ReadonlyMap<string, View['snapshot']>): void {
    if (typeof gone?.sessionId !== 'string' || typeof gone.code !== 'string') return
    const session = known?.has(gone.sessionId) ? this.#store.get(gone.sessionId) : undefined
    if (session && this.#store.isOvertaken(session, known?.get(gone.sessionId))) return
    this.#store.takeGone(gone)
    this.#mine.remove(gone.sessionId)
  }

  /** What comes and goes within one turn cancels out, as with watches. */
  #mineChanged(): void {
    queueMicrotask(() => {
      const isWanted = this.#mine.watchers > 0
      if (isWanted === this.#isListing) return
      this.#isListing = isWanted
      if (isWanted) return this.#list(this.#parts.send)
      this.#mine.clear()
      this.#parts.send('list-progress', [{ watch: false }])
    })
  }

  #list(send: TransportLink['send']): void {
    send('list-progress', [{ watch: true }], (answer) => {
      const said = this.#mine.watchers > 0 && this.#checked('list-progress', answer)
      if (said && 'sessions' in said && Array.isArray(said.sessions)) this.#mine.replace(said.sessions)
    })
  }

  /** The answer, or `undefined` where it is none. */
  #checked<C extends CommandName>(command: C, answer: CommandAnswer<C>): CommandAnswer<C> | undefined {
    if (!isAnswer(answer)) return undefined
    const decoded = this.#parts.decode?.(`${command}:answer`, answer)
    if (!decoded) return answer
    return decoded.ok ? (decoded.value as CommandAnswer<C>) : undefined
  }
}
