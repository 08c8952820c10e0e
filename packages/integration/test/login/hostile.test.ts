// What clients can send at the door: odd queries, odd logins, too many connections, recovered ones, and none of it ends anything.
import { ManualClock } from '@progress/protocol/testing'
import type { Authenticator } from '@progress/server'
import { describe, expect, it } from 'vitest'
import { bySession, loginApp } from '../../support/loginApp'
import { ask, dial, heard, openByHand, POLL, untilTrue, upgrade } from '../../support/socketClients'

const guarded = { authenticate: bySession }

const queries = [
  'EIO=4&transport=polling&sid=',
  'EIO=4&transport=polling&sid',
  'EIO=4&transport=polling&sid=x&sid=',
  'EIO=4&transport=polling&sid=&sid=x',
  'EIO=4&transport=polling&sid[]=',
  'EIO=4&transport=polling&sid[]=x&sid[]=y',
  'EIO=4&transport=polling&sid=__proto__',
  'EIO=4&transport=polling&sid=constructor',
  'EIO=4&transport=polling&__proto__[sid]=x',
  'EIO=3&transport=polling',
  'transport=polling',
  'EIO=4&transport=webtransport',
  'EIO=4&transport=__proto__',
  'EIO=4&transport=constructor',
  'EIO=4',
  '',
]

describe('an odd query', () => {
  it.each(queries)('%s never becomes a connection of anybody', async (query) => {
    // case 43
    await using app = await loginApp(guarded)
    const answer = await ask(app.url, query)
    await upgrade(app.url, query.replace('polling', 'websocket'))
    if (answer.status === 200) {
      // For the engine that is a handshake: whose it is, is asked as of any other.
      const { sid } = JSON.parse(answer.body.slice(1)) as { sid: string }
      await ask(app.url, `${POLL}&sid=${sid}`, { body: '40' })
      expect((await ask(app.url, `${POLL}&sid=${sid}`)).body).toContain('"code":"UNAUTHENTICATED"')
    } else expect(answer.status).toBe(400)
    expect(app.io.sockets.sockets.size).toBe(0)
    const { cookie } = await app.login(7)
    using client = await dial(app.url, { cookie })
    expect(client.error).toBeUndefined()
  })

  it('43: twin: a check of `sid === undefined` is passed by', async () => {
    await using app = await loginApp({
      prepare: (_app, io) =>
        io.engine.use((req: { _query: { sid?: string } }, _res: unknown, next: (error?: Error) => void) =>
          next(req._query.sid === undefined ? new Error('Authentication required') : undefined),
        ),
    })
    expect((await ask(app.url, POLL)).status).toBe(400)
    const { body } = await ask(app.url, `${POLL}&sid=`)
    const { sid } = JSON.parse(body.slice(1)) as { sid: string }
    await ask(app.url, `${POLL}&sid=${sid}`, { body: '40' })
    await untilTrue(() => app.io.sockets.sockets.size === 1)
  })
})

const claims = [
  {},
  { token: null },
  { token: 7 },
  { token: true },
  { token: [] },
  { token: { toString: 'x' } },
  { token: '' },
  { token: 'x'.repeat(100_000) },
  { userId: 7 },
  { pid: 'x', offset: 'y' },
  JSON.parse('{"__proto__":{"token":"good"}}'),
  { constructor: { prototype: { token: 'good' } } },
]

it.each(claims)('what a client claims of itself is no login: %j', async (auth) => {
  // case 43
  const tokens: unknown[] = []
  const byToken: Authenticator = ({ token }) => {
    tokens.push(token)
    return token === 'good' ? { userId: 7 } : null
  }
  await using app = await loginApp({ authenticate: () => byToken })
  using client = await dial(app.url, { auth })
  expect(client.error?.data).toEqual({ code: 'UNAUTHENTICATED' })
  using known = await dial(app.url, { auth: { token: 'good' } })
  expect(known.error).toBeUndefined()
  expect(tokens.filter((token) => token !== undefined && typeof token !== 'string')).toEqual([])
})

it.each(['40null', '40[]', '40"x"', '40{', '40{"token":', '4', '49', '40/\u0000,', '9', '\u0000'])(
  'a first packet of %j ends that connection at most',
  async (body) => {
    // case 43
    await using app = await loginApp(guarded)
    const { cookie } = await app.login(7)
    const sid = await openByHand(app.url, { cookie })
    await ask(app.url, `${POLL}&sid=${sid}`, { headers: { cookie }, body })
    expect(app.io.sockets.sockets.size).toBe(0)
    using client = await dial(app.url, { cookie })
    expect(client.error).toBeUndefined()
  },
)

