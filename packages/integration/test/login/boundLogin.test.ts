// Somebody has got hold of the id of another's connection. It is not enough.
import { connect, type Socket } from 'node:net'
import type { Authenticator } from '@progress/server'
import { describe, expect, it } from 'vitest'
import { bySession, type LoginApp, loginApp } from '../../support/loginApp'
import { ask, dial, openByHand, POLL, untilTrue, upgrade } from '../../support/socketClients'

const guarded = { authenticate: bySession }
const WEBSOCKET = 'EIO=4&transport=websocket'
const ACT = '42["act"]'

/** A user who polls, and all that the server takes for her acts. */
async function pollingUser(app: LoginApp, user: number) {
  const acts: string[] = []
  app.io.on('connection', (socket) => socket.on('act', () => acts.push(socket.id)))
  const { cookie, loginId } = await app.login(user)
  const { socket } = await dial(app.url, { transports: ['polling'], cookie })
  return { cookie, loginId, socket, sid: socket.io.engine.id ?? '', acts }
}

/** What somebody who has the id of alice’s connection may show of a login. */
const thieves: readonly (readonly [shows: string, headers: (app: LoginApp, alice: string) => Promise<object>])[] = [
  ['no cookie', async () => ({})],
  ['a broken cookie', async (_, cookie) => ({ cookie: `${cookie}x` })],
  ['the cookie of another user', async (app) => ({ cookie: (await app.login(2)).cookie })],
  ['another login of the same user', async (app) => ({ cookie: (await app.login(1)).cookie })],
]

describe('a stolen engine id', () => {
  it.each(thieves)('84: is refused with %s', async (_, show) => {
    await using app = await loginApp(guarded)
    const alice = await pollingUser(app, 1)
    const headers = (await show(app, alice.cookie)) as Record<string, string>
    expect((await ask(app.url, `${POLL}&sid=${alice.sid}`, { headers, body: ACT })).status).toBe(400)
    expect((await ask(app.url, `${POLL}&sid=${alice.sid}`, { headers })).status).toBe(400)
    expect((await upgrade(app.url, `${WEBSOCKET}&sid=${alice.sid}`, headers)).status).toBe(400)
    expect(alice.acts).toEqual([])
    alice.socket.emit('act')
    await untilTrue(() => alice.acts.length === 1)
    expect(app.signals.filter(({ name }) => name === 'refused')).toHaveLength(3)
    alice.socket.disconnect()
  })

  it.each(thieves)('84: twin: without the guard, with %s it acts as its owner', async (_, show) => {
    await using app = await loginApp()
    const alice = await pollingUser(app, 1)
    const headers = (await show(app, alice.cookie)) as Record<string, string>
    const asked = { headers, body: ACT }
    expect(await ask(app.url, `${POLL}&sid=${alice.sid}`, asked)).toEqual({ status: 200, body: 'ok' })
    expect((await upgrade(app.url, `${WEBSOCKET}&sid=${alice.sid}`, headers)).status).toBe(101)
    expect(alice.acts).toHaveLength(1)
    alice.socket.disconnect()
  })

  it('84: is refused before its owner has even said hello', async () => {
    await using app = await loginApp(guarded)
    const { cookie } = await app.login(1)
    const sid = await openByHand(app.url, { cookie })
    expect((await ask(app.url, `${POLL}&sid=${sid}`, { body: '40' })).status).toBe(400)
    expect((await ask(app.url, `${POLL}&sid=${sid}`, { headers: { cookie }, body: '40' })).status).toBe(200)
    await untilTrue(() => app.io.sockets.sockets.size === 1)
  })

  it('84: twin: without the guard, somebody else says hello as its owner', async () => {
    await using app = await loginApp()
    const { cookie } = await app.login(1)
    const sid = await openByHand(app.url, { cookie })
    expect((await ask(app.url, `${POLL}&sid=${sid}`, { body: '40' })).status).toBe(200)
    await untilTrue(() => app.io.sockets.sockets.size === 1)
    expect([...app.io.sockets.sockets.values()].map(({ request }) => request.headers.cookie)).toEqual([cookie])
  })

  it('84: stays refused after its owner has logged out', async () => {
    await using app = await loginApp(guarded)
    const alice = await pollingUser(app, 1)
    await app.logout(alice.cookie)
    expect((await ask(app.url, `${POLL}&sid=${alice.sid}`, { body: ACT })).status).toBe(400)
    expect(alice.acts).toEqual([])
    alice.socket.disconnect()
  })

  it('84: twin: without the guard it acts as its owner who has logged out', async () => {
    await using app = await loginApp()
    const alice = await pollingUser(app, 1)
    await app.logout(alice.cookie)
    expect((await ask(app.url, `${POLL}&sid=${alice.sid}`, { body: ACT })).status).toBe(200)
    expect(alice.acts).toHaveLength(1)
    alice.socket.disconnect()
  })
})

