// `serveProgress`: rooms, commands and HTTP over one tracker. The only file that knows all the parts.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LIMITS } from '@progress/protocol'
import { Authentication, type Authenticator, isAnonymous } from './auth/authenticate'
import { guardHandshake, requireSharedBackend } from './auth/handshake'
import { originRule } from './auth/origin'
import { Authorization, type Authorize } from './auth/ownership'
import { isOf, type Revoked } from './auth/principal'
import { Recheck } from './auth/recheck'
import { ConnectionCap } from './guards/connectionCap'
import { SlidingWindow } from './guards/rateLimit'
import { createHttp } from './http/createHttp'
import { requireEndpoint } from './http/endpoint'
import { inTime } from './inTime'
import type { ProgressTracker } from './progressTracker'
import { adviseOptions } from './socket/advice'
import { Hub } from './socket/hub'
import type { UserId } from './tracker/checks'
import { Desk } from './viewing/desk'

/** What may be asked of a server, in numbers. */
export interface Limits {
  /** Commands of one connection, and HTTP requests of one user, within a minute, sliding. Default 300. */
  readonly commandsPerMinute: number
  /** Default 20; the newest is refused. */
  readonly connectionsPerUser: number
  /** Sessions that one connection watches. Default 100. */
  readonly watchedPerConnection: number
}

/** How a tracker is served. */
export interface ServeOptions {
  /** The first that gives a principal wins. */
  readonly authenticate: Authenticator | readonly Authenticator[]
  /** Default: the owner may see and cancel; where `owner` is null anybody logged in may see, and nobody cancel. */
  readonly authorize?: Authorize
  /** Other origins whose pages may connect, such as `https://app.example.com`. Default: this host's own alone. */
  readonly origins?: readonly string[]
  /**
   * The path under which the app mounts `fetch` or a bare `http`, as the client's option of this name. Default
   * `/api/progress`. What stands before it does not matter, and a router that takes its mount away needs no word of it.
   */
  readonly endpoint?: string
  readonly limits?: Partial<Limits>
}

/** Whose right ends. Named, because a user and a login are both strings. */
export type Whose = { readonly userId: UserId } | { readonly loginId: string }

