// By one stream of server-sent events for all that is watched, over fetch, so that headers go with it.
import { type CommandArgs, LIMITS, type TransportClose, type TransportListener } from '@progress/protocol/wire'
import { isStateEvent } from '../sessions/view'
import { EventReader, type StreamEvent } from './eventStream'
import { type Answered, cancelAsk, goneIn, HttpLink, type HttpParts, listIn, tellCancelled } from './httpLink'
import { type Answer, type Ask, KNOCK, sorted, whyOf } from './requests'

/** Twice the server's heartbeat, and some: a stream that says nothing for so long is none. */
const SILENCE_MS = 35_000
/** The server's bound on a query, with room to spare. Beyond it positions are left out: it then sends all states. */
const QUERY_CHARS = 8_000

/** One stream at a time; what is watched anew begins a new one, from where the old one was. */
export class SseLink extends HttpLink {
  #stream: AbortController | undefined
  #cancelSilence: (() => void) | undefined
  #isDue = false
  #bye: TransportClose | undefined
  /** Commands go one after the other. */
  #queue: Promise<void> = Promise.resolve()

  constructor(parts: HttpParts, listener: TransportListener) {
    super(parts, listener)
    this.begin()
  }

  protected override rest(): void {
    this.#stream?.abort()
    this.#cancelSilence?.()
  }

  /** What is asked for within one turn is one stream. */
  protected override begin(): void {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      if (!this.isOver) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.rest()
    if (this.following.isEmpty) {
      if (!this.isOpen) this.#enqueue(() => this.#knock())
      return
    }
    const stream = new AbortController()
    this.#stream = stream
    const why = await this.#follow(stream.signal).catch(whyOf)
    if (stream.signal.aborted) return
    this.fail(this.#bye ?? why ?? { message: 'the stream ended' })
  }

  async #follow(signal: AbortSignal): Promise<TransportClose | undefined> {
    this.#listen()
    const response = await this.requests.open(
      { path: '/events', query: this.#query(), headers: { Accept: 'text/event-stream' } },
      signal,
    )
    if (!response.ok || !isStream(response)) {
      const answer = await sorted(response)
      return answer.type === 'failed' ? answer.why : { message: 'the endpoint serves no stream' }
    }
    const reader = new EventReader((event) => this.#take(event))
    const texts = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const chunk = await texts?.read()
      if (signal.aborted || !chunk || chunk.done) return undefined
      this.opened()
      this.#listen()
      if (!reader.take(chunk.value)) return { message: 'the endpoint serves no stream' }
    }
  }

  #query(): string {
    const ids = this.following.running
    const parts = [...(ids.length > 0 ? [`ids=${ids.join(',')}`] : []), ...(this.following.isMine ? ['mine=1'] : [])]
    let query = `?${parts.join('&')}`
    for (const id of ids) {
      const position = this.following.position(id)
      const since = position ? `&since=${id}@${position}` : ''
      if (query.length + since.length <= QUERY_CHARS) query += since
    }
    return query
  }

  #take({ name, data }: StreamEvent): void {
    if (this.isOver) return
    const payload = parsed(data)
    if (typeof payload !== 'object' || payload === null) return
    const { sessionId, code, retryAfterMs } = payload as Record<string, unknown>
    if (isStateEvent(name)) this.following.found(payload)
    else if (name === 'progress-gone' && typeof code === 'string') this.following.missing(String(sessionId), code, '')
    else if (name === 'progress-log' || name === 'progress-batch') this.listener.event(name, payload)
    else if (name === 'progress-bye' && typeof code === 'string') {
      this.#bye = { code, ...(typeof retryAfterMs === 'number' && { retryAfterMs }) }
    }
  }

  #listen(): void {
    this.#cancelSilence?.()
    this.#cancelSilence = this.clock.after(SILENCE_MS, () => this.fail({ message: 'the stream is silent' }))
  }

  #enqueue(run: () => Promise<void>): void {
    this.#queue = this.#queue.then(() => (this.isOver ? undefined : run()))
  }

  /** Nothing is wanted yet: is anybody there, and would we be let in? */
  async #knock(): Promise<void> {
    const answer = await this.#ask(KNOCK)
    if (answer.type === 'ok' && !this.isOver) this.opened()
  }

  /** The stream tells of what is newer than what the client has; the list is whole. */
  protected override list(): void {
    this.#enqueue(async () => {
      const answer = await this.#ask({ path: '' })
      if (answer.type === 'ok') this.following.listed(listIn(answer, 'sessions'))
    })
  }

  protected override cancel(args: CommandArgs<'cancel-progress'>, answered: Answered<'cancel-progress'>): void {
    this.#enqueue(async () => tellCancelled(await this.#ask(cancelAsk(args)), answered))
  }

  protected override sync(args: CommandArgs<'sync-progress'>, answered: Answered<'sync-progress'>): void {
    const [positions, options] = args
    const ids = Object.keys(positions).slice(0, LIMITS.watchedPerConnection)
    this.#enqueue(async () => {
      const named = ids.length > 0 ? await this.#ask({ path: '', query: `?ids=${ids.join(',')}` }) : undefined
      const own = options?.mine ? await this.#ask({ path: '' }) : undefined
      if (this.isOver) return
      const snapshots = [...listIn(named, 'snapshots'), ...listIn(own, 'sessions')]
      answered({ success: true, snapshots, gone: goneIn(named) })
    })
  }

  async #ask(ask: Ask): Promise<Answer> {
    const answer = await this.requests.ask(ask, this.signal)
    if (answer.type === 'failed') this.fail(answer.why)
    return answer
  }
}

function isStream(response: Response): boolean {
  return /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
