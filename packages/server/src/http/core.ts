// The endpoint itself, the same for every server: a request comes in, an answer as plain data goes out. It never rejects.
import { isSessionId, type KnownCode, LIMITS, type Positioned } from '@progress/protocol'
import type { Authentication } from '../auth/authenticate'
import type { HeaderReader } from '../auth/headers'
import type { OriginRule } from '../auth/origin'
import type { Caller } from '../auth/principal'
import { inTime } from '../inTime'
import type { Health } from './health'
import { isNews, LongPoll, type PollAsk } from './longPoll'
import { Query, readPlace } from './query'
import {
  allow,
  json,
  noContent,
  notModified,
  type Plain,
  type Reply,
  refuse,
  refuseWith,
  retryAfter,
  showing,
  streaming,
} from './reply'
import type { HttpRequest } from './request'
import { type Route, routeOf } from './routes'
import type { Sources } from './sources'
import { Stream, type StreamAsk } from './stream'
import type { Visit, Visits } from './visits'

/** What the core needs. */
export interface CoreOptions {
  readonly sources: Sources
  readonly authentication: Authentication
  readonly visits: Visits
  readonly health: Health
  readonly isAllowed: OriginRule
  limit(caller: Caller): { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }
  /** Streams of one user at a time. */
  readonly streamsPerUser: number
}

/** Carries out what was understood; throws `Unavailable` where the backend does not answer. */
type Action = (caller: Caller, visit: Visit) => Promise<Reply>

/** The backend, or the app's own rule, failed or took too long. */
class Unavailable extends Error {}

/** The endpoint. */
export class Core {
  readonly #options: CoreOptions

  constructor(options: CoreOptions) {
    this.#options = options
  }

  /** Is this path ours at all? */
  serves(path: string): boolean {
    return routeOf(path) !== null
  }

  /** The answer to a request. Never rejects. */
  async answer(request: HttpRequest, visit: Visit): Promise<Reply> {
    const { signals } = this.#options.sources.node
    try {
      return await this.#answer(request, visit)
    } catch (cause) {
      if (cause instanceof Unavailable) {
        signals.tell('store-failed', { where: 'http', cause: cause.cause })
        return refuse('UNAVAILABLE')
      }
      signals.tell('handler-failed', { where: 'http', cause })
      return refuse('HANDLER_ERROR')
    }
  }

  async #answer(request: HttpRequest, visit: Visit): Promise<Reply> {
    const { method, path, headers, host, auth } = request
    const route = routeOf(path)
    if (!route) return refuse('NOT_FOUND')
    if (method === 'OPTIONS') return noContent(allow(route.methods))
    if (!route.methods.includes(method)) return refuse('METHOD_NOT_ALLOWED', allow(route.methods))
    if (route.name === 'health') return this.#options.health.report()
    if (!this.#options.isAllowed(headers, host)) return this.#refused('FORBIDDEN_ORIGIN', 'foreign origin')
    const action = this.#understand(request, route)
    if (!action) return refuse('BAD_REQUEST')
    const caller = await this.#options.authentication.judge(auth)
    if (typeof caller === 'string') return this.#refused(caller, 'no login')
    visit.identified(auth, caller)
    const allowance = this.#options.limit(caller)
    if (!allowance.ok) return this.#refused('RATE_LIMITED', 'too many requests', retryAfter(allowance.retryAfterMs))
    const before = isOver(visit)
    if (before) return refuse(before)
    const reply = await action(caller, visit)
    // A login that was withdrawn meanwhile gets nothing of what was read for it. A stream hears of it when it opens.
    const after = reply.kind === 'plain' ? isOver(visit) : undefined
    return after ? refuse(after) : reply
  }

