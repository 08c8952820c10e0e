// A request's headers come in, whether it may be served comes out: no other site's page may use a visitor's login.
import type { HeaderReader } from './headers'

/** May a request with these headers, sent to this host, be served? */
export type OriginRule = (headers: HeaderReader, host: string | null | undefined) => boolean

/**
 * The rule for a list of origins. A request with an `Origin` passes when that is the host it was sent to, or is listed,
 * letter by letter; one without passes unless `Sec-Fetch-Site` says that another site's page sent it (browsers send no
 * `Origin` with a GET to their own site, and programs none at all). Throws a `TypeError` where an entry is no origin.
 *
 * The host is that of the `Host` header. A proxy that rewrites it makes every page a stranger: list the page's origin.
 */
export function originRule(origins: readonly string[] = []): OriginRule {
  if (!Array.isArray(origins)) throw new TypeError("origins is a list, such as ['https://app.example.com'].")
  const listed: ReadonlySet<string> = new Set(origins.map(requireOrigin))
  return (headers, host) => {
    const origin = headers.get('origin')
    if (origin === null) return OWN_SITE.includes(headers.get('sec-fetch-site'))
    return listed.has(origin) || isOwnHost(origin, host)
  }
}

/** What `Sec-Fetch-Site` says of a page of this very origin, of an address that somebody typed, and where it is not sent. */
const OWN_SITE: readonly (string | null)[] = Object.freeze(['same-origin', 'none', null])

/** Whether TLS ends at a proxy is not known here, so the scheme only says which port goes without saying. */
function isOwnHost(origin: string, host: string | null | undefined): boolean {
  const [, scheme, authority] = /^(https?):\/\/([^/?#@\\\s]+)$/.exec(origin) ?? []
  if (!scheme || !authority || !host) return false
  return withoutDefaultPort(scheme, authority) === withoutDefaultPort(scheme, host.toLowerCase())
}

function withoutDefaultPort(scheme: string, authority: string): string {
  return authority.replace(scheme === 'https' ? /:443$/ : /:80$/, '')
}

function requireOrigin(entry: unknown): string {
  const origin = typeof entry === 'string' && URL.canParse(entry) ? originOf(new URL(entry)) : null
  if (origin !== null && entry === origin) return origin
  const instead = origin === null ? "scheme, host and port, such as 'https://app.example.com'" : `'${origin}'`
  const said = typeof entry === 'string' ? `'${entry}'` : String(entry)
  throw new TypeError(`origins: ${said} is not an origin as browsers send it. Write ${instead}.`)
}

/** As a browser would send it: schemes of apps, such as `capacitor://localhost`, too. `null` where it is none. */
function originOf({ protocol, host }: URL): string | null {
  if (host === '' || host.includes('*')) return null
  return `${protocol.replace(/^ws/, 'http')}//${host}`
}
