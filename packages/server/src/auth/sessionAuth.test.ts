// Session middleware of every temper, and what sessionAuth makes of it.
import { createHmac } from 'node:crypto'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import session, { MemoryStore } from 'express-session'
import { describe, expect, it } from 'vitest'
import type { AuthRequest } from './authenticate'
import { sessionAuth } from './sessionAuth'

type Request = IncomingMessage & { session?: unknown; sessionID?: string }
type Next = (error?: unknown) => void

function requestWith(session?: unknown): AuthRequest & { readonly node: Request } {
  const node: Request = new IncomingMessage(new Socket())
  if (session !== undefined) node.session = session
  return { headers: new Headers(), node }
}

/** Middleware that loads what the store holds at that time. */
function storeOf(stored: { session: unknown }) {
  const reads: Request[] = []
  const middleware = (req: Request, _res: ServerResponse, next: Next): void => {
    reads.push(req)
    req.session = stored.session
    req.sessionID = 'sid'
    setImmediate(next)
  }
  return { middleware, reads }
}

describe('who is logged in, by default', () => {
  it.each([
    [{ userId: 7 }, 7],
    [{ userId: 'ada' }, 'ada'],
    [{ userId: 0 }, 0],
    [{ passport: { user: 'ada' } }, 'ada'],
    [{ passport: { user: 7 } }, 7],
    [{ passport: { user: { id: 'ada', name: 'Ada' } } }, 'ada'],
    [{ userId: 'ada', passport: { user: 'bob' } }, 'ada'],
    [{ passport: {} }, undefined],
    [{ passport: null }, undefined],
    [{ passport: { user: { name: 'Ada' } } }, undefined],
    [{ passport: { user: true } }, undefined],
    [{ userId: { toString: () => 'ada' } }, undefined],
    [{}, undefined],
    [null, undefined],
    [undefined, undefined],
  ])('of %j is %j', async (session, userId) => {
    const principal = await sessionAuth(storeOf({ session }).middleware)(requestWith())
    expect(principal?.userId).toBe(userId)
  })
})

describe('the principal', () => {
  it('has the id of the session, so that one login can be revoked', async () => {
    const { middleware } = storeOf({ session: { userId: 7 } })
    expect(await sessionAuth(middleware)(requestWith())).toEqual({ userId: 7, loginId: 'sid' })
  })

  it('keeps the id that the app gives', async () => {
    const { middleware } = storeOf({ session: {} })
    const who = () => ({ userId: 7, loginId: 'own', roles: ['admin'] })
    expect(await sessionAuth(middleware, who)(requestWith())).toEqual({ userId: 7, loginId: 'own', roles: ['admin'] })
  })

  it.each([null, undefined])('is nobody where the app says %s', async (nobody) => {
    expect(await sessionAuth(storeOf({ session: {} }).middleware, () => nobody)(requestWith())).toBeNull()
  })
})

describe('the session', () => {
  it('is left on the request, for the app', async () => {
    const request = requestWith()
    await sessionAuth(storeOf({ session: { userId: 7 } }).middleware)(request)
    expect(request.node.session).toEqual({ userId: 7 })
  })

  it('that the app has loaded is used as it is', async () => {
    const { middleware, reads } = storeOf({ session: { userId: 8 } })
    expect(await sessionAuth(middleware)(requestWith({ userId: 7 }))).toMatchObject({ userId: 7 })
    expect(reads).toEqual([])
  })

  it('is read anew for a recheck, and the request stays as it was', async () => {
    const stored = { session: { userId: 7 } as unknown }
    const { middleware, reads } = storeOf(stored)
    const request = requestWith()
    const authenticate = sessionAuth(middleware)
    await authenticate(request)
    stored.session = undefined
    expect(await authenticate(request)).toMatchObject({ userId: 7 })
    expect(await authenticate({ ...request, fresh: true })).toBeNull()
    expect(request.node.session).toEqual({ userId: 7 })
    expect(reads).toHaveLength(2)
    expect(reads[1]?.headers).toBe(request.node.headers)
  })

  it('66: twin: not read anew, it is what it was when the request came', async () => {
    const stored = { session: { userId: 7 } as unknown }
    const request = requestWith()
    const authenticate = sessionAuth(storeOf(stored).middleware)
    await authenticate(request)
    stored.session = null
    expect(await authenticate(request)).toMatchObject({ userId: 7 })
  })

  it('is none where there is no request of Node’s', async () => {
    const { middleware, reads } = storeOf({ session: { userId: 7 } })
    expect(await sessionAuth(middleware)({ headers: new Headers() })).toBeNull()
    expect(reads).toEqual([])
  })
})

