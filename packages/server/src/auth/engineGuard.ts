// Every request to the engine comes in: handshakes, polls and upgrades. Those of foreign pages and of other logins go no further.
import type { IncomingMessage } from 'node:http'
import type { KnownCode } from '@progress/protocol'
import type { Signals } from '../observe/signals'
import type { BoundLogins, OpenedBy } from './boundLogin'
import { readerOf } from './headers'
import type { OriginRule } from './origin'
import { refusal } from './refusal'

/** A request as the engine has prepared it. */
export type EngineRequest = IncomingMessage & { readonly _query?: Readonly<Record<string, unknown>> }

/** The part of an engine that is used. */
export interface EngineLike {
  use(fn: (request: EngineRequest, response: unknown, next: (error?: Error) => void) => void): unknown
  readonly clients: Readonly<Record<string, OpenedBy>>
}

/** What the guard asks. */
export interface EngineGuardParts {
  readonly isAllowed: OriginRule
  readonly logins: BoundLogins
  readonly signals: Signals
}

/** Guards an engine. Whose a new connection is, is not decided here: a refusal would reach no client in its own words. */
export function guardEngine(engine: EngineLike, { isAllowed, logins, signals }: EngineGuardParts): void {
  engine.use((request, _response, next) => {
    const refuse = (code: KnownCode, reason: string): void => {
      signals.tell('refused', { code, reason })
      next(refusal(code))
    }
    const { headers } = request
    if (!isAllowed(readerOf(headers), headers.host)) return refuse('FORBIDDEN_ORIGIN', 'origin')
    const opened = connectionOf(engine, request)
    if (!opened || logins.isUnchanged(opened, request)) return next()
    // An upgrade's socket has nobody else who would hear its errors while we ask, and an unheard one ends the process.
    const hear = (): void => {}
    request.socket.on('error', hear)
    logins
      .isSameLogin(opened, request)
      .then((same) => (same ? next() : refuse('UNAUTHENTICATED', 'another login than at the handshake')))
      .catch((cause: unknown) => signals.tell('handler-failed', { where: 'handshake', cause }))
      .finally(() => request.socket.off('error', hear))
  })
}

/** The connection that a request belongs to, asked as the engine asks. Of an unknown one the engine says so itself. */
function connectionOf({ clients }: EngineLike, { _query: query }: EngineRequest): OpenedBy | undefined {
  const sid = query?.['sid']
  return typeof sid === 'string' && Object.hasOwn(clients, sid) ? clients[sid] : undefined
}
