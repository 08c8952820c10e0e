// Where the server is, and whether it may be spoken to in the clear.
import { ProgressError } from '@progress/protocol/wire'

/** What an address is made of. */
export interface AddressOptions {
  /** Where Socket.IO is. Default: this page's origin. A function is asked at each dial. */
  readonly url?: string | (() => string) | undefined
  /** Where the endpoint is mounted, on the same host or elsewhere. */
  readonly endpoint: string
  /** Speak to a host that is not this machine without TLS. */
  readonly allowInsecure: boolean
}

const LOCAL = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** The server's address. Both methods throw a `ProgressError` where there is none that may be used. */
export class Address {
  readonly #options: AddressOptions

  constructor(options: AddressOptions) {
    this.#options = options
  }

  /** For Socket.IO. */
  origin(): URL {
    const { url } = this.#options
    const text = (typeof url === 'function' ? url() : url) ?? globalThis.location?.origin
    if (text === undefined) throw badAddress('there is no page here whose server could be meant: give `url`')
    const parsed = parse(text.replace(/^ws/, 'http'), undefined)
    return this.#secure(parsed)
  }

  /** A place of the endpoint. */
  place(path: string, query: string): URL {
    const { endpoint } = this.#options
    const base = this.#secure(parse(endpoint, /^https?:/.test(endpoint) ? undefined : this.origin()))
    base.pathname = `${base.pathname.replace(/\/$/, '')}${path}`
    base.search = [base.search.slice(1), query.slice(1)].filter(Boolean).join('&')
    return base
  }

  #secure(url: URL): URL {
    if (url.protocol === 'https:' || LOCAL.test(url.hostname) || this.#options.allowInsecure) return url
    throw badAddress(
      `${url.origin} is not encrypted: anybody on the way could read and take over the session. Serve it over https, ` +
        'or say `allowInsecure: true` where the network itself is trusted',
    )
  }
}

function parse(text: string, base: URL | undefined): URL {
  try {
    const url = new URL(text, base)
    if (/^https?:$/.test(url.protocol)) return url
  } catch {
    // said below
  }
  throw badAddress(`not an address: ${JSON.stringify(text)}; write https://host`)
}

/** Final: the same dial would fail again. */
function badAddress(message: string): ProgressError {
  return new ProgressError('BAD_ADDRESS', message)
}
