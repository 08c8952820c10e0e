// A request comes in, a caller or nobody comes out. Every authenticator may throw, hang or answer oddly: then it is nobody.
import type { IncomingMessage } from 'node:http'
import { type Clock, isProgressError, ProgressError } from '@progress/protocol'
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

/** Everybody comes in, as one and the same user. The explicit way out of logins. */
export function allowAnonymous(): Authenticator {
  return () => ({ userId: 'anonymous' })
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
    let cancel = () => {}
    const tooLate = new Promise<never>((_, reject) => {
      const give = (): void => reject(new ProgressError('UNAVAILABLE', 'An authenticator did not answer in time.'))
      cancel = this.#clock.after(AUTHENTICATOR_MS, give)
    })
    try {
      const principal = await Promise.race([Promise.resolve(authenticator(request)), tooLate])
      const caller = callerOf(principal, this.#clock.now())
      return caller ?? (callerOf(principal, Number.NEGATIVE_INFINITY) ? 'EXPIRED' : 'UNAUTHENTICATED')
    } catch (cause) {
      this.#signals.tell('handler-failed', { where: 'authenticate', cause })
      // Many a verifier throws at what is no login at all: only who says so is worth another try.
      return isProgressError(cause) && cause.code === 'UNAVAILABLE' ? 'UNAVAILABLE' : 'UNAUTHENTICATED'
    } finally {
      cancel()
    }
  }
}

/** What an authenticator may take. */
const AUTHENTICATOR_MS = 5_000

const WEIGHTS: Readonly<Record<Denial, number>> = Object.freeze({ UNAUTHENTICATED: 0, EXPIRED: 1, UNAVAILABLE: 2 })
