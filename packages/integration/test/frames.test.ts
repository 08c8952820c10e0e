// What comes below the commands: frames that are too large, compressed or none, handshakes that are odd or too many. Each
// beside a server on which the guard is off.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { Server, type ServerOptions } from 'socket.io'
import { afterEach, describe, expect, it } from 'vitest'
import { COMPRESSED, RawClient } from '../support/rawClient'
import { RealServer } from '../support/realServer'
import { ask, dial, POLL } from '../support/socketClients'

const ID = 'import-1'
const OVER = `42["join-progress","${'x'.repeat(17_000)}"]`
const BOMB = `42["join-progress","${'x'.repeat(10_000_000)}"]`
/** What a browser offers, too. */
const OFFER = 'Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function served(): Promise<RealServer> {
  const server = await RealServer.start()
  closing.push(() => server.close())
  server.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
  return server
}

/** A server with the app's own options, which nobody guards; what its handler was given. */
async function unguarded(options: Partial<ServerOptions> = {}) {
  const http = createServer()
  const io = new Server(http, { serveClient: false, ...options })
  closing.push(() => io.close())
  const taken: string[] = []
  io.on('connection', (socket) => socket.on('join-progress', (id: string) => taken.push(id)))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return { io, port, url: `http://127.0.0.1:${port}`, taken }
}

async function raw(port: number, headers = ''): Promise<RawClient> {
  const client = await RawClient.open(port, { token: 'ada' }, headers)
  closing.push(() => client.close())
  await expect.poll(() => client.messages.length).toBeGreaterThan(1)
  return client
}

describe('a frame that is too large', () => {
  it('41: ends its connection with a reason, is handed to nobody, and hurts no other', async () => {
    const server = await served()
    const other = await server.connect('ada')
    const client = await raw(server.port)
    client.send(OVER)
    await expect.poll(() => client.closed).toBe(true)
    await expect.poll(() => server.signals.filter(({ name }) => name === 'disconnected')).toHaveLength(1)
    const [gone] = server.signals.filter((signal) => signal.name === 'disconnected')
    expect(gone).toMatchObject({ userId: 'ada', reason: 'transport error' })
    expect(await other.emitWithAck('join-progress', ID)).toMatchObject({ success: true })
    expect(server.signals.filter(({ name }) => name === 'handler-failed')).toEqual([])
  })

  it('41: twin: is handed on where the app’s server has the size that Socket.IO begins with', async () => {
    const { port, taken } = await unguarded()
    const client = await raw(port)
    client.send(OVER)
    await expect.poll(() => taken.map(({ length }) => length)).toEqual([17_000])
    expect(client.closed).toBe(false)
  })
})

describe('a frame that unpacks to a thousand times its size', () => {
  const packed = deflateRawSync(BOMB)

  it('42: ends its connection unread, since nothing here is compressed', async () => {
    const server = await served()
    expect(packed.length).toBeLessThan(16_384)
    const client = await raw(server.port, OFFER)
    client.send(packed, COMPRESSED)
    await expect.poll(() => client.closed).toBe(true)
    await expect.poll(() => server.size).toBe(0)
    expect(server.rooms).toEqual([])
  })

  it('42: twin: is unpacked where the app compresses, and lets a message hold that much', async () => {
    const { port, taken } = await unguarded({ perMessageDeflate: true, maxHttpBufferSize: 100_000_000 })
    const client = await raw(port, OFFER)
    client.send(packed, COMPRESSED)
    await expect.poll(() => taken.map(({ length }) => length)).toEqual([10_000_000])
  })

  it('42: ends its connection where the app compresses, but bounds a message: what it unpacks to counts', async () => {
    const { port, taken } = await unguarded({ perMessageDeflate: true, maxHttpBufferSize: 16_384 })
    const client = await raw(port, OFFER)
    client.send(packed, COMPRESSED)
    await expect.poll(() => client.closed).toBe(true)
    expect(taken).toEqual([])
  })
})

