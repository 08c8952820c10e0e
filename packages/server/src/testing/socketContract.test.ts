// The double of Socket.IO, and Socket.IO itself, held to the same facts.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io as connect, type Socket as RealClient } from 'socket.io-client'
import { describe, expect, it } from 'vitest'
import { ProgressTracker } from '../progressTracker'
import { serveProgress } from '../serve'
import type { SocketLike } from '../socket/socketLike'
import { FakeClient } from './fakeClient'
import { FakeServer } from './fakeServer'
import { type ContractServer, type ContractWorld, SOCKET_CONTRACT, type Told } from './socketContract.test-kit'

const DEADLINE_MS = 5_000

/** A world, and what ends it. */
type Made = ContractWorld & AsyncDisposable

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + DEADLINE_MS
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`it never came to be that ${isSo}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function fakeWorld(): Promise<Made> {
  const io = new FakeServer()
  const connected: SocketLike[] = []
  io.on('connection', (socket) => connected.push(socket))
  return {
    io: io as ContractServer,
    connected,
    until,
    dial(auth = {}) {
      const told: Told[] = []
      const client = FakeClient.dial(
        io,
        {
          opened: () => told.push(['open']),
          refused: (message, data) => told.push(['refused', { message, data }]),
          event: (name, payload) => told.push([name, payload]),
          ended: (reason) => told.push(['ended', reason]),
        },
        { auth },
      )
      return {
        told,
        send: (event, args, answer) => client.send(event, args, answer),
        disconnect: () => client.disconnect(),
        cut: () => client.cut(),
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

async function realWorld(): Promise<Made> {
  const http = createServer()
  const io = new Server(http, { serveClient: false })
  const clients: RealClient[] = []
  const connected: SocketLike[] = []
  io.on('connection', (socket) => connected.push(socket as unknown as SocketLike))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    io: io as unknown as ContractServer,
    connected,
    until,
    dial(auth = {}) {
      const told: Told[] = []
      const client = connect(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth })
      clients.push(client)
      client.on('connect', () => told.push(['open']))
      client.on('connect_error', ({ message, data }: Error & { data?: unknown }) => {
        told.push(['refused', { message, data }])
      })
      client.onAny((name: string, payload: unknown) => told.push([name, payload]))
      client.on('disconnect', (reason) => told.push(['ended', reason]))
      return {
        told,
        send: (event, args, answer) => void client.emit(event, ...args, ...(answer ? [answer] : [])),
        disconnect: () => void client.disconnect(),
        cut: () => wireOf(client).terminate(),
      }
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close()
      await io.close()
    },
  }
}

/** The WebSocket of `ws` below a real client. */
function wireOf(client: RealClient): { terminate(): void } {
  const { transport } = client.io.engine as unknown as { readonly transport: { readonly ws: { terminate(): void } } }
  return transport.ws
}

describe.each([
  ['the double', fakeWorld],
  ['Socket.IO itself', realWorld],
] as const)('%s', (_, make) => {
  it.each(Object.entries(SOCKET_CONTRACT))('%s', async (_fact, holds) => {
    await using world = await make()
    await holds(world)
  })
})

describe('the contract', () => {
  /** Doubles that are wrong in one thing each, and the fact that finds it. */
  const planted: readonly (readonly [wrong: string, fact: string, plant: (io: FakeServer) => void])[] = [
    [
      'leaves nobody out',
      'who is in an excepted room is left out, whatever else they are in',
      (io) => {
        const { local } = io
        Object.defineProperty(io, 'local', {
          get: () => ({ ...local, to: (room: string) => ({ ...local.to(room), except: () => local.to(room) }) }),
        })
      },
    ],
    [
      'never lets a room go',
      'a room reaches those who are in it, until they leave',
      (io) => {
        io.leave = () => {}
      },
    ],
    [
      'lets in whoever is refused',
      'a middleware that refuses is heard with its message and its data, and nobody has come in',
      (io) => {
        io.use = () => io
      },
    ],
    [
      'has no namespace from the start',
      'the root namespace is there from the start, and an engine connection is told before it enters it',
      (io) => io._nsps.clear(),
    ],
    [
      'keeps those who have gone in their rooms',
      'a server that ends a connection is heard to the end, and leaves it in no room',
      (io) => {
        io.remove = () => {}
      },
    ],
  ]

  it.each(planted)('twin: finds a double that %s', async (_wrong, fact, plant) => {
    const world = await fakeWorld()
    plant(world.io as unknown as FakeServer)
    const isQuick: ContractWorld = { ...world, until: (isSo) => quickly(isSo) }
    await expect(SOCKET_CONTRACT[fact]?.(isQuick)).rejects.toThrow()
  })

  /** Nothing in a double takes longer than this many turns of the event loop. */
  async function quickly(isSo: () => boolean): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    if (!isSo()) throw new Error(`it never came to be that ${isSo}`)
  }
})

describe('a tracker that is served over the double', () => {
  it('takes a real handshake, its commands and its end', async () => {
    const io = new FakeServer()
    const tracker = new ProgressTracker(io)
    await using progress = serveProgress(tracker, { authenticate: ({ token }) => (token ? { userId: token } : null) })
    const told: unknown[] = []
    const listen = {
      refused: (_message: string, data: unknown) => told.push(data),
      event: (name: string) => told.push(name),
      ended: (reason: string) => told.push(reason),
    }
    FakeClient.dial(io, listen)
    await until(() => told.length > 0)
    expect(told.splice(0)).toEqual([{ code: 'UNAUTHENTICATED' }])
    const client = FakeClient.dial(io, listen, { auth: { token: 'ada' } })
    await until(() => client.isOpen)
    const id = tracker.createSession({}, { owner: 'ada' })
    const answer = await new Promise((resolve) => client.send('join-progress', [id], resolve))
    expect(answer).toMatchObject({ success: true, status: { sessionId: id } })
    tracker.completeSession(id)
    await progress.close()
    await until(() => told.length > 2)
    expect(told).toEqual(['progress-complete', 'progress-bye', 'io server disconnect'])
  })
})