it('a client that says hello twice at once gets no second socket', async () => {
  await using app = await loginApp(guarded)
  const { cookie } = await app.login(7)
  const sid = await openByHand(app.url, { cookie })
  await ask(app.url, `${POLL}&sid=${sid}`, { headers: { cookie }, body: '40\u001e40' })
  await ask(app.url, `${POLL}&sid=${sid}`, { headers: { cookie } })
  await untilTrue(() => app.io.engine.clientsCount === 0)
  expect(app.io.sockets.sockets.size).toBe(0)
})

it('nor does one that says so again while the app’s own middleware takes its time', async () => {
  await using app = await loginApp(guarded)
  const waiting: (() => void)[] = []
  app.io.use((_socket, next) => void waiting.push(next))
  const { cookie } = await app.login(7)
  const sid = await openByHand(app.url, { cookie })
  for (const count of [1, 2]) {
    await ask(app.url, `${POLL}&sid=${sid}`, { headers: { cookie }, body: '40' })
    await untilTrue(() => waiting.length === count)
  }
  const seen: unknown[] = []
  app.io.on('connection', (socket) => seen.push(socket))
  for (const next of waiting) next()
  await untilTrue(() => seen.length > 0)
  expect(app.io.sockets.sockets.size).toBe(0)
  expect(app.signals.filter(({ name }) => name === 'connected')).toEqual([])
})

it('twin: without the guard it has two', async () => {
  await using app = await loginApp()
  const sid = await openByHand(app.url)
  await ask(app.url, `${POLL}&sid=${sid}`, { body: '40\u001e40' })
  await untilTrue(() => app.io.sockets.sockets.size === 2)
})

describe('too many connections of one user', () => {
  const dialAll = (url: string, cookie: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => dial(url, { cookie })))

  it('50: the newest is refused, and comes in once another has gone', async () => {
    await using app = await loginApp(guarded)
    const { cookie } = await app.login(7)
    const held = await dialAll(app.url, cookie, 20)
    expect(held.every(({ socket }) => socket.connected)).toBe(true)
    using refused = await dial(app.url, { cookie })
    expect(refused.error?.data).toEqual({ code: 'LIMIT' })
    using other = await dial(app.url, { cookie: (await app.login(8)).cookie })
    expect(other.error).toBeUndefined()
    held[0]?.socket.disconnect()
    await untilTrue(() => app.io.sockets.sockets.size === 20)
    using next = await dial(app.url, { cookie })
    expect(next.error).toBeUndefined()
    for (const { socket } of held) socket.disconnect()
  })

  it('50: of 200 at once, 20 come in', async () => {
    await using app = await loginApp(guarded)
    const { cookie } = await app.login(7)
    const all = await dialAll(app.url, cookie, 200)
    expect(all.filter(({ socket }) => socket.connected)).toHaveLength(20)
    for (const { socket } of all) socket.disconnect()
    await untilTrue(() => app.io.sockets.sockets.size === 0)
    const again = await dialAll(app.url, cookie, 20)
    expect(again.every(({ socket }) => socket.connected)).toBe(true)
    for (const { socket } of again) socket.disconnect()
  })

  it('50: twin: without the cap, all of them come in', async () => {
    await using app = await loginApp({ ...guarded, limits: { connectionsPerUser: Number.POSITIVE_INFINITY } })
    const { cookie } = await app.login(7)
    const all = await dialAll(app.url, cookie, 200)
    expect(all.every(({ socket }) => socket.connected)).toBe(true)
    for (const { socket } of all) socket.disconnect()
  })

  it('50: one that a middleware of the app refuses after us gives its place back', async () => {
    await using app = await loginApp({ ...guarded, limits: { connectionsPerUser: 1 } })
    let refusing = true
    app.io.use((_socket, next) => next(refusing ? new Error('not today') : undefined))
    const { cookie } = await app.login(7)
    using first = await dial(app.url, { cookie })
    expect(first.error?.message).toBe('not today')
    await untilTrue(() => app.io.engine.clientsCount === 0)
    refusing = false
    using second = await dial(app.url, { cookie })
    expect(second.error).toBeUndefined()
  })

  it('50: one that leaves the main namespace gives its place back, and keeps the others', async () => {
    await using app = await loginApp({
      ...guarded,
      limits: { connectionsPerUser: 1 },
      prepare: (_app, io) => void io.of('/public'),
    })
    const { cookie } = await app.login(7)
    using main = await dial(app.url, { cookie })
    const open = main.socket.io.socket('/public', {})
    await heard(open, 'connect')
    main.socket.disconnect()
    await untilTrue(() => app.io.sockets.sockets.size === 0)
    using next = await dial(app.url, { cookie })
    expect(next.error).toBeUndefined()
    expect(open.connected).toBe(true)
    open.disconnect()
  })

  it('a middleware of the app that throws ends nothing', async () => {
    await using app = await loginApp({ ...guarded, limits: { connectionsPerUser: 1 } })
    app.io.use(() => {
      throw new Error('as a test wants it')
    })
    using client = await dial(app.url, { cookie: (await app.login(7)).cookie })
    expect(client.error?.data).toEqual({ code: 'HANDLER_ERROR' })
  })
})

