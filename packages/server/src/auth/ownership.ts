// May this caller do this with this session? The app's own rule, or ours. A rule that throws or answers oddly means no.
import type { Clock, Snapshot } from '@progress/protocol'
import type { Entry } from '../backend/contract'
import { DEFAULTS } from '../defaults'
import { inTime } from '../inTime'
import type { Signals } from '../observe/signals'
import type { Caller, Principal } from './principal'

/** What somebody wants with a session. */
export type Verb = 'view' | 'cancel'

/** The app's own rule. */
export type Authorize = (ask: {
  readonly principal: Principal
  readonly session: Snapshot & { readonly owner: string | null }
  readonly verb: Verb
}) => boolean | Promise<boolean>

/** Default: the owner may view and cancel; where there is no owner anybody logged in may view, and nobody cancel. */
export function ownerOnly(caller: Caller, owner: string | null, verb: Verb): boolean {
  return owner === null ? verb === 'view' : owner === caller.userId
}

/** Asks the rule. Never rejects. */
export class Authorization {
  readonly #authorize: Authorize | undefined
  readonly #clock: Clock
  readonly #signals: Signals

  constructor(authorize: Authorize | undefined, clock: Clock, signals: Signals) {
    this.#authorize = authorize
    this.#clock = clock
    this.#signals = signals
  }

  /** No rule of the app's own: owners see all of theirs, and that never changes. */
  get isOwnerOnly(): boolean {
    return this.#authorize === undefined
  }

  async may(caller: Caller, { snapshot, owner }: Entry, verb: Verb): Promise<boolean> {
    if (!this.#authorize) return ownerOnly(caller, owner, verb)
    try {
      const session = { ...snapshot, owner }
      const answer = this.#authorize({ principal: caller.principal, session, verb })
      return (await inTime(this.#clock, answer, DEFAULTS.hookMs)) === true
    } catch (cause) {
      this.#signals.tell('handler-failed', { where: 'authorize', cause })
      return false
    }
  }
}
