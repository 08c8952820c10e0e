// By asking again and again: what works where nothing else does.
import {
  type Clock,
  type CommandAnswer,
  type CommandArgs,
  type CommandName,
  LIMITS,
  type Snapshot,
  type TransportClose,
  type TransportLink,
  type TransportListener,
} from '@progress/protocol/wire'
import { Following, type Handlers } from './following'
import { type Answer, type Ask, KNOCK, type Requests } from './requests'

/** What polling needs. */
export interface PollParts {
  readonly clock: Clock
  readonly requests: Requests
}

type Cancel = { readonly args: CommandArgs<'cancel-progress'>; answer(said: CommandAnswer<'cancel-progress'>): void }

/** Longest wait of a request that waits for news, beyond what the server was asked to wait. */
const WAIT_SLACK_MS = 5_000
const SHORTEST_MS = 200
const LONGEST_MS = 60_000

/** One row of requests, until one fails or somebody hangs up. At most one is in flight. */
export class PollLink implements TransportLink {
  readonly #parts: PollParts
  readonly #listener: TransportListener
  readonly #following: Following
  readonly #hungUp = new AbortController()
  readonly #cancels: Cancel[] = []
  readonly #synced: ((answer: CommandAnswer<'sync-progress'>) => void)[] = []
  /** Ends the request that is in flight. */
  #current: AbortController | undefined
  /** The same, where it only waits for news. */
  #waiting: AbortController | undefined
  /** Ends the pause between two rounds. */
  #nudge: (() => void) | undefined
  #intervalMs: number = LIMITS.pollIntervalMs
  /** The server can keep a request until there is news. */
  #isPatient = false
  #isOpen = false
  #isRunning = false
  /** Something was asked for since the round began. */
  #isUrgent = false

  readonly #handlers: Handlers = {
    'join-progress': (args, answer) => this.#following.join(args, answer) && this.#urge(),
    'leave-progress': ([id]) => {
      this.#following.leave(id)
      if (this.#following.isEmpty) this.#interrupt()
    },
    'list-progress': (args, answer) => {
      this.#following.list(args, answer)
      this.#urge()
    },
    'cancel-progress': (args, answer) => {
      this.#cancels.push({ args, answer })
      this.#urge()
    },
    'sync-progress': (_, answer) => {
      this.#synced.push(answer)
      this.#urge()
    },
  }

  constructor(parts: PollParts, listener: TransportListener) {
    this.#parts = parts
    this.#listener = listener
    this.#following = new Following((name, payload) => listener.event(name, payload))
    this.#urge()
  }

