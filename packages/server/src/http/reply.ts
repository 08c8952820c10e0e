// Answers as plain data: a status, headers and a body, or a stream that somebody will open. The faces only carry them out.
import { type Code, ERRORS, errorRow, type KnownCode, LIMITS, positionOf, type Snapshot } from '@progress/protocol'

/** Names and values of headers. */
export type ReplyHeaders = Readonly<Record<string, string>>

/** An answer that is whole. */
export interface Plain {
  readonly kind: 'plain'
  readonly status: number
  readonly headers: ReplyHeaders
  /** `null`: without one, as 204 and 304 are. */
  readonly body: string | null
}

/** Where a stream writes. */
export interface Sink {
  /** `false`: it is carried, but no more should come before `drained`. Never throws, also when nobody is there any more. */
  write(text: string): boolean
  /** Ends it after what was written. */
  end(): void
  /** Ends it at once. */
  destroy(): void
}

/** An open stream, to whoever carries it. */
export interface OpenStream {
  /** More may be written. Harmless when nothing was held back. */
  drained(): void
}

/** An answer that goes on. */
export interface Streaming {
  readonly kind: 'stream'
  readonly status: number
  readonly headers: ReplyHeaders
  /** Called once, when the headers are on their way. */
  open(sink: Sink): OpenStream
}

/** What the core answers. */
export type Reply = Plain | Streaming

const PRIVATE: ReplyHeaders = Object.freeze({ 'Cache-Control': 'private, no-store', Vary: 'Cookie, Authorization' })
const JSON_BODY: ReplyHeaders = Object.freeze({
  ...PRIVATE,
  'Content-Type': 'application/json; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
})
const STREAM: ReplyHeaders = Object.freeze({
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform', // no-transform: middleware that compresses would hold events back
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Cookie, Authorization',
})
/** What a client may ask again after, where nobody knows better. */
const RETRY_MS = 1_000

/** JSON, with a status. */
export function json(status: number, value: unknown, headers: ReplyHeaders = {}): Plain {
  return { kind: 'plain', status, headers: { ...JSON_BODY, ...headers }, body: JSON.stringify(value) }
}

/** A refusal in the table's words, with the table's status; what may be tried again says when. */
export function refuse(code: KnownCode, headers: ReplyHeaders = {}): Plain {
  return refuseWith(code, ERRORS[code].sentence, headers)
}

/** A refusal in words of its own. */
export function refuseWith(code: Code, message: string, headers: ReplyHeaders = {}): Plain {
  const { httpStatus, retryable } = errorRow(code)
  const again = retryable ? retryAfter(RETRY_MS) : {}
  return json(httpStatus, { error: { code, message } }, { ...again, ...headers })
}

/** `Retry-After`, in the whole seconds that it knows. */
export function retryAfter(ms: number): ReplyHeaders {
  return { 'Retry-After': String(Math.max(1, Math.ceil(ms / 1_000))) }
}

/** What methods are served here. */
export function allow(methods: readonly string[]): ReplyHeaders {
  return { Allow: methods.join(', ') }
}

/** A snapshot with its position. */
export function showing(snapshot: Snapshot): Plain {
  return json(200, snapshot, positioned(snapshot))
}

/** The client has it already. */
export function notModified(snapshot: Snapshot): Plain {
  return { kind: 'plain', status: 304, headers: { ...PRIVATE, ...positioned(snapshot) }, body: null }
}

/** Done, and nothing to say. */
export function noContent(headers: ReplyHeaders): Plain {
  return { kind: 'plain', status: 204, headers: { ...PRIVATE, ...headers }, body: null }
}

/** A stream of server-sent events. */
export function streaming(open: Streaming['open']): Streaming {
  return { kind: 'stream', status: 200, headers: STREAM, open }
}

function positioned(snapshot: Snapshot): ReplyHeaders {
  return { ETag: `"${positionOf(snapshot)}"`, 'X-Progress-Interval': String(LIMITS.pollIntervalMs) }
}
