// A login ends while somebody is connected by it: from then on nothing reaches them, and nobody else notices.
import { ManualClock } from '@progress/protocol/testing'
import { type Authenticator, sessionAuth } from '@progress/server'
import { describe, expect, it } from 'vitest'
import { bySession, type LoginApp, loginApp } from '../../support/loginApp'
import { dial, heard, TRANSPORTS, untilTrue } from '../../support/socketClients'

const authenticate = bySession
const EVERY_MS = 30_000

/** A connected client, and what it has heard. */
async function watcher(app: LoginApp, cookie: string, transports: readonly string[] = ['websocket']) {
  const { socket } = await dial(app.url, { cookie, transports })
  const ticks: number[] = []
  const byes: unknown[] = []
  socket.on('tick', (n: number) => ticks.push(n))
  socket.on('progress-bye', (bye: unknown) => byes.push(bye))
  return { socket, ticks, byes, [Symbol.dispose]: () => void socket.disconnect() }
}

/** Sends a hundred events to all, and waits until somebody has them. */
async function tickAll(app: LoginApp, somebody: { readonly ticks: readonly number[] }): Promise<void> {
  const before = somebody.ticks.length
  for (let n = 0; n < 100; n++) app.io.emit('tick', n)
  await untilTrue(() => somebody.ticks.length === before + 100)
}

describe.each(TRANSPORTS.map((transports) => ({ transports })))('a logout, over $transports', ({ transports }) => {
  it('66: with revoke, is the end of that login at once, and of no other', async () => {
    await using app = await loginApp({ authenticate })
    const here = await app.login(7)
    const elsewhere = await app.login(7)
    using leaving = await watcher(app, here.cookie, transports)
    using staying = await watcher(app, elsewhere.cookie, transports)
    await tickAll(app, leaving)
    await app.logout(here.cookie)
    const gone = heard(leaving.socket, 'disconnect')
    await app.revoke({ loginId: here.loginId })
    await tickAll(app, staying)
    expect(await gone).toBe('io server disconnect')
    expect(leaving.byes).toEqual([{ code: 'REVOKED' }])
    expect(leaving.ticks).toHaveLength(100)
    expect(staying.socket.connected).toBe(true)
  })

  it('66: without revoke, is the end within 30 seconds', async () => {
    const clock = new ManualClock(Date.now())
    await using app = await loginApp({ authenticate, clock })
    const here = await app.login(7)
    const elsewhere = await app.login(7)
    using leaving = await watcher(app, here.cookie, transports)
    using staying = await watcher(app, elsewhere.cookie, transports)
    await app.logout(here.cookie)
    const gone = heard(leaving.socket, 'disconnect')
    await clock.advance(EVERY_MS)
    await gone
    await tickAll(app, staying)
    expect(leaving.byes).toEqual([{ code: 'EXPIRED' }])
    expect(leaving.ticks).toEqual([])
  })
})

it('66, 67: twin: without rechecks, who has logged out hears on', async () => {
  await using app = await loginApp({ prepare: (_app, io, login) => void io.engine.use(login) })
  const { cookie } = await app.login(7)
  using leaving = await watcher(app, cookie)
  await app.logout(cookie)
  await tickAll(app, leaving)
  expect(leaving.socket.connected).toBe(true)
})

it('66: a user is revoked with all logins', async () => {
  await using app = await loginApp({ authenticate })
  const logins = [await app.login(7), await app.login(7), await app.login(8)]
  const [one, two, other] = await Promise.all(logins.map(({ cookie }) => watcher(app, cookie)))
  if (!one || !two || !other) throw new Error('three watchers')
  const gone = Promise.all([heard(one.socket, 'disconnect'), heard(two.socket, 'disconnect')])
  await app.revoke({ userId: 7 })
  await gone
  expect([one.byes, two.byes, other.byes]).toEqual([[{ code: 'REVOKED' }], [{ code: 'REVOKED' }], []])
  other.socket.disconnect()
})

it('67: a session that runs out while connected is the end within 30 seconds', async () => {
  const clock = new ManualClock(Date.now())
  await using app = await loginApp({ authenticate, clock })
  const { cookie, loginId } = await app.login(7)
  using client = await watcher(app, cookie)
  const gone = heard(client.socket, 'disconnect')
  const ended = { originalMaxAge: 1, expires: new Date(1) }
  app.store.set(loginId, { userId: 7, username: '', cookie: ended as never })
  await clock.advance(EVERY_MS - 1)
  expect(client.socket.connected).toBe(true)
  await clock.advance(1)
  await gone
  expect(client.byes).toEqual([{ code: 'EXPIRED' }])
})

it('67: a login that says when it expires is over at that millisecond', async () => {
  const clock = new ManualClock()
  const expiresAt = clock.now() + 12_345
  await using app = await loginApp({ authenticate: () => () => ({ userId: 7, expiresAt }), clock })
  using client = await watcher(app, '')
  const gone = heard(client.socket, 'disconnect')
  await clock.advance(12_344)
  expect(app.io.sockets.sockets.size).toBe(1)
  await clock.advance(1)
  expect(app.io.sockets.sockets.size).toBe(0)
  await gone
  expect(client.byes).toEqual([{ code: 'EXPIRED' }])
})

