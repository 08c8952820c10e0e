// A request as the core sees it, of whichever server: what node or fetch gave comes in, paths below the mount go out.
import type { AuthRequest } from '../auth/authenticate'

/** What is asked, by whomever. */
export interface HttpRequest {
  readonly method: string
  /** Below the mount, without slashes around it, as it was sent: `''`, `events`, an id. */
  readonly path: string
  /** As it was sent, without `?`. */
  readonly query: string
  /** The host that was asked, for the origin rule. */
  readonly host: string | null
  /** What authenticators may look at; the headers are in it. */
  readonly auth: AuthRequest
}

const MOUNT = '/api/progress'
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i

/** Path and query of a request target, below the mount: of a bare path, of one below `/api/progress`, of a whole URL. */
export function readTarget(target: string): { readonly path: string; readonly query: string } {
  const local = target.replace(ABSOLUTE, '')
  const [beforeHash = ''] = local.split('#')
  const mark = beforeHash.indexOf('?')
  const path = mark === -1 ? beforeHash : beforeHash.slice(0, mark)
  const query = mark === -1 ? '' : beforeHash.slice(mark + 1)
  return { path: belowMount(path).replace(/^\/|\/$/g, ''), query }
}

/** What is behind the last `/api/progress`; a framework that mounts a router strips it already. */
function belowMount(path: string): string {
  if (path.endsWith(MOUNT)) return ''
  const at = path.lastIndexOf(`${MOUNT}/`)
  return at === -1 ? path : path.slice(at + MOUNT.length)
}
