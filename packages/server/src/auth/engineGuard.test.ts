// Requests to an engine, by hand: which of them go on, and what is asked about those that belong to a connection.
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { type Signal, Signals } from '../observe/signals'
import { Authentication, type Authenticator, type AuthRequest } from './authenticate'
import { BoundLogins } from './boundLogin'
import { type EngineRequest, guardEngine } from './engineGuard'
import { type OriginRule, originRule } from './origin'

interface Sent {
  readonly sid?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A cookie is the user's name, and behind a slash the login's; all others log nobody in. */
const cookieIsUser: Authenticator = ({ headers }) => {
  const [, userId, loginId] = /user=(\w+)(?:\/(\w+))?/.exec(headers.get('cookie') ?? '') ?? []
  return userId === undefined ? null : { userId, ...(loginId && { loginId }) }
}

function requestOf({ sid, headers = {} }: Sent): EngineRequest {
  const request = new IncomingMessage(new Socket())
  Object.assign(request.headers, { host: 'app.example', ...headers })
  return Object.assign(request, { _query: { transport: 'polling', ...(sid !== undefined && { sid }) } })
}

interface FixtureOptions {
  readonly authenticator?: Authenticator
  readonly isAllowed?: OriginRule
  /** What is asked about a request whose cookies have changed; a twin says yes to all. */
  readonly isSameLogin?: () => Promise<boolean>
}

/** An engine with one connection, `opened`, of ada; and its guard. */
function guarded({ authenticator = cookieIsUser, isAllowed = originRule(), isSameLogin }: FixtureOptions = {}) {
  const signals = new Signals()
  const told: Signal[] = []
  signals.onAny((signal) => told.push(signal))
  const asked: AuthRequest[] = []
  const asking: Authenticator = (request) => {
    asked.push(request)
    return authenticator(request)
  }
  const logins = new BoundLogins(new Authentication([asking], new ManualClock(), signals))
  if (isSameLogin) Object.assign(logins, { isSameLogin })
  type Use = Parameters<Parameters<typeof guardEngine>[0]['use']>[0]
  const used: Use[] = []
  const opened = { request: requestOf({ headers: { cookie: 'user=ada/1' } }) }
  guardEngine({ use: (fn) => used.push(fn), clients: { opened } }, { isAllowed, logins, signals })
  /** What the engine is told: nothing, or why not. */
  const pass = (request: EngineRequest): Promise<string | undefined> =>
    new Promise((resolve) => used[0]?.(request, undefined, (error) => resolve(error?.message)))
  return { told, asked, logins, opened, pass, send: (sent: Sent) => pass(requestOf(sent)) }
}

const NOT_LOGGED_IN = 'Authentication required'

describe('a page of another site', () => {
  const attacks: readonly Sent[] = [
    { headers: { origin: 'https://evil.example' } },
    { headers: { origin: 'https://evil.example', cookie: 'user=ada/1' }, sid: 'opened' },
    { headers: { origin: 'null' } },
    { headers: { 'sec-fetch-site': 'cross-site' } },
  ]

  it.each(attacks)('62: goes no further, with whatever cookie and id: %j', async (attack) => {
    const { send, told, asked } = guarded()
    expect(await send(attack)).toMatch(/origin/)
    expect(told).toEqual([{ name: 'refused', code: 'FORBIDDEN_ORIGIN', reason: 'origin' }])
    expect(asked).toEqual([])
  })

  it.each(attacks)('62: twin: by a rule that says yes it goes on: %j', async (attack) => {
    expect(await guarded({ isAllowed: () => true }).send(attack)).toBeUndefined()
  })
})

describe('a request with the id of a connection', () => {
  const thefts: readonly (readonly [shows: string, headers: Readonly<Record<string, string>>])[] = [
    ['no cookie', {}],
    ['another user’s', { cookie: 'user=bob/2' }],
    ['another login of the same user', { cookie: 'user=ada/2' }],
    ['none that is known', { cookie: 'user=' }],
    ['another token', { cookie: 'user=bob/2', authorization: 'Bearer stolen' }],
  ]

  it.each(thefts)('84: that shows %s goes no further', async (_, headers) => {
    const { send, told } = guarded()
    expect(await send({ sid: 'opened', headers })).toBe(NOT_LOGGED_IN)
    expect(told).toMatchObject([{ name: 'refused', code: 'UNAUTHENTICATED' }])
  })

  it.each(thefts)('84: twin: unless its login is compared, one that shows %s goes on', async (_, headers) => {
    const { send } = guarded({ isSameLogin: async () => true })
    expect(await send({ sid: 'opened', headers })).toBeUndefined()
  })

  it('84: twin: by the user alone, another login of the same user goes on', async () => {
    const userAlone: Authenticator = async (request) => {
      const principal = await cookieIsUser(request)
      return principal && { userId: principal.userId }
    }
    const { send } = guarded({ authenticator: userAlone })
    expect(await send({ sid: 'opened', headers: { cookie: 'user=ada/2' } })).toBeUndefined()
  })

  it('of the owner goes on unasked where nothing has changed, and asked once where another cookie has', async () => {
    const { send, asked } = guarded()
    expect(await send({ sid: 'opened', headers: { cookie: 'user=ada/1' } })).toBeUndefined()
    expect(asked).toEqual([])
    const headers = { cookie: 'user=ada/1; balancer=b' }
    for (const _ of ['first', 'second']) expect(await send({ sid: 'opened', headers })).toBeUndefined()
    expect(asked).toHaveLength(2) // the handshake’s, and this one’s
    expect(asked.map(({ fresh }) => fresh)).toEqual([true, undefined])
  })

  it('is compared with whom the handshake has shown, once that is known', async () => {
    const { send, logins, opened, asked } = guarded()
    logins.bind(opened, { userId: 'ada', loginId: '1', roles: [], principal: { userId: 'ada' } })
    expect(await send({ sid: 'opened', headers: { cookie: 'user=ada/1; balancer=b' } })).toBeUndefined()
    expect(asked).toHaveLength(1)
  })

  it.each([undefined, '', 'unknown', '__proto__', 'constructor', ['opened'], { toString: 'opened' }])(
    'is the engine’s own business where that is no connection: %j',
    async (sid) => {
      const { send, asked } = guarded()
      expect(await send({ sid })).toBeUndefined()
      expect(asked).toEqual([])
    },
  )
})

describe('an upgrade whose socket breaks while its login is asked for', () => {
  function asking() {
    const fixture = guarded({ authenticator: () => new Promise(() => {}) })
    const request = requestOf({ sid: 'opened', headers: { cookie: 'user=ada/1; balancer=b' } })
    return { ...fixture, request, breakOff: () => request.socket.emit('error', new Error('ECONNRESET')) }
  }

  it('ends nothing', () => {
    const { pass, request, breakOff } = asking()
    void pass(request)
    expect(breakOff).not.toThrow()
  })

  it('twin: unheard, its error is thrown at the process', () => {
    const { breakOff } = asking()
    expect(breakOff).toThrow('ECONNRESET')
  })

  it('leaves no listener behind', async () => {
    const { pass } = guarded()
    const request = requestOf({ sid: 'opened', headers: { cookie: 'user=ada/1; balancer=b' } })
    await pass(request)
    await new Promise((resolve) => setImmediate(resolve))
    expect(request.socket.listenerCount('error')).toBe(0)
  })
})
