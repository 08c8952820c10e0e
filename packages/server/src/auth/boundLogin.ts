// A later request of a connection comes in; whether it shows the login of the first one comes out.
import type { IncomingMessage } from 'node:http'
import type { Authentication } from './authenticate'
import { authRequestOf } from './nodeRequest'
import type { Caller } from './principal'

/** The part of an engine's connection that is used: the request that opened it. */
export interface OpenedBy {
  readonly request: IncomingMessage
}

/**
 * The id of an engine's connection is all that its later polling requests and its upgrade need to show, so that whoever
 * gets hold of it would act as its user. Here they must show the same login, too. A token that a socket sends as `auth` is
 * in no request: there the id alone remains.
 */
export class BoundLogins {
  readonly #authentication: Authentication
  /** The headers that were last found to show the same login; absent: those of the handshake. */
  readonly #shown = new WeakMap<OpenedBy, string>()
  /** Whose it was when it was opened, where its headers alone said so. */
  readonly #callers = new WeakMap<OpenedBy, Caller>()

  constructor(authentication: Authentication) {
    this.#authentication = authentication
  }

  /** The headers of a handshake have shown this caller. */
  bind(opened: OpenedBy, caller: Caller): void {
    this.#callers.set(opened, caller)
  }

  /** Does the request carry the same cookies and authorization, letter by letter? Then nobody needs to be asked. */
  isUnchanged(opened: OpenedBy, request: IncomingMessage): boolean {
    return shownBy(request) === (this.#shown.get(opened) ?? shownBy(opened.request))
  }

  /** Do its changed cookies still show the same login? Load balancers and trackers set their own. Never rejects. */
  async isSameLogin(opened: OpenedBy, request: IncomingMessage): Promise<boolean> {
    // Not the handshake's own session: the app may be reading it onto that request at this moment.
    const first = this.#callers.get(opened) ?? (await this.#callerOf(opened.request, true))
    const now = await this.#callerOf(request)
    if (first?.userId !== now?.userId || first?.loginId !== now?.loginId) return false
    this.#shown.set(opened, shownBy(request))
    return true
  }

  #callerOf(node: IncomingMessage, fresh?: true): Promise<Caller | null> {
    const request = authRequestOf(node)
    return this.#authentication.identify(fresh ? { ...request, fresh } : request)
  }
}

/** A header holds no line break, so the two cannot run into each other. */
function shownBy({ headers }: IncomingMessage): string {
  return `${headers.cookie ?? ''}\n${headers.authorization ?? ''}`
}
