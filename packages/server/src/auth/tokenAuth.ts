// A bearer token -> a principal, by the app's own verification.
import type { Authenticator } from './authenticate'
import type { Principal } from './principal'

/** How tokens are read. */
export interface TokenAuthOptions {
  /** Says whose token this is, or `null`. What it throws counts as nobody's. */
  verify(token: string): Principal | null | Promise<Principal | null>
}

/**
 * Logs in by a bearer token: `Authorization: Bearer …`, or `auth: { token }` of a socket. A request without one is left to
 * the next authenticator.
 */
export function tokenAuth({ verify }: TokenAuthOptions): Authenticator {
  return ({ token }) => (token ? verify(token) : null)
}
