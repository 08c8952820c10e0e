// The double of `socket.io-client` that the test build has in its place, and the real one, held to the same facts.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket as NetSocket } from 'node:net'
import { BareServer, type ViewerPlace } from '@progress/server/conformance'
import { Server } from 'socket.io'
import { io as realIo } from 'socket.io-client'
import { describe, expect, it } from 'vitest'
import { addressOf } from '../contract/places'
import { type Dial, DoubleSocket, io as doubleIo } from '../contract/socketDouble'
import { DIAL_FACTS } from '../support/clientSocketDials'
import { LINE_FACTS } from '../support/clientSocketLines'
import type { ClientSocket, ClientWorld, FarSocket } from '../support/clientSocketWorld'
import { untilTrue } from '../support/socketClients'

const FACTS = { ...DIAL_FACTS, ...LINE_FACTS }

/** A world, and what ends it. */
type Made = ClientWorld & AsyncDisposable

/** As `packages/client/src/transport/socket.ts` dials; and were it to dial again by itself, it would do so at once. */
const OPTIONS = {
  path: '/socket.io',
  transports: ['websocket', 'polling'],
  tryAllTransports: true,
  reconnection: false,
  reconnectionDelay: 1,
  randomizationFactor: 0,
  forceNew: true,
  autoConnect: false,
  timeout: 3_000,
  withCredentials: false,
}

/** The double, by the lines that the model has. */
async function doubleWorld(wrong?: (dial: Dial) => DoubleSocket): Promise<Made> {
  const bare = new BareServer()
  const dial: Dial = (listener, auth) => bare.dial(listener, auth)
  const address = addressOf({ name: 'double', dial } as Partial<ViewerPlace> as ViewerPlace)
  const connected: FarSocket[] = []
  bare.io.on('connection', (far) => connected.push(far))
  return {
    server: bare.io,
    connected,
    until: untilTrue,
    io: () => wrong?.(dial) ?? doubleIo(address),
    hide() {
      bare.isUp = false
    },
    cut: () => bare.cut(),
    async [Symbol.asyncDispose]() {},
  }
}

async function realWorld(): Promise<Made> {
  const http = createServer()
  const server = new Server(http, { serveClient: false })
  const lines = new Set<NetSocket>()
  http.on('connection', (line: NetSocket) => lines.add(line))
  const sockets: ClientSocket[] = []
  const connected: FarSocket[] = []
  server.on('connection', (far) => connected.push(far))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  let origin = `http://127.0.0.1:${port}`
  return {
    server,
    connected,
    until: untilTrue,
    io() {
      const socket = realIo(origin, OPTIONS) as unknown as ClientSocket
      sockets.push(socket)
      return socket
    },
    hide() {
      origin = 'http://127.0.0.1:1' // nobody listens at the first port
    },
    cut() {
      for (const line of lines) line.destroy()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.off().offAny().disconnect()
      await server.close()
    },
  }
}

describe.each([
  ['the double', () => doubleWorld()],
  ['socket.io-client itself', realWorld],
] as const)('%s', (_, make) => {
  it.each(Object.entries(FACTS))('%s', async (_fact, holds) => {
    await using world = await make()
    await holds(world)
  })
})

describe('the facts', () => {
  /** Doubles that are wrong in one thing each, and the fact that finds it. */
  const planted: readonly (readonly [wrong: string, fact: string, plant: (dial: Dial) => DoubleSocket])[] = [
    [
      'tells what is on its way after disconnect()',
      'what is on its way is not told after disconnect(), be it an event, an answer or an end',
      (dial) =>
        new DoubleSocket((listener, auth) => {
          const end = dial(listener, auth)
          return { send: (...said) => end.send(...said), disconnect: () => void setImmediate(() => end.disconnect()) }
        }),
    ],
    [
      'sends what has changed meanwhile',
      'what is emitted is taken in its order, as JSON had it at that moment',
      (dial) =>
        new DoubleSocket((listener, auth) => {
          const end = dial(listener, auth)
          return { send: (...said) => queueMicrotask(() => end.send(...said)), disconnect: () => end.disconnect() }
        }),
    ],
    [
      'keeps what a refusal says to itself',
      'a refusal is a connect_error with its message and its data, and no disconnect',
      (dial) =>
        new DoubleSocket((listener, auth) =>
          dial({ ...listener, refused: (message) => listener.refused(message, undefined) }, auth),
        ),
    ],
    [
      'ends what never stood',
      'where nobody is, that is a connect_error without data, and no disconnect',
      (dial) =>
        new DoubleSocket((listener, auth) => {
          const refused = (message: string, data: unknown): void => {
            listener.refused(message, data)
            listener.ended('transport close')
          }
          return dial({ ...listener, refused }, auth)
        }),
    ],
    [
      'dials again by itself',
      'whatever ended it, it does not dial again',
      (dial) => {
        const socket = new DoubleSocket(dial)
        const again = (): void => void socket.connect()
        socket.on('disconnect', again)
        return socket
      },
    ],
    [
      'goes on listening',
      'off().offAny() is heard no more, of anything',
      (dial) => {
        const socket = new DoubleSocket(dial)
        return Object.assign(socket, { offAny: () => socket })
      },
    ],
  ]

  it.each(planted)('twin: find a double that %s', async (_wrong, fact, plant) => {
    await using world = await doubleWorld(plant)
    await expect(FACTS[fact]?.({ ...world, until: quickly })).rejects.toThrow()
  })

  it.each(planted)('twin: hold, as quickly, where nothing is planted: not that it %s', async (_wrong, fact) => {
    await using world = await doubleWorld()
    await FACTS[fact]?.({ ...world, until: quickly })
  })

  /** Nothing in a double takes longer than this many turns of the event loop. */
  async function quickly(isSo: () => boolean): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    if (!isSo()) throw new Error(`it never came to be that ${isSo}`)
  }
})
