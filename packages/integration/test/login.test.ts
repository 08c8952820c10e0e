// Logging in over real sockets, with a real session: who comes in, who does not, and what either is told.

import { ManualClock } from '@progress/protocol/testing'
import { type Authenticator, ProgressError, sessionAuth } from '@progress/server'
import passport from 'passport'
import { describe, expect, it } from 'vitest'
import { bySession, type LoginApp, loginApp } from '../support/loginApp'
import { dial, heard, TRANSPORTS, untilTrue } from '../support/socketClients'

const authenticate = bySession

/** Cookies that log nobody in. */
async function useless(app: LoginApp): Promise<readonly (readonly [why: string, cookie: string])[]> {
  const { cookie, loginId } = await app.login(7)
  const { cookie: withoutUser } = await app.visit()
  return [
    ['no cookie', ''],
    ['a bad signature', `${cookie.slice(0, -3)}abc`],
    ['an unsigned id', `connect.sid=${loginId}`],
    ['an unknown session', cookie.replace(/s%3A[^.]*/, 's%3Aunknown')],
    ['a session without a user', withoutUser],
  ]
}

describe.each(TRANSPORTS.map((transports) => ({ transports })))('over $transports', ({ transports }) => {
  it('S0-1, S0-6, S0-7: lets in who is logged in, and says so', async () => {
    await using app = await loginApp({ authenticate })
    const { cookie } = await app.login(7)
    const arrived = heard<{ request: { session: { userId: number } }; userId: unknown }>(app.io, 'connection')
    using client = await dial(app.url, { transports, cookie })
    const socket = await arrived
    expect(client.error).toBeUndefined()
    expect([socket.request.session.userId, socket.userId]).toEqual([7, 7])
    expect(app.signals).toContainEqual({ name: 'connected', userId: '7' })
  })

  it('61, S0-1, S0-5: refuses who is not, once, in words that the client can read', async () => {
    await using app = await loginApp({ authenticate })
    for (const [why, cookie] of await useless(app)) {
      using client = await dial(app.url, { transports, cookie, more: { reconnection: true, reconnectionDelay: 1 } })
      expect(client.error?.message, why).toBe('Authentication required')
      expect(client.error?.data, why).toEqual({ code: 'UNAUTHENTICATED' })
      expect(client.socket.active, why).toBe(false)
    }
    expect(app.io.sockets.sockets.size).toBe(0)
    expect(app.io.sockets.adapter.rooms.size).toBe(0)
    expect(app.signals.filter(({ name }) => name === 'refused')).toHaveLength(5)
    await untilTrue(() => app.io.engine.clientsCount === 0)
  })

  it('61: twin: without the guard, all of these come in', async () => {
    await using app = await loginApp()
    for (const [why, cookie] of await useless(app)) {
      using client = await dial(app.url, { transports, cookie })
      expect(client.socket.connected, why).toBe(true)
    }
  })

  it('S0-2, S0-3: reads the session once, and not again for later polls and the upgrade', async () => {
    await using app = await loginApp({ authenticate })
    const { cookie } = await app.login(7)
    app.io.on('connection', (socket) => socket.on('echo', (text: string, ack: (text: string) => void) => ack(text)))
    const before = app.store.reads
    using client = await dial(app.url, { transports, cookie })
    if (transports.length === 2) await untilTrue(() => client.socket.io.engine.transport.name === 'websocket')
    for (const text of ['a', 'b', 'c']) expect(await client.socket.emitWithAck('echo', text)).toBe(text)
    expect(app.store.reads - before).toBe(1)
  })

  it('S0-4: tells of a store that fails, and that it is worth another try', async () => {
    await using app = await loginApp({ authenticate })
    const { cookie } = await app.login(7)
    app.store.broken = true
    using client = await dial(app.url, { transports, cookie })
    expect(client.error?.data).toEqual({ code: 'UNAVAILABLE' })
    expect(app.signals).toContainEqual(
      expect.objectContaining({
        name: 'handler-failed',
        where: 'authenticate',
        cause: expect.objectContaining({ cause: new Error('the store is away') }),
      }),
    )
  })
})