it('a login that was prolonged meanwhile goes on', async () => {
  const clock = new ManualClock(Date.now())
  await using app = await loginApp({
    authenticate: (login) =>
      sessionAuth(login, (s) =>
        s.userId ? { userId: s.userId, ...(s.username && { expiresAt: Number(s.username) }) } : null,
      ),
    clock,
  })
  const { cookie, loginId } = await app.login(7)
  const until = (at: number) =>
    new Promise<void>((resolve) => {
      const stored = { userId: 7, username: String(at), cookie: { originalMaxAge: null } }
      app.store.set(loginId, stored as never, () => resolve())
    })
  await until(clock.now() + 10_000)
  using client = await watcher(app, cookie)
  await until(clock.now() + 20_000)
  await clock.advance(10_000)
  await tickAll(app, client)
  const gone = heard(client.socket, 'disconnect')
  await clock.advance(10_000)
  await gone
})

it('a store that is away ends connections as something to try again', async () => {
  const clock = new ManualClock(Date.now())
  await using app = await loginApp({ authenticate, clock })
  const { cookie } = await app.login(7)
  using client = await watcher(app, cookie)
  const gone = heard(client.socket, 'disconnect')
  app.store.broken = true
  await clock.advance(EVERY_MS)
  await gone
  expect(client.byes).toEqual([{ code: 'UNAVAILABLE' }])
})

describe('a store that says it is disconnected, and then connected again', () => {
  it('66: ends connections as something to try again, and lets them in when it is back', async () => {
    const clock = new ManualClock(Date.now())
    await using app = await loginApp({ authenticate, clock })
    const { cookie } = await app.login(7)
    using client = await watcher(app, cookie)
    const gone = heard(client.socket, 'disconnect')
    app.store.emit('disconnect')
    await clock.advance(EVERY_MS)
    await gone
    expect(client.byes).toEqual([{ code: 'UNAVAILABLE' }])
    using early = await dial(app.url, { cookie })
    expect(early.error?.data).toEqual({ code: 'UNAVAILABLE' })
    app.store.emit('connect')
    using back = await dial(app.url, { cookie })
    expect(back.error).toBeUndefined()
  })

  it('66: is not noticed where it is back before the next look', async () => {
    const clock = new ManualClock(Date.now())
    await using app = await loginApp({ authenticate, clock })
    using client = await watcher(app, (await app.login(7)).cookie)
    app.store.emit('disconnect')
    await clock.advance(EVERY_MS - 1)
    app.store.emit('connect')
    await clock.advance(EVERY_MS)
    await tickAll(app, client)
    expect([client.byes, client.ticks.length]).toEqual([[], 100])
  })

  it('66: twin: where no session means nobody, it sends everybody to the login page', async () => {
    const clock = new ManualClock(Date.now())
    const nobody = (login: Parameters<typeof bySession>[0]): Authenticator => {
      const read = bySession(login)
      return async (request) => {
        try {
          return await read(request)
        } catch {
          return null
        }
      }
    }
    await using app = await loginApp({ authenticate: nobody, clock })
    const { cookie } = await app.login(7)
    using client = await watcher(app, cookie)
    const gone = heard(client.socket, 'disconnect')
    app.store.emit('disconnect')
    await clock.advance(EVERY_MS)
    await gone
    expect(client.byes).toEqual([{ code: 'EXPIRED' }])
    using early = await dial(app.url, { cookie })
    expect(early.error?.data).toEqual({ code: 'UNAUTHENTICATED' })
  })
})

it('79: who was revoked while shaking hands does not stay', async () => {
  // The login was read before the logout, the connection is there after it.
  const users = new Set([7])
  const answers: (() => void)[] = []
  const slowStore: Authenticator = () => {
    const read = users.has(7) ? { userId: 7 } : null
    return new Promise((resolve) => answers.push(() => resolve(read)))
  }
  await using app = await loginApp({ authenticate: () => slowStore })
  const dialling = watcher(app, '')
  await untilTrue(() => answers.length === 1)
  users.delete(7)
  await app.revoke({ userId: 7 })
  answers[0]?.()
  using client = await dialling
  await untilTrue(() => answers.length === 2)
  answers[1]?.()
  await heard(client.socket, 'disconnect')
  expect(client.byes).toEqual([{ code: 'EXPIRED' }])
})

it('79: twin: unless it is looked at once more, who has logged out while shaking hands stays', async () => {
  const users = new Set([7])
  const answers: (() => void)[] = []
  const slowStore: Authenticator = () => {
    const read = users.has(7) ? { userId: 7 } : null
    return new Promise((resolve) => answers.push(() => resolve(read)))
  }
  await using app = await loginApp({ authenticate: () => slowStore })
  const dialling = watcher(app, '')
  await untilTrue(() => answers.length === 1)
  users.delete(7) // and nobody says so
  answers[0]?.()
  using client = await dialling
  await tickAll(app, client)
  expect([client.socket.connected, answers.length]).toEqual([true, 1])
})
