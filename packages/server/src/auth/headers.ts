// Node's headers come in, what an authenticator and the origin rule read comes out. Odd headers are left out, never thrown at.
import type { IncomingHttpHeaders } from 'node:http'

/** The one thing that is asked of headers: `Headers` has it, and `readerOf` makes it of Node's. */
export interface HeaderReader {
  get(name: string): string | null
}

/** Node's headers, read without copying them. Names are lower case. */
export function readerOf(headers: IncomingHttpHeaders): HeaderReader {
  return {
    get(name) {
      const value = Object.hasOwn(headers, name) ? headers[name] : undefined
      return value === undefined ? null : String(value)
    },
  }
}

/** Node's headers as `Headers`. What cannot be one there is left out; of HTTP/2's pseudo headers, the host is kept under its name. */
export function headersOf(headers: IncomingHttpHeaders): Headers {
  const copy = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) append(copy, name, one)
    }
  }
  const host = hostOf(headers)
  if (host !== null && !copy.has('host')) append(copy, 'host', host)
  return copy
}

/** The host that was asked, which HTTP/2 has under another name. */
export function hostOf({ host, ':authority': authority }: IncomingHttpHeaders): string | null {
  return host ?? (typeof authority === 'string' ? authority : null)
}

/** The token of an `Authorization: Bearer` header; `undefined` where there is none. */
export function bearerOf(headers: HeaderReader): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1]
}

function append(headers: Headers, name: string, value: string): void {
  try {
    headers.append(name, value)
  } catch {
    // Neither a name nor a value that HTTP allows: nobody can have meant it.
  }
}