describe('connection state recovery', () => {
  it('83: is refused where it is switched on', async () => {
    await expect(loginApp({ ...guarded, io: { connectionStateRecovery: {} } })).rejects.toThrow(TypeError)
    await expect(loginApp({ ...guarded, io: { connectionStateRecovery: {} } })).rejects.toThrow(/Leave it out/)
  })

  it('83: twin: with it, the cookie of another user restores the rooms of the first', async () => {
    await using app = await loginApp({
      io: { connectionStateRecovery: {} },
      prepare: (_app, io, login) => {
        io.engine.use(login)
        io.use(({ request }, next) => {
          const { session } = request as unknown as { session: { userId?: number } }
          next(session.userId === 1 ? undefined : new Error('alice only'))
        })
      },
    })
    const [alice, bob] = [await app.login(1), await app.login(2)]
    app.io.on('connection', (socket) => void socket.join('alice'))
    const { socket } = await dial(app.url, { cookie: alice.cookie })
    app.io.to('alice').emit('secret', 1)
    await heard(socket, 'secret')
    const { _pid: pid, _lastOffset: offset } = socket as unknown as { _pid: string; _lastOffset: string }
    socket.io.engine.close()
    await untilTrue(() => app.io.sockets.sockets.size === 0)
    using refused = await dial(app.url, { cookie: bob.cookie })
    expect(refused.error?.message).toBe('alice only')
    using thief = await dial(app.url, { cookie: bob.cookie, auth: { pid, offset } })
    expect(thief.error).toBeUndefined()
    app.io.to('alice').emit('secret', 2)
    expect(await heard(thief.socket, 'secret')).toBe(2)
  })
})

describe('a refused connection', () => {
  it('is closed by the server where the client does not', async () => {
    const clock = new ManualClock()
    await using app = await loginApp({ ...guarded, clock })
    const sid = await openByHand(app.url)
    await ask(app.url, `${POLL}&sid=${sid}`, { body: '40' })
    expect((await ask(app.url, `${POLL}&sid=${sid}`)).body).toContain('UNAUTHENTICATED')
    await clock.advance(999)
    expect(app.io.engine.clientsCount).toBe(1)
    await clock.advance(1)
    expect(app.io.engine.clientsCount).toBe(0)
  })

  it('is dropped where the client does not even fetch the refusal', async () => {
    const clock = new ManualClock()
    await using app = await loginApp({ ...guarded, clock })
    const sid = await openByHand(app.url)
    await ask(app.url, `${POLL}&sid=${sid}`, { body: '40' })
    await clock.advance(1_000)
    expect(app.io.engine.clientsCount).toBe(1)
    await clock.advance(5_000)
    expect(app.io.engine.clientsCount).toBe(0)
  })

  it('twin: without the guard it stays', async () => {
    const clock = new ManualClock()
    await using app = await loginApp({
      clock,
      prepare: (_app, io) => void io.use((_socket, next) => next(new Error('no'))),
    })
    const sid = await openByHand(app.url)
    await ask(app.url, `${POLL}&sid=${sid}`, { body: '40' })
    expect((await ask(app.url, `${POLL}&sid=${sid}`)).body).toContain('no')
    await clock.advance(60_000)
    expect(app.io.engine.clientsCount).toBe(1)
  })

  it('leaves the app its other namespaces, on the same connection', async () => {
    const clock = new ManualClock()
    await using app = await loginApp({ ...guarded, clock, prepare: (_app, io) => void io.of('/public') })
    using open = await dial(app.url, { namespace: '/public' })
    expect(open.error).toBeUndefined()
    const main = open.socket.io.socket('/', {})
    expect(await heard(main, 'connect_error')).toMatchObject({ data: { code: 'UNAUTHENTICATED' } })
    await clock.advance(60_000)
    expect(open.socket.connected).toBe(true)
    app.io.of('/public').emit('news', 1)
    expect(await heard(open.socket, 'news')).toBe(1)
  })
})
