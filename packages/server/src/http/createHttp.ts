// The HTTP half: what it reads from comes in, a handler for node's servers and one for fetch go out, over one core.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LIMITS } from '@progress/protocol'
import type { Authentication } from '../auth/authenticate'
import type { OriginRule } from '../auth/origin'
import type { Caller } from '../auth/principal'
import type { Node } from '../node'
import type { Desk } from '../viewing/desk'
import { Core } from './core'
import { fetchFace } from './fetchFace'
import { Encoder } from './frame'
import { Health } from './health'
import { Hub } from './hub'
import { nodeFace } from './nodeFace'
import { Visits } from './visits'

/** What the HTTP half needs. */
export interface HttpParts {
  readonly desk: Desk
  readonly node: Node
  readonly authentication: Authentication
  /** May a page from there ask this host? */
  readonly isAllowed: OriginRule
  /** Counts a request of this caller: may it go on? */
  limit(caller: Caller): { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }
  /** Streams of one user at a time. Default 20. */
  readonly streamsPerUser?: number
  /** The path that stands before ours. Default `/api/progress`. */
  readonly endpoint?: string
}

/** The HTTP half. None of its functions throws or rejects. */
export interface HttpSide {
  /** Express 4, Express 5, `node:http`. Paths that are not ours go to `next`, where there is one. */
  http(req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void): void
  /** Request -> Response. */
  fetch(request: Request): Promise<Response>
  /** Ends streams and long polls, and takes no new ones; all else is still answered. Default `DRAINING`. */
  close(code?: 'DRAINING'): void
  /** Ends what belongs to these callers: their logins were withdrawn. */
  revoked(test: (caller: Caller) => boolean): void
  /** Looks at the logins and rights of all open streams and long polls again. */
  recheck(): Promise<void>
  /** Streams that are open now. */
  readonly openStreams: number
}

/** Makes the HTTP half. */
export function createHttp({ desk, node, authentication, isAllowed, limit, ...parts }: HttpParts): HttpSide {
  const { clock, signals } = node
  const visits = new Visits(authentication, clock)
  const health = new Health(signals, clock)
  const sources = { node, desk, hub: new Hub(node), encoder: new Encoder() }
  const core = new Core({
    ...{ sources, authentication, visits, health, isAllowed, limit },
    streamsPerUser: parts.streamsPerUser ?? LIMITS.connectionsPerUser,
  })
  return {
    http: nodeFace(core, visits, signals, parts.endpoint),
    fetch: fetchFace(core, visits, signals, parts.endpoint),
    close(code = 'DRAINING') {
      health.drain()
      visits.endAll(code)
    },
    revoked: (test) => visits.withdraw(test),
    recheck: () => visits.recheck(),
    get openStreams() {
      return visits.count('stream')
    },
  }
}