  send<C extends CommandName>(
    command: C,
    args: CommandArgs<C>,
    answer: (answer: CommandAnswer<C>) => void = () => {},
  ): void {
    if (this.#hungUp.signal.aborted) return
    const handle: Handlers[C] = this.#handlers[command]
    handle(args, answer)
  }

  close(): void {
    this.#hungUp.abort()
    this.#current?.abort()
    this.#nudge?.()
  }

  /** Asks soon, whatever is being waited for. */
  #urge(): void {
    this.#isUrgent = true
    this.#interrupt()
    if (this.#isRunning) return
    this.#isRunning = true
    // What is sent within one turn is asked together.
    queueMicrotask(() => void this.#run())
  }

  #interrupt(): void {
    this.#waiting?.abort()
    this.#nudge?.()
  }

  async #run(): Promise<void> {
    const { clock } = this.#parts
    while (!this.#hungUp.signal.aborted) {
      this.#isUrgent = false
      const began = clock.now()
      const why = await this.#round()
      if (this.#hungUp.signal.aborted) return
      if (why) return this.#fail(why)
      if (this.#isUrgent) continue
      if (this.#following.isEmpty) break
      await this.#pause(this.#intervalMs - Math.max(0, clock.now() - began))
    }
    this.#isRunning = false
  }

  /** All that is to be asked now; why it came to nothing, where it did. */
  async #round(): Promise<TransportClose | undefined> {
    const asks = [() => this.#sendCancels(), () => this.#askList(), () => this.#askStates(), () => this.#knock()]
    for (const ask of asks) {
      const why = await ask()
      if (why || this.#hungUp.signal.aborted) return why
    }
    // What was asked for since this round began is answered by the next one.
    if (this.#isUrgent) return undefined
    for (const answer of this.#synced.splice(0)) answer({ success: true, snapshots: [], gone: [] })
    return undefined
  }

  async #sendCancels(): Promise<TransportClose | undefined> {
    for (let cancel = this.#cancels.shift(); cancel; cancel = this.#cancels.shift()) {
      const [id, reason] = cancel.args
      const query = reason ? `?reason=${encodeURIComponent(reason)}` : ''
      const answer = await this.#ask({ method: 'DELETE', path: `/${id}`, query })
      if (answer.type === 'failed') return answer.why
      if (answer.type === 'no') cancel.answer({ error: { code: answer.code, message: answer.message } })
      else if (answer.type === 'ok') cancel.answer({ success: true })
    }
    return undefined
  }

  async #askList(): Promise<TransportClose | undefined> {
    if (!this.#following.isMine) return undefined
    const answer = await this.#ask({ path: '' })
    if (answer.type === 'failed') return answer.why
    if (answer.type === 'ok') this.#following.listed(listIn(answer.body, 'sessions'))
    return undefined
  }

  async #askStates(): Promise<TransportClose | undefined> {
    const [first, ...others] = this.#following.running
    if (first === undefined) return undefined
    return others.length === 0 ? await this.#askOne(first) : await this.#askSeveral([first, ...others])
  }

  async #askOne(id: string): Promise<TransportClose | undefined> {
    const position = this.#following.position(id)
    // Whoever asked for something else meanwhile is not kept waiting.
    const waits = this.#isPatient && this.#isOpen && !this.#isUrgent && this.#synced.length === 0
    const waitMs = waits && !this.#following.isMine ? LIMITS.longPollMs : 0
    const since = position ? `&since=${position}` : ''
    const answer = await this.#ask(
      {
        path: `/${id}`,
        query: waitMs > 0 ? `?wait=${waitMs / 1_000}${since}` : '',
        headers: position ? { 'If-None-Match': `"${position}"` } : {},
        ...(waitMs > 0 && { withinMs: waitMs + WAIT_SLACK_MS }),
      },
      waitMs > 0,
    )
    if (answer.type === 'failed') return answer.why
    if (answer.type === 'no') this.#following.missing(id, answer.code, answer.message)
    if (answer.type === 'ok') this.#following.found(answer.body)
    return undefined
  }

  async #askSeveral(ids: readonly string[]): Promise<TransportClose | undefined> {
    const answer = await this.#ask({ path: '', query: `?ids=${ids.join(',')}` })
    if (answer.type === 'failed') return answer.why
    if (answer.type !== 'ok') return undefined
    for (const snapshot of listIn(answer.body, 'snapshots')) this.#following.found(snapshot)
    for (const { sessionId, code } of goneIn(answer.body)) this.#following.missing(sessionId, code, '')
    return undefined
  }

  /** Nothing is wanted yet: is anybody there, and would we be let in? */
  async #knock(): Promise<TransportClose | undefined> {
    if (this.#isOpen) return undefined
    const answer = await this.#ask(KNOCK)
    return answer.type === 'failed' ? answer.why : undefined
  }

  async #ask(ask: Ask, onlyWaits = false): Promise<Answer> {
    const current = new AbortController()
    this.#current = current
    if (onlyWaits) this.#waiting = current
    const answer = await this.#parts.requests.ask(ask, current.signal)
    this.#current = this.#waiting = undefined
    if (this.#hungUp.signal.aborted) return { type: 'aborted' }
    if (answer.type === 'failed' || answer.type === 'aborted') return answer
    if (answer.type === 'ok') this.#heed(answer.headers)
    if (!this.#isOpen) {
      this.#isOpen = true
      this.#listener.opened()
    }
    return answer
  }

  #heed(headers: Headers): void {
    const interval = Number(headers.get('x-progress-interval'))
    if (!interval) return
    this.#isPatient = true // a server that suggests an interval can wait, too
    this.#intervalMs = Math.min(Math.max(interval, SHORTEST_MS), LONGEST_MS)
  }

  #fail(why: TransportClose): void {
    this.#hungUp.abort()
    this.#listener.closed(why)
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel()
        this.#nudge = undefined
        resolve()
      }
      const cancel = this.#parts.clock.after(Math.max(0, ms), done)
      this.#nudge = done
    })
  }
}

/** A list in an answer; empty where there is none. */
export function listIn(body: unknown, key: 'sessions' | 'snapshots'): readonly Snapshot[] {
  const list = (body as Record<string, unknown> | null)?.[key]
  return Array.isArray(list) ? (list as Snapshot[]) : []
}

/** What is gone, in an answer. */
export function goneIn(body: unknown): readonly { readonly sessionId: string; readonly code: string }[] {
  const list = (body as Record<string, unknown> | null)?.['gone']
  return Array.isArray(list) ? list.filter((one) => typeof one?.sessionId === 'string') : []
}