it('84: an upgrade that breaks off while its login is read ends nothing', async () => {
  let reads = 0
  let answer = (): void => {}
  const slowStore: Authenticator = ({ headers }) => {
    if (headers.get('cookie') === 'user=alice') return { userId: 'alice' }
    reads += 1
    return new Promise((resolve) => {
      answer = () => resolve({ userId: 'alice' })
    })
  }
  await using app = await loginApp({ authenticate: () => slowStore })
  using alice = await dial(app.url, { transports: ['polling'], cookie: 'user=alice' })
  const peers: Socket[] = []
  app.io.httpServer.on('connection', (peer: Socket) => peers.push(peer))
  const client = connect(Number(new URL(app.url).port), '127.0.0.1')
  client.write(`GET /socket.io/?${WEBSOCKET}&sid=${alice.socket.io.engine.id} HTTP/1.1\r\nHost: a\r\n`)
  client.write('Connection: Upgrade\r\nUpgrade: websocket\r\nCookie: user=alice; other=1\r\n\r\n')
  await untilTrue(() => reads === 1)
  const peer = peers.find(({ remotePort }) => remotePort === client.localPort)
  // `once` would hear the error itself, and hide that nobody else does.
  const closed = new Promise((resolve) => peer?.on('close', resolve))
  client.resetAndDestroy()
  await closed
  answer()
  expect(alice.socket.connected).toBe(true)
})

describe('the owner', () => {
  it('goes on while load balancers and trackers change the other cookies', async () => {
    await using app = await loginApp(guarded)
    const alice = await pollingUser(app, 1)
    const headers = { cookie: `${alice.cookie}; AWSALB=other` }
    const before = app.store.reads
    for (const _ of ['first', 'second']) {
      expect((await ask(app.url, `${POLL}&sid=${alice.sid}`, { headers, body: ACT })).status).toBe(200)
    }
    expect(alice.acts).toHaveLength(2)
    expect(app.store.reads - before).toBe(1)
    alice.socket.disconnect()
  })

  it('goes on with a token, which no later request carries', async () => {
    const byToken: Authenticator = ({ token }) => (token === 'good' ? { userId: 7 } : null)
    await using app = await loginApp({ authenticate: () => byToken })
    using client = await dial(app.url, { transports: ['polling', 'websocket'], auth: { token: 'good' } })
    await untilTrue(() => client.socket.io.engine.transport.name === 'websocket')
  })

  it('goes on with a bearer header on every request', async () => {
    const byToken: Authenticator = ({ token }) => (token === 'good' ? { userId: 7 } : null)
    await using app = await loginApp({ authenticate: () => byToken })
    const headers = { authorization: 'Bearer good' }
    using client = await dial(app.url, { transports: ['polling'], headers })
    const sid = client.socket.io.engine.id
    expect((await ask(app.url, `${POLL}&sid=${sid}`, { headers, body: ACT })).status).toBe(200)
    expect((await ask(app.url, `${POLL}&sid=${sid}`, { body: ACT })).status).toBe(400)
  })
})
