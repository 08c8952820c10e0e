// What can go wrong on the way, as a test says it.
import type { RequestHead } from './requestReader'

/** An answer that some machine on the way gives in the server's place. */
export interface ProxyAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** How bytes travel. Nothing of it loses one, and their order stays. */
export interface Shape {
  readonly latencyMs?: number
  /** Up or down from `latencyMs`. */
  readonly jitterMs?: number
  readonly bytesPerSecond?: number
  /** Largest piece that is sent at once. */
  readonly sliceBytes?: number
}

/** A line on which nothing arrives, and nobody is told. What was sent is held, and arrives when the hole is closed. */
export interface Hole {
  /** `up`: from the client to the server. */
  readonly direction: 'up' | 'down' | 'both'
  /** Only connections whose last request begins so. Default: all. */
  readonly path?: string
}

/** All that goes wrong at a time; `{}` is a good line. */
export interface Faults {
  readonly hole?: Hole
  readonly shape?: Shape
  /** Only connections whose last request begins so are shaped. Default: all. */
  readonly shapePath?: string
  /** `websocket`: the upgrade is swallowed, no 101 ever comes. `socket.io`: each request to it is reset. */
  readonly block?: 'websocket' | 'socket.io'
  /** Asked at each request; `undefined` lets it pass. */
  readonly answer?: (head: RequestHead) => ProxyAnswer | undefined
  /** New connections are reset at once. */
  readonly shut?: boolean
  /** Whatever the server sends arrives in half, and then comes a reset. */
  readonly cut?: boolean
  /**
   * Messages from the server are mangled: frames of Socket.IO, events of a stream, and answers of HTTP. Only frames change
   * their order; after an answer that is left out comes a reset.
   */
  readonly mangle?: { readonly duplicate?: boolean; readonly reorder?: boolean; readonly dropShare?: number }
}

/** The bytes of an answer; the connection ends after it. */
export function bytesOf({ status, headers = {}, body = '' }: ProxyAnswer): Buffer {
  const all = { ...headers, 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`HTTP/1.1 ${status} Proxy\r\n${lines.join('')}\r\n${body}`)
}