/** A tracker that is served. */
export interface ProgressServer {
  /** Express 4, 5, node:http: `app.use('/api/progress', progress.http)`. Never throws into the app. */
  readonly http: (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void
  /** Next.js, Hono, Workers, Bun: `export const GET = progress.fetch`, below `endpoint`. Never rejects. */
  readonly fetch: (request: Request) => Promise<Response>
  /** Ends what somebody may see, on every node, within a second: after a logout, or when a user is locked out. */
  revoke(whose: Whose): Promise<void>
  /** Tells clients to move on over `drainMs` (default 0), flushes, closes the tracker. The one call for SIGTERM. */
  close(options?: { readonly drainMs?: number }): Promise<void>
  /** `await using progress = …` closes it. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Serves a tracker: over its Socket.IO server, if it has one, and over HTTP. Throws a `TypeError` that says what to write
 * where an option is missing or unusable.
 * @example
 * const progress = serveProgress(tracker, { authenticate: sessionAuth(login, (s) => s.userId ? { userId: s.userId } : null) })
 * app.use('/api/progress', progress.http)
 */
export function serveProgress(tracker: ProgressTracker, options: ServeOptions): ProgressServer {
  const node = tracker['~node']
  const io = tracker['~io']
  const { clock, signals } = node
  const limits = requireLimits(options.limits)
  const endpoint = requireEndpoint(options.endpoint)
  const authentication = new Authentication(requireAuthenticators(options), clock, signals)
  const desk = new Desk(node, new Authorization(options.authorize, clock, signals))
  const isAllowed = originRule(options.origins ?? [])
  const commands = new SlidingWindow(clock, limits.commandsPerMinute, 60_000)
  if (io) requireSharedBackend(io, node.isShared)
  node.serve()
  const http = createHttp({
    desk,
    node,
    authentication,
    isAllowed,
    endpoint,
    limit: (caller) => (isAnonymous(caller) ? UNCOUNTED : commands.take(`user ${caller.userId}`)),
  })
  let closed: Promise<void> | undefined
  const hub = io && new Hub({ io, node, desk, limits, limit: (key) => commands.take(`connection ${key}`) })
  const recheck = new Recheck({
    node,
    authentication,
    connections: () => hub?.connections ?? [],
    reauthorise: (connection) => hub?.reauthorise(connection),
    onTick: () => void http.recheck(),
  })
  if (io && hub) {
    const cap = new ConnectionCap(limits.connectionsPerUser)
    try {
      guardHandshake(io, {
        authentication,
        isAllowed,
        signals,
        clock,
        admit(caller) {
          if (closed !== undefined) return { ok: false, code: 'DRAINING' }
          return isAnonymous(caller) ? UNCOUNTED : cap.admit(caller)
        },
        onCaller(socket, caller, request) {
          hub.accept(socket, caller, request)
          recheck.attend(caller)
        },
      })
    } catch (unusable) {
      recheck.stop()
      void hub.close(0)
      http.close()
      throw unusable
    }
  }
  if (io) adviseOptions(io, signals)
  const unlisten = node.listen({ revoked: (whose) => http.revoked((caller) => isOf(caller, whose)) })

  async function close({ drainMs = 0 }: { readonly drainMs?: number } = {}): Promise<void> {
    http.close('DRAINING')
    recheck.stop()
    await hub?.close(drainMs)
    unlisten()
    await tracker.close()
  }
  const closeOnce = (how?: { readonly drainMs?: number }): Promise<void> => {
    closed ??= close(how)
    return closed
  }

  return Object.freeze({
    http: http.http,
    fetch: http.fetch,
    async revoke(whose: Whose): Promise<void> {
      const message = { kind: 'revoke', whose: wordsOf(whose) } as const
      node.hear(message) // here at once, whatever becomes of the way to the others
      try {
        await inTime(clock, node.backend.send(message))
      } catch (cause) {
        signals.tell('store-failed', { where: 'revoke', cause })
      }
    },
    close: closeOnce,
    [Symbol.asyncDispose]: () => closeOnce(),
  })
}

/** Everybody's connection: there is no user whose share it could be. */
const UNCOUNTED = Object.freeze({ ok: true as const, release: () => {} })

function requireAuthenticators({ authenticate }: ServeOptions): readonly Authenticator[] {
  const authenticators = typeof authenticate === 'function' ? [authenticate] : authenticate
  if (
    Array.isArray(authenticators) &&
    authenticators.length > 0 &&
    authenticators.every((one) => typeof one === 'function')
  ) {
    return authenticators
  }
  throw new TypeError(
    'serveProgress needs to know who is asking. Write authenticate: sessionAuth(login, (s) => ({ userId: s.userId })), ' +
      'or authenticate: allowAnonymous() where everybody may see everything that has no owner',
  )
}

function requireLimits(limits: Partial<Limits> = {}): Limits {
  const { commandsPerMinute, connectionsPerUser, watchedPerConnection } = LIMITS
  const said = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))
  const all: Limits = { commandsPerMinute, connectionsPerUser, watchedPerConnection, ...said }
  for (const [name, value] of Object.entries(all)) {
    if (!(typeof value === 'number' && value >= 1)) throw new TypeError(`limits.${name} is a number, 1 or more`)
  }
  return all
}

function wordsOf(whose: Whose): Revoked {
  const { userId, loginId } = Object(whose) as { userId?: unknown; loginId?: unknown }
  if (typeof userId === 'string' || typeof userId === 'number') return { userId: String(userId) }
  if (typeof loginId === 'string') return { loginId }
  throw new TypeError('revoke takes { userId } or { loginId }')
}
