// A `fetch` in the test's hands: requests are kept, and the test answers them.
import { ManualClock } from '@progress/protocol/testing'
import type { TransportClose, TransportLink, TransportListener } from '@progress/protocol/wire'
import { onTestFinished, vi } from 'vitest'
import { Address } from './address'
import { Requests } from './requests'

const BASE = 'https://app.example/api/progress'

/** One request. */
export class FakeRequest {
  readonly method: string
  /** Below the endpoint, with its query. */
  readonly path: string
  readonly headers: Headers
  readonly init: RequestInit
  isOver = false
  #settle: (response: Response) => void = () => {}
  #fail: (error: unknown) => void = () => {}
  readonly response: Promise<Response>

  constructor(url: URL | string, init: RequestInit = {}) {
    this.method = init.method ?? 'GET'
    this.path = decodeURIComponent(String(url).replace(BASE, ''))
    this.headers = new Headers(init.headers)
    this.init = init
    this.response = new Promise((resolve, reject) => {
      this.#settle = resolve
      this.#fail = reject
    })
    const abort = (): void => this.fail(new DOMException('aborted', 'AbortError'))
    if (init.signal?.aborted) abort()
    else init.signal?.addEventListener('abort', abort)
  }

  /** Is it still waited for? */
  get isOpen(): boolean {
    return !this.isOver
  }

  /** Answers with JSON. */
  json(
    body: unknown,
    { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
  ): void {
    this.send(JSON.stringify(body), status, { 'content-type': 'application/json', ...headers })
  }

  /** Answers with whatever. */
  send(body: string | ReadableStream | null, status = 200, headers: Record<string, string> = {}): void {
    this.isOver = true
    this.#settle(new Response(body, { status, headers }))
  }

  fail(error: unknown = new TypeError('fetch failed')): void {
    this.isOver = true
    this.#fail(error)
  }
}

/** All that a transport did over a `fetch` that the test answers. */
export interface HttpRig<L extends TransportLink> {
  readonly clock: ManualClock
  readonly link: L
  readonly requests: FakeRequest[]
  /** Opened, closed and each event, in order. */
  readonly told: (readonly [what: string, payload?: unknown])[]
  /** The newest request. Throws where there is none. */
  last(): FakeRequest
  /** Requests that wait for an answer. */
  open(): readonly FakeRequest[]
  /** Lets all that waits on promises run, and no timer. */
  settle(): Promise<void>
}

/** Makes a link over a stubbed `fetch`; at the end of the test nothing of it is left. */
export function httpRig<L extends TransportLink>(
  make: (parts: { clock: ManualClock; requests: Requests }, listener: TransportListener) => L,
  auth: () => Promise<string | null> = async () => null,
): HttpRig<L> {
  const clock = new ManualClock()
  const requests: FakeRequest[] = []
  const told: (readonly [string, unknown?])[] = []
  vi.stubGlobal('fetch', (url: URL | string, init?: RequestInit) => {
    const request = new FakeRequest(url, init)
    requests.push(request)
    return request.response
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const address = new Address({ url: undefined, endpoint: BASE, allowInsecure: false })
  const link = make(
    { clock, requests: new Requests({ address, clock, auth }, true) },
    {
      opened: () => told.push(['opened']),
      closed: (why: TransportClose) => told.push(['closed', why]),
      event: (name, payload) => told.push([name, payload]),
    },
  )
  return {
    clock,
    link,
    requests,
    told,
    last() {
      const request = requests.at(-1)
      if (!request) throw new Error('nothing was asked')
      return request
    },
    open: () => requests.filter(({ isOpen }) => isOpen),
    settle: () => clock.advance(0),
  }
}
