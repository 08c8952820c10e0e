// Node's request comes in, what authenticators look at comes out. Most never ask for headers, so `Headers` are made when they do.
import type { IncomingMessage } from 'node:http'
import type { AuthRequest } from './authenticate'
import { bearerOf, headersOf, readerOf } from './headers'

/** The request as authenticators see it. `claimed`: a token that was sent beside the headers, which counts before theirs. */
export function authRequestOf(node: IncomingMessage, claimed?: string): AuthRequest {
  const token = claimed ?? bearerOf(readerOf(node.headers))
  const request = { node, ...(token && { token }) }
  return Object.defineProperty(request, 'headers', HEADERS) as typeof request & Pick<AuthRequest, 'headers'>
}

/** One getter for all requests; the first who asks finds the headers, and who asks again, or has a copy of the request, the same. */
const HEADERS = Object.freeze({
  enumerable: true,
  configurable: true,
  get(this: { readonly node: IncomingMessage }): Headers {
    const headers = headersOf(this.node.headers)
    Reflect.defineProperty(this, 'headers', { value: headers }) // which one that is frozen refuses, and copies them each time
    return headers
  },
})
