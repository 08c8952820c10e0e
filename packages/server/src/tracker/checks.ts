// What is wrong where a session is made throws at once, with a sentence that says what to write.
import { isSessionId, LIMITS } from '@progress/protocol'

/** As the app has it: `7` and `'7'` are one user. */
export type UserId = string | number

/** The id, or a `TypeError`. */
export function requireSessionId(id: unknown): string {
  if (isSessionId(id)) return id
  throw new TypeError(
    `A session id is 1 to ${LIMITS.sessionIdChars} of A-Z a-z 0-9 . _ : - and neither 'health' nor 'events'. ` +
      'crypto.randomUUID() makes a good one',
  )
}

/** The owner as text, `null` for none, or a `TypeError`. */
export function requireOwner(owner: unknown): string | null {
  if (owner === null) return null
  if (typeof owner === 'string' && owner.length > 0) return owner
  if (typeof owner === 'number' && Number.isFinite(owner)) return String(owner)
  throw new TypeError('owner is a user id (text or number), or null: visible to everybody who is logged in')
}

/** A number of units, or a `TypeError`. */
export function requireTotal(total: unknown): number | undefined {
  if (total === undefined) return undefined
  if (typeof total === 'number' && Number.isFinite(total) && total >= 0) return total
  throw new TypeError('total is a number of units, 0 or more')
}

/** Which try of a queue this is. */
export interface Attempt {
  /** From 1. */
  readonly number: number
  /** How many there will be at most. */
  readonly of: number
}

/** Which try of how many this is, or a `TypeError`. */
export function requireAttempt(attempt: Attempt | undefined): Attempt {
  if (attempt === undefined) return { number: 1, of: 1 }
  const { number, of } = attempt
  if (Number.isSafeInteger(number) && Number.isSafeInteger(of) && number >= 1) return { number, of }
  throw new TypeError('attempt is { number, of }: two whole numbers from 1')
}

/** A value as text, whatever it is: for what a job says to people. Never throws. */
export function say(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return String(value)
  } catch {
    return '[unreadable]'
  }
}

/** Was something given? In plain JavaScript `null` says as well that nothing was. */
export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null
}
