// By asking again and again: what works where nothing else does.
import { type CommandArgs, LIMITS, type TransportClose, type TransportListener } from '@progress/protocol/wire'
import { type Answered, cancelAsk, goneIn, HttpLink, type HttpParts, listIn, tellCancelled } from './httpLink'
import { type Answer, type Ask, KNOCK } from './requests'

interface Cancel {
  readonly args: CommandArgs<'cancel-progress'>
  readonly answer: Answered<'cancel-progress'>
}

/** Longest wait of a request that waits for news, beyond what the server was asked to wait. */
const WAIT_SLACK_MS = 5_000
const SHORTEST_MS = 200
const LONGEST_MS = 60_000

/** One row of requests, until one fails or somebody hangs up. At most one is in flight. */
export class PollLink extends HttpLink {
  readonly #cancels: Cancel[] = []
  readonly #synced: Answered<'sync-progress'>[] = []
  /** Ends the request that is in flight. */
  #current: AbortController | undefined
  /** The same, where it only waits for news. */
  #waiting: AbortController | undefined
  /** Ends the pause between two rounds. */
  #nudge: (() => void) | undefined
  #intervalMs: number = LIMITS.pollIntervalMs
  /** The server can keep a request until there is news. */
  #isPatient = false
  #isRunning = false
  /** Something was asked for since the round began. */
  #isUrgent = false

  constructor(parts: HttpParts, listener: TransportListener) {
    super(parts, listener)
    this.begin()
  }

  override close(): void {
    super.close()
    this.#current?.abort()
  }

  protected override rest(): void {
    this.#waiting?.abort()
    this.#nudge?.()
  }

  /** Each round asks for it. */
  protected override list(): void {}

  protected override cancel(args: CommandArgs<'cancel-progress'>, answer: Answered<'cancel-progress'>): void {
    this.#cancels.push({ args, answer })
    this.begin()
  }

  protected override sync(_: CommandArgs<'sync-progress'>, answer: Answered<'sync-progress'>): void {
    this.#synced.push(answer)
    this.begin()
  }

  /** Asks soon, whatever is being waited for. */
  protected override begin(): void {
    this.#isUrgent = true
    this.rest()
    if (this.#isRunning) return
    this.#isRunning = true
    // What is sent within one turn is asked together.
    queueMicrotask(() => void this.#run())
  }

  async #run(): Promise<void> {
    const { clock } = this
    while (!this.isOver) {
      this.#isUrgent = false
      const began = clock.now()
      const why = await this.#round()
      if (this.isOver) return
      if (why) return this.fail(why)
      if (this.#isUrgent) continue
      if (this.following.isEmpty) break
      await this.#pause(this.#intervalMs - Math.max(0, clock.now() - began))
    }
    this.#isRunning = false
  }

  /** All that is to be asked now; why it came to nothing, where it did. */
  async #round(): Promise<TransportClose | undefined> {
    const asks = [() => this.#sendCancels(), () => this.#askList(), () => this.#askStates(), () => this.#knock()]
    for (const ask of asks) {
      const why = await ask()
      if (why || this.isOver) return why
    }
    // What was asked for since this round began is answered by the next one.
    if (this.#isUrgent) return undefined
    for (const answer of this.#synced.splice(0)) answer({ success: true, snapshots: [], gone: [] })
    return undefined
  }

  async #sendCancels(): Promise<TransportClose | undefined> {
    for (let cancel = this.#cancels.shift(); cancel; cancel = this.#cancels.shift()) {
      const answer = await this.#ask(cancelAsk(cancel.args))
      if (answer.type === 'failed') return answer.why
      tellCancelled(answer, cancel.answer)
    }
    return undefined
  }

  async #askList(): Promise<TransportClose | undefined> {
    if (!this.following.isMine) return undefined
    const answer = await this.#ask({ path: '' })
    if (answer.type === 'failed') return answer.why
    if (answer.type === 'ok') this.following.listed(listIn(answer, 'sessions'))
    return undefined
  }

  async #askStates(): Promise<TransportClose | undefined> {
    const [first, ...others] = this.following.running
    if (first === undefined) return undefined
    return others.length === 0 ? await this.#askOne(first) : await this.#askSeveral([first, ...others])
  }

  async #askOne(id: string): Promise<TransportClose | undefined> {
    const position = this.following.position(id)
    // Whoever asked for something else meanwhile is not kept waiting.
    const waits = this.#isPatient && this.isOpen && !this.#isUrgent && this.#synced.length === 0
    const waitMs = waits && !this.following.isMine ? LIMITS.longPollMs : 0
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
    if (answer.type === 'no') this.following.missing(id, answer.code, answer.message)
    if (answer.type === 'ok') this.following.found(answer.body)
    return undefined
  }

  async #askSeveral(ids: readonly string[]): Promise<TransportClose | undefined> {
    const answer = await this.#ask({ path: '', query: `?ids=${ids.join(',')}` })
    if (answer.type === 'failed') return answer.why
    if (answer.type === 'no') for (const id of ids) this.following.missing(id, answer.code, answer.message)
    for (const snapshot of listIn(answer, 'snapshots')) this.following.found(snapshot)
    for (const { sessionId, code } of goneIn(answer)) this.following.missing(sessionId, code, '')
    return undefined
  }

  /** Nothing is wanted yet: is anybody there, and would we be let in? */
  async #knock(): Promise<TransportClose | undefined> {
    if (this.isOpen) return undefined
    const answer = await this.#ask(KNOCK)
    return answer.type === 'failed' ? answer.why : undefined
  }

  async #ask(ask: Ask, onlyWaits = false): Promise<Answer> {
    const current = new AbortController()
    this.#current = current
    if (onlyWaits) this.#waiting = current
    const answer = await this.requests.ask(ask, current.signal)
    this.#current = this.#waiting = undefined
    if (this.isOver) return { type: 'aborted' }
    if (answer.type === 'failed' || answer.type === 'aborted') return answer
    if (answer.type === 'ok') this.#heed(answer.headers)
    this.opened()
    return answer
  }

  #heed(headers: Headers): void {
    const interval = Number(headers.get('x-progress-interval'))
    if (!interval) return
    this.#isPatient = true // a server that suggests an interval can wait, too
    this.#intervalMs = Math.min(Math.max(interval, SHORTEST_MS), LONGEST_MS)
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel()
        this.#nudge = undefined
        resolve()
      }
      const cancel = this.clock.after(Math.max(0, ms), done)
      this.#nudge = done
    })
  }
}