  /** What is asked for, or `null` where it is not well formed. */
  #understand(request: HttpRequest, route: Route): Action | null {
    const query = new Query(request.query)
    const action = this.#actionOf(request, route, query)
    return query.isWellFormed ? action : null
  }

  #actionOf({ method, headers }: HttpRequest, route: Route, query: Query): Action | null {
    if (route.name === 'session') {
      const { sessionId } = route
      if (!isSessionId(sessionId)) return null
      return method === 'DELETE'
        ? this.#cancel(sessionId, query.reason())
        : this.#show({
            sessionId,
            waitMs: query.waitMs(),
            since: query.since(),
            tags: headers.get('if-none-match'),
          })
    }
    const ids = query.ids()
    if (route.name === 'list') return ids ? this.#several(ids) : this.#list()
    const mine = query.mine()
    if (!ids && !mine) return null
    return this.#stream({ ids: ids ?? [], mine, held: heldBy(headers, query) })
  }

  #show(ask: PollAsk): Action {
    return async (caller, visit) => {
      const snapshot = ask.waitMs > 0 ? await this.#poll(caller, visit, ask) : await this.#view(caller, ask.sessionId)
      if (typeof snapshot === 'string') return refuse(snapshot)
      if (!snapshot) return refuse('NOT_FOUND')
      return isNews(snapshot, ask) ? showing(snapshot) : notModified(snapshot)
    }
  }

  #view(caller: Caller, sessionId: string) {
    return this.#ask(this.#options.sources.desk.view(caller, sessionId))
  }

  async #poll(caller: Caller, visit: Visit, ask: PollAsk) {
    const { health, visits, sources } = this.#options
    if (health.isDraining) return 'DRAINING'
    if (!visits.admit(visit, 'poll', LIMITS.watchedPerConnection)) return 'LIMIT'
    const poll = new LongPoll(sources, caller, ask)
    visit.hold(poll)
    return await poll.found.catch(unavailable)
  }

  #several(ids: readonly string[]): Action {
    const positions = Object.fromEntries(ids.map((id) => [id, '']))
    return async (caller) => {
      const synced = await this.#ask(this.#options.sources.desk.sync(caller, positions))
      return json(200, { success: true, ...synced })
    }
  }

  #list(): Action {
    return async (caller) => {
      const sessions = await this.#ask(this.#options.sources.desk.list(caller))
      return json(200, { success: true, sessions })
    }
  }

  #cancel(sessionId: string, reason: string | undefined): Action {
    return async (caller) => {
      const answer = await this.#ask(this.#options.sources.desk.cancel(caller, sessionId, reason))
      return answer.ok ? json(200, { success: true }) : refuseWith(answer.code, answer.message)
    }
  }

  #stream(ask: StreamAsk): Action {
    const { health, visits, sources, streamsPerUser } = this.#options
    return async (caller, visit) => {
      if (health.isDraining) return refuse('DRAINING')
      if (!visits.admit(visit, 'stream', streamsPerUser)) return this.#refused('LIMIT', 'too many streams')
      return streaming((sink) => {
        const stream = new Stream(sources, caller, ask, sink)
        visit.hold(stream)
        void stream.begin()
        return stream
      })
    }
  }

  async #ask<T>(work: Promise<T>): Promise<T> {
    return await inTime(this.#options.sources.node.clock, work).catch(unavailable)
  }

  #refused(code: KnownCode, reason: string, headers?: Plain['headers']): Plain {
    this.#options.sources.node.signals.tell('refused', { code, reason })
    return refuse(code, headers)
  }
}

function unavailable(cause: unknown): never {
  throw new Unavailable('the backend did not answer', { cause })
}

function isOver({ over }: Visit): KnownCode | undefined {
  return over === 'left' ? undefined : over
}

/** What a reconnecting client has: of each session, and of the one whose event came last. */
function heldBy(headers: HeaderReader, query: Query): ReadonlyMap<string, Positioned> {
  const last = readPlace(headers.get('last-event-id') ?? '')
  return new Map([...query.sinceEach(), ...(last ? [last] : [])])
}