describe('behind a proxy that ends TLS', () => {
  const https = { 'x-forwarded-proto': 'https' }
  const secured = { session: { cookie: { secure: true } }, authenticate }

  it('S0-11: a secure cookie logs in where the app trusts its proxy', async () => {
    await using app = await loginApp({ ...secured, session: { ...secured.session, proxy: true } })
    const { cookie } = await app.login(7, https)
    using client = await dial(app.url, { cookie, headers: https })
    expect(client.error).toBeUndefined()
  })

  it('S0-11: and is never given out where it does not', async () => {
    await using app = await loginApp(secured)
    const { cookie } = await app.login(7, https)
    using client = await dial(app.url, { cookie, headers: https })
    expect(cookie).toBe('')
    expect(client.error?.data).toEqual({ code: 'UNAUTHENTICATED' })
  })
})

describe('passport, on top of the session', () => {
  it('logs in whom it has logged in', async () => {
    const keeper = new passport.Passport()
    keeper.serializeUser((user, done) => done(null, user))
    keeper.deserializeUser((user: Express.User, done) => done(null, user))
    await using app = await loginApp({
      authenticate,
      prepare: (express) => {
        express.use(keeper.initialize(), keeper.session())
        express.post('/passport', (req, res) => req.login({ id: 'ada' }, () => res.json(req.sessionID)))
      },
    })
    const answer = await fetch(`${app.url}/passport`, { method: 'POST' })
    using client = await dial(app.url, { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' })
    expect(client.error).toBeUndefined()
    expect(app.signals).toContainEqual({ name: 'connected', userId: 'ada' })
  })
})

describe('an authenticator that misbehaves', () => {
  const never = new Promise<never>(() => {})
  const odd: readonly (readonly [does: string, authenticator: unknown])[] = [
    ['throws', () => fail()],
    ['rejects', async () => fail()],
    ['throws what is no error', () => Promise.reject(null)],
    ['answers undefined', () => undefined],
    ['answers true', () => true],
    ['answers a user without an id', () => ({ userId: '' })],
    ['answers an id that is an object', () => ({ userId: { toString: () => '7' } })],
    ['answers a getter that throws', () => Object.defineProperty({}, 'userId', { get: fail })],
    ['calls back twice, without a user', sessionAuth(callsTwice)],
  ]

  it.each(odd)('65: one that %s lets nobody in', async (_, authenticator) => {
    await using app = await loginApp({ authenticate: () => authenticator as Authenticator })
    using client = await dial(app.url)
    expect(client.error?.data).toEqual({ code: 'UNAUTHENTICATED' })
  })

  it('65: twin: one that answers as it should lets in the same client', async () => {
    await using app = await loginApp({ authenticate: () => () => ({ userId: 7 }) })
    using client = await dial(app.url)
    expect(client.error).toBeUndefined()
  })

  it('65: one that hangs is given 5 seconds, holds no place, and stops nobody else', async () => {
    const clock = new ManualClock()
    const asked: string[] = []
    const hangs: Authenticator = ({ token = '' }) => {
      asked.push(token)
      return token === 'slow' ? never : { userId: 7 }
    }
    await using app = await loginApp({ authenticate: () => hangs, clock, limits: { connectionsPerUser: 1 } })
    const slow = dial(app.url, { auth: { token: 'slow' } })
    await untilTrue(() => asked.length === 1)
    using other = await dial(app.url, { auth: { token: 'quick' } })
    expect(other.error).toBeUndefined()
    await clock.advance(5_000)
    using refused = await slow
    expect(refused.error?.data).toEqual({ code: 'UNAVAILABLE' })
  })

  it('the first of several that gives somebody wins, also after one that fails', async () => {
    const list: Authenticator[] = [fail, () => null, () => ({ userId: 'ada' }), () => ({ userId: 'bob' })]
    await using app = await loginApp({ authenticate: () => list })
    using client = await dial(app.url)
    expect(client.error).toBeUndefined()
    expect(app.signals).toContainEqual({ name: 'connected', userId: 'ada' })
  })

  it('a login that has run out is told from none at all', async () => {
    await using app = await loginApp({ authenticate: () => () => ({ userId: 7, expiresAt: 1 }) })
    using client = await dial(app.url)
    expect(client.error?.data).toEqual({ code: 'EXPIRED' })
  })
})

function callsTwice(_req: { session?: unknown }, _res: never, next: () => void): void {
  next()
  next()
}

function fail(): never {
  throw new ProgressError('OPERATION_FAILED', 'as a test wants it')
}
