// Connections that open and then enter nothing, over a clock that is moved by hand; the server is a real one.
import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LIMITS } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { Server } from 'socket.io'
import { describe, expect, it } from 'vitest'
import { type Signal, Signals } from '../observe/signals'
import { Arrivals, type ArrivalsServer, type ArrivingConnection, guardArrivals } from './arrivals'

/** Signals, and all that they told. */
function heardSignals() {
  const signals = new Signals()
  const told: Signal[] = []
  signals.onAny((signal) => told.push(signal))
  return { signals, told }
}

describe('a real server', () => {
  /** A server with an app's own namespaces, guarded or left as it is, and clients that poll by hand. */
  async function started({ guarded }: { readonly guarded: boolean }) {
    const clock = new ManualClock()
    const { signals, told } = heardSignals()
    const http = createServer()
    const io = new Server(http, { serveClient: false })
    io.of('/early')
    if (guarded) guardArrivals(io as unknown as ArrivalsServer, { clock, signals })
    io.of('/late')
    io.of(/^\/room-\d+$/)
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/socket.io/?EIO=4&transport=polling`
    const open = async (): Promise<string> => {
      const body = await (await fetch(url)).text()
      return (JSON.parse(body.slice(1)) as { sid: string }).sid
    }
    const enter = async (namespace: string): Promise<void> => {
      const sid = await open()
      await fetch(`${url}&sid=${sid}`, { method: 'POST', body: `40${namespace},` })
      expect(await (await fetch(`${url}&sid=${sid}`)).text()).toMatch(/^40.*"sid"/)
    }
    const close = async () => void (await io.close())
    return { clock, io, told, open, enter, [Symbol.asyncDispose]: close }
  }

  it('closes who has entered no namespace in time, to the millisecond, and says so', async () => {
    await using server = await started({ guarded: true })
    await server.open()
    await server.open()
    await server.clock.advance(LIMITS.authenticateMs - 1)
    expect(server.io.engine.clientsCount).toBe(2)
    await server.clock.advance(1)
    expect(server.io.engine.clientsCount).toBe(0)
    const refused = { name: 'refused', code: 'UNAUTHENTICATED', reason: 'entered no namespace in time' }
    expect(server.told).toEqual([refused, refused])
    expect(server.clock.pending).toBe(0)
  })

  it('twin: unguarded, they stay', async () => {
    await using server = await started({ guarded: false })
    await server.open()
    await server.clock.advance(10 * LIMITS.authenticateMs)
    expect(server.io.engine.clientsCount).toBe(1)
  })

  it.each(['/', '/early', '/late', '/room-7'])('leaves alone who has entered %s', async (namespace) => {
    await using server = await started({ guarded: true })
    await server.enter(namespace)
    expect(server.clock.pending).toBe(0)
    await server.clock.advance(10 * LIMITS.authenticateMs)
    expect([server.io.engine.clientsCount, server.told]).toEqual([1, []])
  })
})

describe('Arrivals', () => {
  /** A connection that is closed as an engine's is. */
  class Opened extends EventEmitter implements ArrivingConnection {
    readonly closedAt: number[] = []
    terminations = 0
    readonly transport = { socket: { terminate: () => void this.terminations++ } }

    constructor(private readonly clock: ManualClock) {
      super()
    }

    close(discard?: boolean): void {
      expect(discard).toBe(true)
      this.closedAt.push(this.clock.now())
      this.emit('close')
    }
  }

  function fixture() {
    const clock = new ManualClock(0)
    const { signals, told } = heardSignals()
    const arrivals = new Arrivals({ clock, signals })
    const open = (): Opened => {
      const connection = new Opened(clock)
      arrivals.add(connection)
      return connection
    }
    return { clock, told, arrivals, open }
  }

  it('gives each its own time, by one timer', async () => {
    const { clock, arrivals, open } = fixture()
    const all: Opened[] = []
    for (let n = 0; n < 100; n++) {
      all.push(open())
      await clock.advance(100)
    }
    expect([arrivals.size, clock.pending]).toEqual([100, 1])
    await clock.advance(LIMITS.authenticateMs)
    expect(all.map(({ closedAt }) => closedAt)).toEqual(all.map((_, n) => [n * 100 + LIMITS.authenticateMs]))
    expect([arrivals.size, clock.pending]).toEqual([0, 0])
  })

  it('does not wait for a WebSocket to say goodbye', async () => {
    const { clock, open } = fixture()
    const silent = open()
    await clock.advance(LIMITS.authenticateMs)
    expect(silent.terminations).toBe(1)
  })

  it('forgets who has entered or gone, and the next one in the queue keeps its time', async () => {
    const { clock, arrivals, open } = fixture()
    const [entered, gone] = [open(), open()]
    await clock.advance(10_000)
    const waiting = open()
    arrivals.settle(entered)
    gone.emit('close')
    await clock.advance(LIMITS.authenticateMs - 1)
    expect([entered.closedAt, gone.closedAt, waiting.closedAt]).toEqual([[], [], []])
    await clock.advance(1)
    expect([waiting.closedAt, clock.pending]).toEqual([[10_000 + LIMITS.authenticateMs], 0])
  })

  it('holds nobody longer because the machine’s clock was set back', async () => {
    const { clock, open } = fixture()
    const before = open()
    clock.jump(-3_600_000)
    await clock.advance(LIMITS.authenticateMs)
    expect(before.closedAt).toHaveLength(1)
  })

  it('goes on with the next where a listener of the app throws', async () => {
    const { clock, told, open } = fixture()
    const [first, second] = [open(), open()]
    first.on('close', () => {
      throw new Error('theirs')
    })
    await clock.advance(LIMITS.authenticateMs)
    expect(second.closedAt).toHaveLength(1)
    expect(told).toContainEqual(expect.objectContaining({ name: 'handler-failed', where: 'disconnect' }))
  })
})
