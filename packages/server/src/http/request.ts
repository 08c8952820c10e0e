// A request as the core sees it, of whichever server: what node or fetch gave comes in, paths below the mount go out.
import type { AuthRequest } from '../auth/authenticate'
import type { HeaderReader } from '../auth/headers'
import { belowEndpoint, DEFAULT_ENDPOINT } from './endpoint'

/** What is asked, by whomever. */
export interface HttpRequest {
  readonly method: string
  /** Below the mount, without slashes around it, as it was sent: `''`, `events`, an id. */
  readonly path: string
  /** As it was sent, without `?`. */
  readonly query: string
  /** The host that was asked, for the origin rule. */
  readonly host: string | null
  /** Names are asked for in lower case. */
  readonly headers: HeaderReader
  /** What authenticators may look at. */
  readonly auth: AuthRequest
}

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i

/** Path and query of a request target, below the mount: of a bare path, of one below the endpoint, of a whole URL. */
export function readTarget(
  target: string,
  endpoint: string = DEFAULT_ENDPOINT,
): { readonly path: string; readonly query: string } {
  const local = target.replace(ABSOLUTE, '')
  const [beforeHash = ''] = local.split('#')
  const mark = beforeHash.indexOf('?')
  const path = mark === -1 ? beforeHash : beforeHash.slice(0, mark)
  const query = mark === -1 ? '' : beforeHash.slice(mark + 1)
  return { path: belowEndpoint(path, endpoint).replace(/^\/|\/$/g, ''), query }
}