describe('middleware', () => {
  it('may write what it likes: it goes nowhere', async () => {
    const request = requestWith()
    const written: unknown[] = []
    request.node.socket.write = ((chunk: unknown) => written.push(chunk)) as never
    const authenticate = sessionAuth((req: Request, res: ServerResponse, next: Next) => {
      res.setHeader('set-cookie', 'a=1').writeHead(200).write('x')
      res.end('y')
      req.session = { userId: 7 }
      next()
    })
    expect(await authenticate(request)).toEqual({ userId: 7 })
    expect(written).toEqual([])
  })

  it('twin: on a response of the request’s own, what it writes goes out', () => {
    const { node } = requestWith()
    const written: unknown[] = []
    node.socket.write = ((chunk: unknown) => written.push(chunk)) as never
    const response = new ServerResponse(node)
    response.assignSocket(node.socket)
    response.end('y')
    expect(written.length).toBeGreaterThan(0)
  })

  const failing: readonly (readonly [string, (req: Request, res: ServerResponse, next: Next) => unknown])[] = [
    ['calls back with an error', (_req, _res, next) => next(new Error('away'))],
    ['throws', () => boom()],
    ['rejects', async () => boom()],
    [
      'calls back twice, first with an error',
      (_req, _res, next) => [new Error('away'), undefined].map((error) => next(error)),
    ],
  ]

  it.each(failing)('that %s is worth another try, and lets nobody in', async (_, middleware) => {
    const request = requestWith()
    const failed = sessionAuth(middleware)(request)
    await expect(failed).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: new Error('away') })
  })

  it('that calls back without an error, and then with one, has answered', async () => {
    const authenticate = sessionAuth((req: Request, _res: ServerResponse, next: Next) => {
      req.session = { userId: 7 }
      next()
      next(new Error('late'))
    })
    expect(await authenticate(requestWith())).toEqual({ userId: 7 })
  })
})

describe('express-session, with a store that goes away and comes back', () => {
  const SECRET = 'secret'

  /** A login of user 7, and requests that show its cookie or another one. */
  function loggedIn() {
    const store = new MemoryStore()
    const login = session({ secret: SECRET, resave: false, saveUninitialized: false, store })
    const signature = createHmac('sha256', SECRET).update('sid').digest('base64').replace(/=+$/, '')
    const stored = { userId: 7, cookie: { originalMaxAge: null } }
    store.set('sid', stored as never)
    const shows = (cookie?: string): AuthRequest => {
      const request = requestWith()
      request.node.url = '/socket.io/'
      if (cookie !== undefined) request.node.headers.cookie = cookie
      return request
    }
    const cookie = `connect.sid=${encodeURIComponent(`s:sid.${signature}`)}`
    return { store, login, authenticate: sessionAuth(login), shows, cookie }
  }

  it('66: is no logout: whose it is cannot be told until the store is back', async () => {
    const { store, authenticate, shows, cookie } = loggedIn()
    const request = shows(cookie)
    expect(await authenticate(request)).toEqual({ userId: 7, loginId: 'sid' })
    store.emit('disconnect')
    for (const asked of [{ ...request, fresh: true as const }, shows(cookie)]) {
      await expect(authenticate(asked)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        cause: { message: expect.stringContaining('its store is disconnected') },
      })
    }
    store.emit('connect')
    for (const asked of [{ ...request, fresh: true as const }, shows(cookie)]) {
      expect(await authenticate(asked)).toEqual({ userId: 7, loginId: 'sid' })
    }
  })

  it('66: twin: what the middleware leaves on the request looks as after a logout', async () => {
    const { store, login, shows, cookie } = loggedIn()
    store.emit('disconnect')
    const { node } = shows(cookie) as { node: Request }
    const error = await new Promise((resolve) => login(node as never, new ServerResponse(node) as never, resolve))
    expect([error, node.session]).toEqual([undefined, undefined])
  })

  it('66: a logout is one all the same', async () => {
    const { store, authenticate, shows, cookie } = loggedIn()
    store.destroy('sid')
    expect(await authenticate(shows(cookie))).toBeNull()
  })

  it('61: a stranger without any cookie is nobody, whatever the store does', async () => {
    const { store, authenticate, shows } = loggedIn()
    expect(await authenticate(shows())).toBeNull()
    store.emit('disconnect')
    expect(await authenticate(shows())).toBeNull()
  })
})

function boom(): never {
  throw new Error('away')
}
