// Who is asking. Only an authenticator says so; what a client claims of itself is never read.
import type { UserId } from '../tracker/checks'

/** Who is asking, as an app says it. */
export interface Principal {
  readonly userId: UserId
  readonly roles?: readonly string[]
  /** When this ends by itself: milliseconds since 1970, or a Date. */
  readonly expiresAt?: number | Date
  /** Which of the user's logins this is: what `revoke({ loginId })` names. */
  readonly loginId?: string
}

/** Who is asking, checked: ids are text, times are numbers. */
export interface Caller {
  readonly userId: string
  readonly roles: readonly string[]
  readonly expiresAt?: number
  readonly loginId?: string
  /** As the authenticator gave it, for the app's own `authorize`. */
  readonly principal: Principal
}

/** A principal as a caller; `null` where it is none, or has expired: an authenticator that answers oddly lets nobody in. */
export function callerOf(principal: unknown, now: number): Caller | null {
  if (typeof principal !== 'object' || principal === null) return null
  const { userId, roles, expiresAt, loginId } = principal as Principal
  const isText = typeof userId === 'string' && userId.length > 0
  if (!isText && !(typeof userId === 'number' && Number.isFinite(userId))) return null
  const ends = expiresAt === undefined ? undefined : Number(expiresAt)
  if (ends !== undefined && !(ends > now)) return null
  return {
    userId: String(userId),
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    principal: principal as Principal,
    ...(ends !== undefined && { expiresAt: ends }),
    ...(typeof loginId === 'string' && { loginId }),
  }
}

/** Whose logins were ended, as processes tell each other: of a user, or one login. */
export type Revoked = { readonly userId: string } | { readonly loginId: string }

/** Is the caller one of them? */
export function isOf(caller: Caller, whose: Revoked): boolean {
  return 'userId' in whose ? caller.userId === whose.userId : caller.loginId === whose.loginId
}
