// An app's own session middleware comes in, an authenticator comes out: express-session, and passport on top of it.
import { type IncomingMessage, ServerResponse } from 'node:http'
import { ERRORS, ProgressError } from '@progress/protocol'
import type { Authenticator } from './authenticate'
import type { Principal } from './principal'

/** Node's request, as session middleware leaves it. */
type SessionRequest = IncomingMessage & { session?: unknown; sessionID?: unknown }

/**
 * Asks the app's session who is logged in. `who` gets the session in the middleware's own type; by default it is
 * `session.userId`, else passport's user. `loginId` is the session's id, unless `who` gives another, so that
 * `revoke({ loginId: req.sessionID })` ends one login. Nothing is ever saved, touched or sent. Where there is no request
 * of Node's, as under `fetch`, it answers `null`. It rejects with the `ProgressError` `UNAVAILABLE` where the middleware
 * fails, and where it leaves no session on a request with a cookie: then its store is away, and that is no logout. Own
 * middleware says `req.session = null` of nobody.
 * @example
 * const login = session({ secret, resave: false, saveUninitialized: false })
 * app.use(login)
 * serveProgress(tracker, { authenticate: sessionAuth(login, (s) => (s.userId ? { userId: s.userId } : null)) })
 */
export function sessionAuth<Req extends { session?: unknown }>(
  middleware: (req: Req, res: never, next: never) => unknown,
  who?: (session: NonNullable<Req['session']>) => Principal | null | undefined,
): Authenticator {
  const principalOf = (who ?? userOf) as (session: unknown) => Principal | null | undefined
  return async ({ node, fresh }) => {
    if (!node) return null
    const request: SessionRequest = fresh ? unread(node) : node
    // What the app's own middleware has loaded on this request is used as it is.
    if (!request.session) await run(middleware as Middleware, request)
    const { session, sessionID } = request
    if (session === undefined && node.headers.cookie !== undefined) throw unavailable(new Error(NO_SESSION))
    const principal = session ? principalOf(session) : null
    if (!principal) return null
    return typeof sessionID === 'string' ? { loginId: sessionID, ...principal } : principal
  }
}

/** express-session makes one even for a stranger, but where it did not look. */
const NO_SESSION =
  'the session middleware left no session: its store is disconnected, or its cookie is for another path'

type Middleware = (req: unknown, res: unknown, next: (error?: unknown) => void) => unknown

/** The same request as if nobody had read its session yet: the middleware asks its store again. */
function unread(request: IncomingMessage): SessionRequest {
  const blank = { value: undefined, writable: true, configurable: true, enumerable: true }
  return Object.create(request, { session: blank, sessionID: blank }) as SessionRequest
}

/** The response belongs to no socket: whatever the middleware writes, and to an upgrade that would be fatal, goes nowhere. */
function run(middleware: Middleware, request: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => reject(unavailable(cause))
    const next = (error?: unknown): void => (error ? fail(error) : resolve())
    try {
      Promise.resolve(middleware(request, new ServerResponse(request), next)).catch(fail)
    } catch (cause) {
      fail(cause)
    }
  })
}

function unavailable(cause: unknown): ProgressError {
  return new ProgressError('UNAVAILABLE', ERRORS.UNAVAILABLE.sentence, { cause })
}

/** `userId`, or what passport keeps of a user. */
function userOf(session: unknown): Principal | null {
  const { userId, passport } = session as { userId?: unknown; passport?: { user?: unknown } | null }
  const user = userId ?? passport?.user
  const id = isObject(user) ? user['id'] : user
  return typeof id === 'string' || typeof id === 'number' ? { userId: id } : null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
