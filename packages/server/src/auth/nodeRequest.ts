// Node's request comes in, what authenticators look at comes out. Most never ask for headers, so `Headers` are made when they do.
import type { IncomingMessage } from 'node:http'
import type { AuthRequest } from './authenticate'
import { bearerOf, headersOf, readerOf } from './headers'

/** The request as authenticators see it. `claimed`: a token that was sent beside the headers, which counts before theirs. */
export function authRequestOf(node: IncomingMessage, claimed?: string): AuthRequest {
  const token = claimed ?? bearerOf(readerOf(node.headers))
  let headers: Headers | undefined
  return {
    get headers() {
      headers ??= headersOf(node.headers)
      return headers
    },
    node,
    ...(token && { token }),
  }
}
