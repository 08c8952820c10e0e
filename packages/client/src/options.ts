// What a client can be told.
import type { Decoded, Transport } from '@progress/protocol/wire'

/** A way to the server that is built in. */
export type WayName = 'socket' | 'sse' | 'poll'

/** Options of `new WebSocketClient(...)`. All have defaults that fit a page served by the app itself. */
export interface ClientOptions {
  /** Where Socket.IO is; default: this page's origin. A function is asked at each dial. */
  readonly url?: string | (() => string)
  /** Where Socket.IO is mounted there; default `/socket.io`. */
  readonly path?: string
  /** Where `progress.http` or `progress.fetch` is mounted; default `/api/progress`. */
  readonly endpoint?: string
  /** In order of preference; default `['socket', 'sse', 'poll']`. Serverless: `['sse', 'poll']`, and no dial is wasted. */
  readonly transport?: readonly WayName[] | Transport
  /** Asked at each dial and each HTTP request. Not needed with cookies. A rejection counts as a dial that failed. */
  readonly auth?: () => string | null | Promise<string | null>
  /** Allows a host that is not this machine without TLS. Default: refused, for a login would travel in the clear. */
  readonly allowInsecure?: boolean
  /**
   * The full check of all that the server sends: `decode` of `@progress/protocol`. What does not pass is left out. Default:
   * only the fields that order and ends hang on are checked, which saves a page the schema library.
   */
  readonly decode?: (name: string, value: unknown) => Decoded<unknown>
}

/** Options of `client.watch(...)`. */
export interface WatchOptions {
  /** How long an id that is not known yet is waited for before it is `gone`; default 30,000. `Infinity`: as long as it takes. */
  readonly awaitMs?: number
}
