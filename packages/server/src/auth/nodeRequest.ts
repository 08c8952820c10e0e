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

const copies = new WeakMap<IncomingMessage, Headers>()

/** One getter for all, and each request's own property, so that a copy of a request has them, too. */
const HEADERS = {
  enumerable: true,
  get(this: { readonly node: IncomingMessage }): Headers {
    const copy = copies.get(this.node) ?? headersOf(this.node.headers)
    copies.set(this.node, copy)
    return copy
  },
}
