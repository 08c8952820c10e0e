// Requests to the endpoint: one at a time, each with a bound, and every answer sorted into what it means.
import { type Clock, type Code, isProgressError, type TransportClose } from '@progress/protocol/wire'
import type { Address } from './address'

/** What requests need. */
export interface RequestParts {
  readonly address: Address
  readonly clock: Clock
  /** Asked before each request. */
  auth(): Promise<string | null>
}

/** A request. */
export interface Ask {
  readonly method?: 'GET' | 'DELETE'
  readonly path: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  /** How long the server may take. Default 5 s. */
  readonly withinMs?: number
}

/** What became of it. */
export type Answer =
  | { readonly type: 'ok'; readonly body: unknown; readonly headers: Headers }
  /** What the client has is the newest. */
  | { readonly type: 'same' }
  /** This request was refused; another may be served. */
  | { readonly type: 'no'; readonly code: Code; readonly message: string }
  /** Nothing can be asked just now, or at all. */
  | { readonly type: 'failed'; readonly why: TransportClose }
  /** Taken back by ourselves. */
  | { readonly type: 'aborted' }

const WITHIN_MS = 5_000

/** Asks for nothing that there is. `/health` would answer those, too, who are refused everything else. */
export const KNOCK: Ask = Object.freeze({ path: '', query: '?ids=-' })

/** Asks the endpoint. */
export class Requests {
  readonly #parts: RequestParts
  readonly #isWithCookies: boolean

  /** @param isWithCookies also to another origin, where nothing else says who asks */
  constructor(parts: RequestParts, isWithCookies: boolean) {
    this.#parts = parts
    this.#isWithCookies = isWithCookies
  }

  /** The answer, sorted. Never rejects. */
  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const bound = new AbortController()
    const abort = (): void => bound.abort()
    signal.addEventListener('abort', abort, { once: true })
    const cancel = this.#parts.clock.after(ask.withinMs ?? WITHIN_MS, abort)
    try {
      return await sorted(await this.open(ask, bound.signal))
    } catch (error) {
      return signal.aborted ? { type: 'aborted' } : { type: 'failed', why: whyOf(error) }
    } finally {
      cancel()
      signal.removeEventListener('abort', abort)
      abort() // what nobody reads must not hold the connection
    }
  }

  /** The bare response; rejects where there is none, or `auth` takes as long as all of it may. */
  async open({ method = 'GET', path, query = '', headers }: Ask, signal: AbortSignal): Promise<Response> {
    const url = this.#parts.address.place(path, query)
    const token = await new Promise<string | null>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('it took too long')), { once: true })
      this.#parts.auth().then(resolve, reject)
    })
    return await fetch(url, {
      method,
      headers: { Accept: 'application/json', ...headers, ...(token !== null && { Authorization: `Bearer ${token}` }) },
      credentials: this.#isWithCookies ? 'include' : 'same-origin',
      cache: 'no-store',
      signal,
    })
  }
}

/** What a response means. Whatever is not JSON came from somebody on the way, and is never taken for a state. */
export async function sorted(response: Response): Promise<Answer> {
  const { status, headers } = response
  if (status === 304) return { type: 'same' }
  const body = await jsonOf(response)
  if (response.ok) return body === undefined ? failed(headers) : { type: 'ok', body, headers }
  const { code, message = '' } = errorIn(body)
  if (status === 401) return { type: 'failed', why: { code: code ?? 'UNAUTHENTICATED', message } }
  if (status === 403 && code) return { type: 'failed', why: { code, message } }
  if (body === undefined || !isFinal(status)) return failed(headers)
  return { type: 'no', code: status === 404 || status === 410 ? 'NOT_FOUND' : (code ?? 'BAD_REQUEST'), message }
}

/** The same request would only be refused again. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}

/** Why nothing came of a request. */
export function whyOf(error: unknown): TransportClose {
  if (isProgressError(error)) return { code: error.code, message: error.message }
  return { message: error instanceof Error ? error.message : 'the request failed' }
}

/** Whatever code it bears is about this request, and says nothing of the next. */
function failed(headers: Headers): Answer {
  const retryAfterMs = retryAfter(headers.get('retry-after'))
  return { type: 'failed', why: retryAfterMs === undefined ? {} : { retryAfterMs } }
}

/** In seconds, and never longer than a minute, whatever a proxy thinks. A date hangs on clocks: it is passed over. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined
  const seconds = Number(header)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, 60_000) : undefined
}

async function jsonOf(response: Response): Promise<unknown> {
  if (!/\bjson\b/i.test(response.headers.get('content-type') ?? '')) return undefined
  try {
    return (await response.json()) as unknown
  } catch {
    return undefined
  }
}

function errorIn(body: unknown): { readonly code?: Code; readonly message?: string } {
  const error = typeof body === 'object' && body !== null ? (body as { error?: unknown }).error : undefined
  if (typeof error !== 'object' || error === null) return {}
  const { code, message } = error as Record<string, unknown>
  return { ...(typeof code === 'string' && { code }), ...(typeof message === 'string' && { message }) }
}
