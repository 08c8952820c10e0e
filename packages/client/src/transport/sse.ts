// By one stream of server-sent events for all that is watched, over fetch, so that headers go with it.
import {
  type Clock,
  type CommandAnswer,
  type CommandArgs,
  type CommandName,
  LIMITS,
  type TransportClose,
  type TransportLink,
  type TransportListener,
} from '@progress/protocol/wire'
import { EventReader, type StreamEvent } from './eventStream'
import { Following, type Handlers } from './following'
import { goneIn, listIn } from './poll'
import { type Ask, KNOCK, type Requests, sorted, whyOf } from './requests'

/** What a stream needs. */
export interface SseParts {
  readonly clock: Clock
  readonly requests: Requests
}

type Answered<C extends CommandName> = (answer: CommandAnswer<C>) => void

/** Twice the server's heartbeat, and some: a stream that says nothing for so long is none. */
const SILENCE_MS = 35_000
/** The server's bound on a query, with room to spare. Beyond it positions are left out: it then sends all states. */
const QUERY_CHARS = 8_000
const STATES: readonly string[] = [
  'progress-status',
  'progress-update',
  'progress-complete',
  'progress-error',
  'progress-cancelled',
]

/** One stream at a time; what is watched anew begins a new one, from where the old one was. */
export class SseLink implements TransportLink {
  readonly #parts: SseParts
  readonly #listener: TransportListener
  readonly #following: Following
  readonly #hungUp = new AbortController()
  #stream: AbortController | undefined
  #cancelSilence: (() => void) | undefined
  #isDue = false
  #isOpen = false
  #bye: TransportClose | undefined
  /** Commands go one after the other. */
  #queue: Promise<void> = Promise.resolve()

  readonly #handlers: Handlers = {
    'join-progress': (args, answer) => this.#following.join(args, answer) && this.#begin(),
    'leave-progress': ([id]) => {
      this.#following.leave(id)
      if (this.#following.isEmpty) this.#letGo()
    },
    'list-progress': (args, answer) => {
      this.#following.list(args, answer)
      this.#begin()
      if (this.#following.isMine) this.#enqueue(() => this.#list())
    },
    'cancel-progress': (args, answer) => this.#enqueue(() => this.#cancel(args, answer)),
    'sync-progress': (args, answer) => this.#enqueue(() => this.#sync(args, answer)),
  }

  constructor(parts: SseParts, listener: TransportListener) {
    this.#parts = parts
    this.#listener = listener
    this.#following = new Following((name, payload) => listener.event(name, payload))
    this.#begin()
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
    this.#letGo()
  }

  #letGo(): void {
    this.#stream?.abort()
    this.#cancelSilence?.()
  }

  /** What is asked for within one turn is one stream. */
  #begin(): void {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      if (!this.#hungUp.signal.aborted) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#letGo()
    if (this.#following.isEmpty) {
      if (!this.#isOpen) this.#enqueue(() => this.#knock())
      return
    }
    const stream = new AbortController()
    this.#stream = stream
    const why = await this.#follow(stream.signal).catch(whyOf)
    if (stream.signal.aborted) return
    this.#fail(this.#bye ?? why ?? { message: 'the stream ended' })
  }

  async #follow(signal: AbortSignal): Promise<TransportClose | undefined> {
    this.#listen()
    const response = await this.#parts.requests.open(
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
      this.#opened()
      this.#listen()
      if (!reader.take(chunk.value)) return { message: 'the endpoint serves no stream' }
    }
  }

  #query(): string {
    const ids = this.#following.running
    const parts = [...(ids.length > 0 ? [`ids=${ids.join(',')}`] : []), ...(this.#following.isMine ? ['mine=1'] : [])]
    let query = `?${parts.join('&')}`
    for (const id of ids) {
      const position = this.#following.position(id)
      const since = position ? `&since=${id}@${position}` : ''
      if (query.length + since.length <= QUERY_CHARS) query += since
    }
    return query
  }

  #take({ name, data }: StreamEvent): void {
    if (this.#hungUp.signal.aborted) return
    const payload = parsed(data)
    if (typeof payload !== 'object' || payload === null) return
    const { sessionId, code, retryAfterMs } = payload as Record<string, unknown>
    if (STATES.includes(name)) this.#following.found(payload)
    else if (name === 'progress-gone' && typeof code === 'string') this.#following.missing(String(sessionId), code, '')
    else if (name === 'progress-log' || name === 'progress-batch') this.#listener.event(name, payload)
    else if (name === 'progress-bye' && typeof code === 'string') {
      this.#bye = { code, ...(typeof retryAfterMs === 'number' && { retryAfterMs }) }
    }
  }

  #opened(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#listener.opened()
  }

  #listen(): void {
    this.#cancelSilence?.()
    this.#cancelSilence = this.#parts.clock.after(SILENCE_MS, () => this.#fail({ message: 'the stream is silent' }))
  }

  #fail(why: TransportClose): void {
    if (this.#hungUp.signal.aborted) return
    this.close()
    this.#listener.closed(why)
  }

  #enqueue(run: () => Promise<void>): void {
    this.#queue = this.#queue.then(() => (this.#hungUp.signal.aborted ? undefined : run()))
  }

  /** Nothing is wanted yet: is anybody there, and would we be let in? */
  async #knock(): Promise<void> {
    const answer = await this.#ask(KNOCK)
    if (answer.type === 'ok' && !this.#hungUp.signal.aborted) this.#opened()
  }

  /** The stream tells of what is newer than what the client has; the list is whole. */
  async #list(): Promise<void> {
    const answer = await this.#ask({ path: '' })
    if (answer.type === 'ok') this.#following.listed(listIn(answer.body, 'sessions'))
  }

  async #cancel([id, reason]: CommandArgs<'cancel-progress'>, answered: Answered<'cancel-progress'>): Promise<void> {
    const query = reason ? `?reason=${encodeURIComponent(reason)}` : ''
    const answer = await this.#ask({ method: 'DELETE', path: `/${id}`, query })
    if (answer.type === 'ok') answered({ success: true })
    if (answer.type === 'no') answered({ error: { code: answer.code, message: answer.message } })
  }

  async #sync([positions, options]: CommandArgs<'sync-progress'>, answered: Answered<'sync-progress'>): Promise<void> {
    const ids = Object.keys(positions).slice(0, LIMITS.watchedPerConnection)
    const several = ids.length > 0 ? await this.#ask({ path: '', query: `?ids=${ids.join(',')}` }) : undefined
    const mine = options?.mine ? await this.#ask({ path: '' }) : undefined
    if (this.#hungUp.signal.aborted) return
    const bodies = [several, mine].map((answer) => (answer?.type === 'ok' ? answer.body : undefined))
    const [named, own] = [listIn(bodies[0], 'snapshots'), listIn(bodies[1], 'sessions')]
    answered({ success: true, snapshots: [...named, ...own], gone: [...goneIn(bodies[0])] })
  }

  async #ask(ask: Ask) {
    const answer = await this.#parts.requests.ask(ask, this.#hungUp.signal)
    if (answer.type === 'failed') this.#fail(answer.why)
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
