// A request comes in, a caller or nobody comes out. Every authenticator may throw, hang or answer oddly: then it is nobody.
import type { IncomingMessage } from 'node:http'
import { type Clock, isProgressError } from '@progress/protocol'
import { DEFAULTS } from '../defaults'
import { inTime } from '../inTime'
import type { Signals } from '../observe/signals'
import { type Caller, callerOf, type Principal } from './principal'

/** What an authenticator may look at: the same for sockets, server-sent events and polling. */
export interface AuthRequest {
  readonly headers: Headers
  /** A bearer token, from `auth` of a socket or the `Authorization` header. Never from the query string. */
  readonly token?: string
  /** Node's own request, where there is one: of the handshake, for a socket. */
  readonly node?: IncomingMessage
  /** A login is looked at again: what was read for this request before does not count. */
  readonly fresh?: true
}

/** Why somebody is nobody: shows no login; shows one that has run out; or it could not be read just now. */
export type Denial = 'UNAUTHENTICATED' | 'EXPIRED' | 'UNAVAILABLE'

/** Says who is asking, or `null`. */
export type Authenticator = (request: AuthRequest) => Principal | null | Promise<Principal | null>

const ANONYMOUS: Principal = Object.freeze({ userId: 'anonymous' })

/** Everybody comes in, as one and the same user, for whom no user's limits hold. The explicit way out of logins. */
export function allowAnonymous(): Authenticator {
  return () => ANONYMOUS
}

/** Is this everybody, rather than somebody? */
export function isAnonymous({ principal }: Caller): boolean {
  return principal === ANONYMOUS
}

/** The authenticators of an app, asked in order: the first that gives a principal wins. */
export class Authentication {
  readonly #authenticators: readonly Authenticator[]
  readonly #clock: Clock
  readonly #signals: Signals

  constructor(authenticators: readonly Authenticator[], clock: Clock, signals: Signals) {
    this.#authenticators = authenticators
    this.#clock = clock
    this.#signals = signals
  }

  /** Who is asking; `null` for nobody. Never rejects, and never takes longer than 5 seconds. */
  async identify(request: AuthRequest): Promise<Caller | null> {
    const verdict = await this.judge(request)
    return typeof verdict === 'string' ? null : verdict
  }

  /** The same, and of nobody it says why. What is worth another try outweighs what is not. */
  async judge(request: AuthRequest): Promise<Caller | Denial> {
    let denial: Denial = 'UNAUTHENTICATED'
    for (const authenticator of this.#authenticators) {
      const verdict = await this.#ask(authenticator, request)
      if (typeof verdict !== 'string') return verdict
      if (WEIGHTS[verdict] > WEIGHTS[denial]) denial = verdict
    }
    return denial
  }

  async #ask(authenticator: Authenticator, request: AuthRequest): Promise<Caller | Denial> {
    try {
      const principal = await inTime(this.#clock, authenticator(request), DEFAULTS.hookMs)
      const caller = callerOf(principal, this.#clock.now())
      return caller ?? (callerOf(principal, Number.NEGATIVE_INFINITY) ? 'EXPIRED' : 'UNAUTHENTICATED')
    } catch (cause) {
      this.#signals.tell('handler-failed', { where: 'authenticate', cause })
      // Many a verifier throws at what is no login at all: only who says so is worth another try.
      return isProgressError(cause) && cause.code === 'UNAVAILABLE' ? 'UNAVAILABLE' : 'UNAUTHENTICATED'
    }
  }
}

const WEIGHTS: Readonly<Record<Denial, number>> = Object.freeze({ UNAUTHENTICATED: 0, EXPIRED: 1, UNAVAILABLE: 2 })
