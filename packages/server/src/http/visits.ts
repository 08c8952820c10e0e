// Every request from its first byte to its last answer, so that a withdrawn login or a restart reaches those that wait.
import { type Clock, type KnownCode, LIMITS } from '@progress/protocol'
import { type Authentication, type AuthRequest, isAnonymous } from '../auth/authenticate'
import type { Caller } from '../auth/principal'

/** What a request may be held open for. */
export type HeldKind = 'poll' | 'stream'

/** A long poll or a stream, as long as it is open. */
export interface Held {
  /** Over, for this reason: it says so, and lets go of everything. */
  bye(code: KnownCode): void
  /** The client went away: it lets go of everything. */
  left(): void
  /** The login was looked at again; now the rights are. */
  recheck(caller: Caller): Promise<void>
}

/** What a visit needs. */
export interface VisitParts {
  readonly authentication: Authentication
  readonly clock: Clock
  forget(visit: Visit): void
}

/** One request. */
export class Visit {
  readonly #parts: VisitParts
  /** Logins that were withdrawn before it was known whose this is. */
  readonly #withdrawn: ((caller: Caller) => boolean)[] = []
  #caller: Caller | undefined
  #request: AuthRequest | undefined
  #held: Held | undefined
  #over: KnownCode | 'left' | undefined
  #cancelExpiry = (): void => {}

  constructor(parts: VisitParts) {
    this.#parts = parts
  }

  /** Why it is over, if it is. */
  get over(): KnownCode | 'left' | undefined {
    return this.#over
  }

  get caller(): Caller | undefined {
    return this.#caller
  }

  get held(): Held | undefined {
    return this.#held
  }

  /** What it is going to be held open for: it counts from then on. */
  kind: HeldKind | undefined

  /** It is known now who asks. */
  identified(request: AuthRequest, caller: Caller): void {
    this.#request = request
    this.#caller = caller
    if (this.#withdrawn.some((test) => test(caller))) this.end('REVOKED')
  }

  /** It stays open. Where it is over already, what is held hears so at once. */
  hold(held: Held): void {
    this.#held = held
    if (this.#over === 'left') held.left()
    else if (this.#over) held.bye(this.#over)
    else this.#lookAtExpiry()
  }

  /** Over, for this reason. The first reason stands. */
  end(code: KnownCode): void {
    if (this.#over) return
    this.#over = code
    this.#cancelExpiry()
    this.#held?.bye(code)
  }

  /** The client went away, or has its answer. */
  leave(): void {
    this.#parts.forget(this)
    this.#cancelExpiry()
    const before = this.#over
    this.#over ??= 'left'
    if (before !== 'left') this.#held?.left()
  }

  /** A login was withdrawn: is it this one? */
  withdraw(test: (caller: Caller) => boolean): void {
    if (!this.#caller) this.#withdrawn.push(test)
    else if (test(this.#caller)) this.end('REVOKED')
  }

  /** Looks at login and rights again, of what is held open. */
  async recheck(): Promise<void> {
    const { caller: before } = this
    const { authentication, clock } = this.#parts
    if (!this.#held || !before || !this.#request) return
    const verdict = await authentication.judge({ ...this.#request, fresh: true })
    if (this.#over) return
    if (typeof verdict === 'string' || verdict.userId !== before.userId) {
      const hasExpired = before.expiresAt !== undefined && before.expiresAt <= clock.now()
      this.end(verdict === 'UNAVAILABLE' ? verdict : hasExpired ? 'EXPIRED' : 'REVOKED')
      return
    }
    this.#caller = verdict
    this.#lookAtExpiry()
    await this.#held.recheck(verdict)
  }

  /** In the moment at which the login says that it ends; one that lies beyond the next round is set there. */
  #lookAtExpiry(): void {
    this.#cancelExpiry()
    const ms = (this.#caller?.expiresAt ?? Number.POSITIVE_INFINITY) - this.#parts.clock.now()
    if (ms <= LIMITS.recheckMs) this.#cancelExpiry = this.#parts.clock.after(ms, () => void this.recheck())
  }
}

/** All requests that are being answered. */
export class Visits {
  readonly #authentication: Authentication
  readonly #clock: Clock
  readonly #open = new Set<Visit>()

  constructor(authentication: Authentication, clock: Clock) {
    this.#authentication = authentication
    this.#clock = clock
  }

  /** A request comes in: `leave` is called when it is answered, or its client gone. */
  begin(): Visit {
    const forget = (one: Visit): void => void this.#open.delete(one)
    const visit = new Visit({ authentication: this.#authentication, clock: this.#clock, forget })
    this.#open.add(visit)
    return visit
  }

  /** Requests that are being answered. */
  get size(): number {
    return this.#open.size
  }

  /** Those of a kind that are held open. */
  count(kind: HeldKind): number {
    return [...this.#open].filter((visit) => visit.kind === kind).length
  }

  /** May one more of this caller's be held open? If so, it counts at once. */
  admit(visit: Visit, kind: HeldKind, most: number): boolean {
    const isEverybody = visit.caller !== undefined && isAnonymous(visit.caller)
    const isAnother = (one: Visit): boolean => one.kind === kind && one.caller?.userId === visit.caller?.userId
    if (!isEverybody && [...this.#open].filter(isAnother).length >= most) return false
    visit.kind = kind
    return true
  }

  /** Ends all that is held open. */
  endAll(code: KnownCode): void {
    for (const visit of [...this.#open]) if (visit.held) visit.end(code)
  }

  /** Ends what belongs to these callers, also what is not answered yet. */
  withdraw(test: (caller: Caller) => boolean): void {
    for (const visit of [...this.#open]) visit.withdraw(test)
  }

  /** Looks at the logins and rights of all that is held open. Never rejects. */
  async recheck(): Promise<void> {
    await Promise.all([...this.#open].map((visit) => visit.recheck()))
  }
}
