// Clients that open a connection and then say nothing: we end it, whatever the app's `connectTimeout` is.
import { connect, type Socket } from 'node:net'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { bySession, type LoginApp, loginApp } from '../../support/loginApp'
import { RawClient } from '../../support/rawClient'
import { ask, dial, openByHand, POLL, untilTrue } from '../../support/socketClients'

const AUTHENTICATE_MS = 30_000
/** The app would not end them in the time of a test. */
const patient = { io: { connectTimeout: 600_000 } }

const portOf = ({ url }: LoginApp): number => Number(new URL(url).port)

interface Opened {
  /** Its line is closed, where it has one of its own. */
  isClosed(): boolean
  leave(): void
}

/** A poll has no line that stays open. */
const NO_LINE: Opened = { isClosed: () => true, leave: () => {} }

/** Each opens a connection that never enters a namespace. */
const silent: readonly (readonly [who: string, open: (app: LoginApp) => Promise<Opened>])[] = [
  [
    'a WebSocket that says nothing',
    async (app) => {
      const client = await RawClient.open(portOf(app), null)
      return { isClosed: () => client.closed, leave: () => client.close() }
    },
  ],
  [
    'a WebSocket that reads nothing, and never says goodbye',
    async (app) => {
      let server: Socket | undefined
      app.io.httpServer.once('connection', (socket: Socket) => {
        server = socket
      })
      const client = await RawClient.open(portOf(app), null)
      client.stall()
      return { isClosed: () => server?.destroyed === true, leave: () => client.close() }
    },
  ],
  [
    'a poll that is never asked again',
    async (app) => {
      await openByHand(app.url)
      return NO_LINE
    },
  ],
  [
    'a body that trickles',
    async (app) => {
      const sid = await openByHand(app.url)
      const client = connect(portOf(app), '127.0.0.1')
      client.on('error', () => {})
      client.resume()
      client.write(`POST /socket.io/?${POLL}&sid=${sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4`)
      return { isClosed: () => client.closed, leave: () => void client.destroy() }
    },
  ],
  [
    'somebody who names a namespace that is not there',
    async (app) => {
      const sid = await openByHand(app.url)
      await ask(app.url, `${POLL}&sid=${sid}`, { body: '40/nowhere,' })
      return NO_LINE
    },
  ],
  [
    'somebody whom a middleware of the app never answers',
    async (app) => {
      let asked = false
      app.io.of('/slow').use(() => {
        asked = true
      })
      const sid = await openByHand(app.url)
      await ask(app.url, `${POLL}&sid=${sid}`, { body: '40/slow,' })
      await untilTrue(() => asked)
      return NO_LINE
    },
  ],
]

describe('a connection that never enters a namespace', () => {
  it.each(silent)('49: is closed after 30 seconds: %s', async (_, open) => {
    const clock = new ManualClock()
    await using app = await loginApp({ authenticate: bySession, clock, ...patient })
    const { isClosed, leave } = await open(app)
    await untilTrue(() => app.io.engine.clientsCount === 1)
    await clock.advance(AUTHENTICATE_MS - 1)
    expect(app.io.engine.clientsCount).toBe(1)
    await clock.advance(1)
    expect(app.io.engine.clientsCount).toBe(0)
    await untilTrue(isClosed)
    const reason = 'entered no namespace in time'
    expect(app.signals.filter((signal) => signal.name === 'refused' && signal.reason === reason)).toHaveLength(1)
    leave()
  })

  it.each(silent)('49: twin: without the guard it stays: %s', async (_, open) => {
    const clock = new ManualClock()
    await using app = await loginApp({ clock, ...patient })
    const { leave } = await open(app)
    await untilTrue(() => app.io.engine.clientsCount === 1)
    await clock.advance(10 * AUTHENTICATE_MS)
    expect(app.io.engine.clientsCount).toBe(1)
    leave()
  })
})

it.each(['/', '/public'])('49: who has entered %s stays, and so does who has upgraded meanwhile', async (namespace) => {
  const clock = new ManualClock(Date.now())
  await using app = await loginApp({
    authenticate: bySession,
    clock,
    prepare: (_app, io) => void io.of('/public'),
    ...patient,
  })
  const { cookie } = await app.login(7)
  using client = await dial(app.url, { namespace, cookie, transports: ['polling', 'websocket'] })
  await untilTrue(() => client.socket.io.engine.transport.name === 'websocket')
  await clock.advance(10 * AUTHENTICATE_MS)
  expect([client.socket.connected, app.io.engine.clientsCount]).toEqual([true, 1])
})
