// Pages of other sites, with the visitor's own cookie: what a browser lets them send does not come in.
import { describe, expect, it } from 'vitest'
import { bySession, loginApp } from '../../support/loginApp'
import { ask, dial, POLL, TRANSPORTS, upgrade } from '../../support/socketClients'

const GOOD = 'https://good.example'
const guarded = { authenticate: bySession }
const WEBSOCKET = 'EIO=4&transport=websocket'

describe.each(TRANSPORTS.map((transports) => ({ transports })))('over $transports', ({ transports }) => {
  it.each(['https://evil.example', 'null'])('62: a page of %s is refused, whatever CORS allows', async (origin) => {
    await using app = await loginApp({ ...guarded, origins: [GOOD], io: { cors: { origin: true, credentials: true } } })
    const { cookie } = await app.login(7)
    using client = await dial(app.url, { transports, cookie, headers: { origin } })
    expect(client.error).toBeDefined()
    expect(app.io.sockets.sockets.size).toBe(0)
    expect(app.signals).toContainEqual({ name: 'refused', code: 'FORBIDDEN_ORIGIN', reason: 'origin' })
  })

  it('62: pages of this host and of listed ones come in, and programs that send no origin', async () => {
    await using app = await loginApp({ ...guarded, origins: [GOOD] })
    const { cookie } = await app.login(7)
    for (const headers of [{ origin: app.url }, { origin: GOOD }, {}] as Record<string, string>[]) {
      using client = await dial(app.url, { transports, cookie, headers })
      expect(client.error).toBeUndefined()
    }
  })

  it.each(['cross-site', 'same-site'])(
    '64: what a browser says is %s is refused without an origin, too',
    async (site) => {
      await using app = await loginApp(guarded)
      const { cookie } = await app.login(7)
      using client = await dial(app.url, { transports, cookie, headers: { 'sec-fetch-site': site } })
      expect(client.error).toBeDefined()
      expect(app.io.sockets.sockets.size).toBe(0)
    },
  )
})

it('62, 64: twin: without the guard, the page of another site is connected as the visitor', async () => {
  // CORS does not cover WebSockets.
  await using app = await loginApp({
    io: { cors: { origin: GOOD } },
    prepare: (_app, io, login) => void io.engine.use(login),
  })
  const { cookie } = await app.login(7)
  const users: unknown[] = []
  app.io.on('connection', ({ request }) => users.push(request as unknown))
  using client = await dial(app.url, {
    cookie,
    headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  })
  expect(client.error).toBeUndefined()
  expect(users).toMatchObject([{ session: { userId: 7 } }])
})

const tricks = [
  'https://good.example.evil.com',
  'https://evil.com/https://good.example',
  'https://good.example@evil.com',
  'http://good.example',
  'https://good.example:8443',
  'https://good.example:443',
  'https://good.example.',
  'https://good.example/',
  'https://GOOD.example',
  'HTTPS://good.example',
  'https://xn--god-sna.example',
  'https://göod.example',
  'https://sub.good.example',
  'good.example',
  'null',
  '*',
  `${GOOD}, ${GOOD}`,
]

it.each(tricks)('63: an origin of %s is not the listed one', async (trick) => {
  await using app = await loginApp({ ...guarded, origins: [GOOD] })
  const headers = { origin: Buffer.from(trick).toString('latin1') }
  expect((await ask(app.url, POLL, { headers })).status).toBe(400)
  expect((await upgrade(app.url, WEBSOCKET, headers)).status).toBe(400)
  expect(app.io.engine.clientsCount).toBe(0)
})

it('63: twin: a rule that only looks how the origin begins is taken in', async () => {
  await using app = await loginApp({
    prepare: (_app, io) =>
      io.engine.use((req: { headers: { origin?: string } }, _res: unknown, next: (error?: Error) => void) =>
        next(req.headers.origin?.startsWith(GOOD) ? undefined : new Error('origin')),
      ),
  })
  expect((await ask(app.url, POLL, { headers: { origin: 'https://evil.com' } })).status).toBe(400)
  expect((await ask(app.url, POLL, { headers: { origin: 'https://good.example.evil.com' } })).status).toBe(200)
})

it('62: every request is asked for its origin, not the first alone', async () => {
  await using app = await loginApp(guarded)
  const { cookie } = await app.login(7)
  using client = await dial(app.url, { transports: ['polling'], cookie })
  const sid = client.socket.io.engine.id
  const headers = { cookie, origin: 'https://evil.example' }
  expect((await ask(app.url, `${POLL}&sid=${sid}`, { headers, body: '42["x"]' })).status).toBe(400)
  expect((await upgrade(app.url, `${WEBSOCKET}&sid=${sid}`, headers)).status).toBe(400)
  expect(client.socket.connected).toBe(true)
})

it('62: twin: where only the first request is asked, a later one of another site acts as the visitor', async () => {
  await using app = await loginApp({
    prepare: (_app, io) =>
      io.engine.use(
        (
          { _query: { sid }, headers }: { _query: { sid?: string }; headers: { origin?: string } },
          _res: unknown,
          next: (error?: Error) => void,
        ) => next(!sid && headers.origin ? new Error('origin') : undefined),
      ),
  })
  const heard: unknown[] = []
  app.io.on('connection', (socket) => socket.on('x', () => heard.push('x')))
  const { cookie } = await app.login(7)
  using client = await dial(app.url, { transports: ['polling'], cookie })
  const headers = { cookie, origin: 'https://evil.example' }
  expect((await ask(app.url, POLL, { headers })).status).toBe(400)
  const later = `${POLL}&sid=${client.socket.io.engine.id}`
  expect((await ask(app.url, later, { headers, body: '42["x"]' })).status).toBe(200)
  expect(heard).toEqual(['x'])
})
