// The far end of a link by requests: a `fetch` that hears commands in what is asked, and says events by stream or by answers.
import type { ManualClock } from '@progress/protocol/testing'
import type { CommandName, ProgressBye, Snapshot, TransportLink, TransportListener } from '@progress/protocol/wire'
import { vi } from 'vitest'
import type { FarLine, Heard, Luck, TransportAndServer } from '../conformance'
import { Address } from './address'
import type { HttpParts } from './httpLink'
import { Requests } from './requests'

type Open = (parts: HttpParts, listener: TransportListener) => TransportLink

/** A transport by requests, and the endpoint that it leads to; each dial has an address of its own. */
export function farEndpoint(way: 'sse' | 'poll', clock: ManualClock, open: Open): TransportAndServer {
  const lines: HttpLine[] = []
  const byDial = new Map<string, HttpLine>()
  let luck: Luck = 'taken'
  let dials = 0
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    const [, dial = ''] = url.pathname.split('/')
    const line = byDial.get(dial)
    if (line) return await line.fetch(url, init)
    if (luck === 'broken') throw new TypeError('fetch failed')
    if (luck !== 'taken') return json({ error: luck }, 401)
    const made = new HttpLine(way)
    byDial.set(dial, made)
    lines.push(made)
    return await made.fetch(url, init)
  })
  const transport = {
    '~transport': 1 as const,
    clock,
    onWake: () => () => {},
    open(listener: TransportListener) {
      dials += 1
      const address = new Address({ url: undefined, endpoint: `https://app.example/${dials}`, allowInsecure: false })
      return open({ clock, requests: new Requests({ address, clock, auth: async () => null }, true) }, listener)
    },
  }
  const meet = (next: Luck): void => {
    luck = next
  }
  return { transport, server: { lines, meet, close: () => void vi.unstubAllGlobals() } }
}

/** What was asked by the requests of one dial. */
class HttpLine implements FarLine {
  readonly heard: Heard[] = []
  isOpen = true
  readonly #way: 'sse' | 'poll'
  /** Ids that were asked for, with what is known of each. */
  readonly #states = new Map<string, Snapshot | 'unknown' | undefined>()
  /** Ends the requests that wait for an answer. */
  readonly #waiting = new Set<(error: Error) => void>()
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined

  constructor(way: 'sse' | 'poll') {
    this.#way = way
  }

  fetch(url: URL, { method = 'GET', signal }: RequestInit): Promise<Response> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        this.#waiting.delete(fail)
        reject(error)
      }
      if (!this.isOpen) return fail(new TypeError('fetch failed'))
      this.#waiting.add(fail)
      signal?.addEventListener('abort', () => fail(new DOMException('aborted', 'AbortError')))
      this.#take(method, url, signal ?? undefined, (response) => {
        this.#waiting.delete(fail)
        resolve(response)
      })
    })
  }

  say(name: string, payload: unknown): void {
    if (!this.isOpen) return
    const { sessionId = '', revision } = payload as Partial<Snapshot>
    const known = this.#states.get(sessionId)
    const isNewer = typeof known === 'object' && revision !== undefined && revision > known.revision
    if (isNewer) this.#states.set(sessionId, payload as Snapshot)
    this.#write(`event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`)
  }

  drop(): void {
    this.isOpen = false
    for (const fail of [...this.#waiting]) fail(new TypeError('fetch failed'))
    this.#stream?.error(new TypeError('network error'))
    this.#stream = undefined
  }

  bye(why: ProgressBye): void {
    this.#write(`event: progress-bye\ndata: ${JSON.stringify(why)}\n\n`)
    this.isOpen = false
    this.#stream?.close()
    this.#stream = undefined
  }

  #take(method: string, url: URL, signal: AbortSignal | undefined, respond: (response: Response) => void): void {
    const [, , id = ''] = url.pathname.split('/')
    const ids = url.searchParams.get('ids')?.split(',') ?? []
    const answer = (said: unknown): void => respond(json(said, isRefusal(said) ? 409 : 200))
    if (method === 'DELETE') {
      const reason = url.searchParams.get('reason')
      this.#hear('cancel-progress', reason === null ? [id] : [id, reason], answer)
    } else if (id === 'events') respond(this.#open(ids, signal))
    else if (id !== '') respond(this.#stateOf(id))
    else if (ids[0] === '-') answer({ success: true, snapshots: [], gone: [] })
    else if (ids.length === 0) this.#hear('list-progress', [], answer)
    else if (this.#way === 'poll') respond(this.#statesOf(ids))
    else this.#hear('sync-progress', [Object.fromEntries(ids.map((one) => [one, '']))], answer)
  }

  #open(ids: readonly string[], signal: AbortSignal | undefined): Response {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#stream = controller
        signal?.addEventListener('abort', () => {
          if (this.#stream === controller) this.#stream = undefined
          controller.error(new DOMException('aborted', 'AbortError'))
        })
      },
    })
    this.#write(': hello\n\n')
    for (const id of ids) this.#join(id)
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }

  #stateOf(id: string): Response {
    this.#join(id)
    const state = this.#states.get(id)
    if (state === 'unknown') return json({ error: { code: 'NOT_FOUND', message: '' } }, 404)
    return state ? json(state) : new Response(null, { status: 304 })
  }

  #statesOf(ids: readonly string[]): Response {
    for (const id of ids) this.#join(id)
    const snapshots = ids.map((id) => this.#states.get(id)).filter((state) => typeof state === 'object')
    const gone = ids.flatMap((sessionId) => {
      return this.#states.get(sessionId) === 'unknown' ? [{ sessionId, code: 'NOT_FOUND' }] : []
    })
    return json({ success: true, snapshots, gone })
  }

  #join(id: string): void {
    if (this.#states.has(id)) return
    this.#states.set(id, undefined)
    this.#hear('join-progress', [id], (answer) => {
      const { status } = answer as { status?: Snapshot }
      this.#states.set(id, status ?? 'unknown')
      const said = status ? ['progress-status', status] : ['progress-gone', { sessionId: id, code: 'NOT_FOUND' }]
      this.#write(`event: ${said[0]}\ndata: ${JSON.stringify(said[1])}\n\n`)
    })
  }

  /** The first answer counts. */
  #hear(command: CommandName, args: readonly unknown[], answered: (answer: unknown) => void): void {
    let isAnswered = false
    this.heard.push({
      command,
      args,
      answer: (answer) => {
        if (isAnswered || !this.isOpen) return
        isAnswered = true
        answered(answer)
      },
    })
  }

  #write(text: string): void {
    this.#stream?.enqueue(new TextEncoder().encode(text))
  }
}

function isRefusal(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'error' in answer
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
}