describe('an odd handshake', () => {
  const ODD = [
    'EIO=4&transport=polling&sid=',
    'EIO=4&transport=polling&sid',
    'EIO=4&transport=polling&sid=x&sid=',
    'EIO=4&transport=polling&sid[]=',
    'EIO=3&transport=polling',
    'EIO=4&transport=webtransport',
    'EIO=4&transport=__proto__',
  ]

  it.each(ODD)('43: is nobody’s connection: %s', async (query) => {
    const server = await served()
    const url = `http://127.0.0.1:${server.port}`
    const { status, body } = await ask(url, query)
    if (status === 200) {
      // For the engine that is a handshake like any other: whose it is, is asked at the CONNECT.
      const sid = sidOf(body)
      await ask(url, `${POLL}&sid=${sid}`, { body: '40' })
      expect((await ask(url, `${POLL}&sid=${sid}`)).body).toContain('"code":"UNAUTHENTICATED"')
    } else expect(status).toBe(400)
    expect(server.size).toBe(0)
    expect(server.signals.filter(({ name }) => name === 'connected' || name === 'handler-failed')).toEqual([])
  })

  it('43: twin: is somebody’s where only those without a `sid` are asked who they are', async () => {
    const { io, url } = await unguarded()
    io.engine.use((req: { _query: { sid?: string } }, _res: unknown, next: (error?: Error) => void) =>
      next(req._query.sid === undefined ? new Error('Authentication required') : undefined),
    )
    const { body } = await ask(url, `${POLL}&sid=`)
    await ask(url, `${POLL}&sid=${sidOf(body)}`, { body: '40' })
    await expect.poll(() => io.sockets.sockets.size).toBe(1)
  })
})

function sidOf(body: string): string {
  return (JSON.parse(body.slice(1)) as { sid: string }).sid
}

describe('two hundred connections of one user', () => {
  async function dialAll(url: string): Promise<number> {
    const all = await Promise.all(Array.from({ length: 200 }, () => dial(url, { auth: { token: 'ada' } })))
    closing.push(() => {
      for (const { socket } of all) socket.disconnect()
    })
    return all.filter(({ socket }) => socket.connected).length
  }

  it('50: are 20, and everybody else comes in as before', async () => {
    const server = await served()
    const url = `http://127.0.0.1:${server.port}`
    expect(await dialAll(url)).toBe(20)
    expect(server.size).toBe(20)
    using other = await dial(url, { auth: { token: 'ben' } })
    expect(other.error).toBeUndefined()
    using refused = await dial(url, { auth: { token: 'ada' } })
    expect(refused.error?.data).toEqual({ code: 'LIMIT' })
  })

  it('50: twin: are two hundred where nothing caps them', async () => {
    const { url, io } = await unguarded()
    expect(await dialAll(url)).toBe(200)
    expect(io.sockets.sockets.size).toBe(200)
  })
})

describe('ten thousand guesses', () => {
  /** The answers to guesses of one session that is there among many that are not. */
  async function guess(server: RealServer, count: number): Promise<ReadonlySet<string>> {
    const client = await server.connect('eve')
    const answers = new Set<string>()
    let over = false
    client.once('disconnect', () => {
      over = true
    })
    client.on('progress-status', (state: unknown) => answers.add(state === null ? 'nothing' : 'a session'))
    for (let n = 0; n < count && !over; n++) {
      client.emit('join-progress', n === 7 ? ID : `guess-${n}`, {}, (answer: { error?: { code: string } }) =>
        answers.add(answer.error?.code ?? 'a session'),
      )
      if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await expect.poll(() => over || answers.size > 1).toBe(true)
    return answers
  }

  it('48: are answered alike, then limited, then cut off, and no log names one of them', async () => {
    const server = await served()
    const answers = await guess(server, 10_000)
    expect([...answers].sort()).toEqual(['LIMIT', 'NOT_FOUND', 'RATE_LIMITED'].filter((code) => answers.has(code)))
    expect(answers.has('NOT_FOUND')).toBe(true)
    await expect.poll(() => server.size).toBe(0)
    expect(JSON.stringify(server.signals)).not.toContain('guess-')
    expect(server.rooms).toEqual([])
  })

  it('48: twin: find the one that is there where the seed’s own handler answers', async () => {
    const server = await RealServer.start({ served: false })
    closing.push(() => server.close())
    server.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    expect((await guess(server, 1_000)).has('a session')).toBe(true)
  })
})
