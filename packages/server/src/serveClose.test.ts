// What is left of a served tracker when it is closed: nothing on the tracker and on its connections, and on the app's own
// server only the door, which stays shut.
import { createServer, type Server as HttpServer } from 'node:http'
import { ManualClock } from '@progress/protocol/testing'
import { Server } from 'socket.io'
import { describe, expect, it } from 'vitest'
import { ProgressTracker } from './progressTracker'
import { type ServeOptions, serveProgress } from './serve'
import { FakeClient } from './testing/fakeClient'
import { FakeServer } from './testing/fakeServer'
import type { FakeSocket } from './testing/fakeSocket'

const authenticate: ServeOptions['authenticate'] = ({ token }) => (token ? { userId: token } : null)

/** Counts who hears facts and signals of a node from now on. */
function hooksOn({ '~node': node }: ProgressTracker): { readonly count: number } {
  let count = 0
  const counted = (stop: () => void): (() => void) => {
    count += 1
    let isOn = true
    return () => {
      if (isOn) count -= 1
      isOn = false
      stop()
    }
  }
  const { signals } = node
  const originals = { listen: node.listen.bind(node), on: signals.on.bind(signals), onAny: signals.onAny.bind(signals) }
  node.listen = (...how) => counted(originals.listen(...how))
  signals.on = (...how) => counted(originals.on(...how))
  signals.onAny = (...how) => counted(originals.onAny(...how))
  return {
    get count() {
      return count
    },
  }
}

/** How many listen to each event of the app's server, of its main namespace, of its engine and of its HTTP server. */
function listenersOn(io: Server, http: HttpServer): Record<string, number> {
  const emitters: Record<string, { eventNames(): (string | symbol)[]; listenerCount(event: string | symbol): number }> =
    {
      io: io.sockets as never,
      engine: io.engine as never,
      http,
    }
  return Object.fromEntries(
    Object.entries(emitters).flatMap(([name, emitter]) =>
      emitter.eventNames().map((event) => [`${name} ${String(event)}`, emitter.listenerCount(event)]),
    ),
  )
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('close', () => {
  it('leaves no hook and no timer on the tracker, whoever came, watched and went', async () => {
    const clock = new ManualClock()
    const io = new FakeServer()
    const tracker = new ProgressTracker(io, { clock })
    const hooks = hooksOn(tracker)
    const progress = serveProgress(tracker, { authenticate })
    expect(hooks.count).toBeGreaterThan(0)
    tracker.createSessionWithId('import-1', {}, { owner: 'ada' })
    const sockets: FakeSocket[] = []
    io.on('connection', (socket) => sockets.push(socket))
    for (let n = 0; n < 3; n++) {
      const client = FakeClient.dial(io, {}, { auth: { token: 'ada' } })
      await settle()
      client.send('join-progress', ['import-1'])
      client.send('list-progress', [{}])
      if (n === 0) client.cut()
    }
    await settle()
    const headers = { authorization: 'Bearer ada' }
    const answers = ['events?ids=import-1&mine=1', 'import-1?wait=20&since=zzzzzzzzz-zzzzzzzz.9'].map(async (path) => {
      const answer = await progress.fetch(new Request(`http://app.test/api/progress/${path}`, { headers }))
      return answer.text()
    })
    await settle()
    await progress.close()
    expect(await Promise.all(answers)).toEqual([
      expect.stringContaining('DRAINING'),
      expect.stringContaining('DRAINING'),
    ])
    await settle()
    expect([hooks.count, io.size, io.rooms.size]).toEqual([0, 0, 0])
    expect(sockets.map(({ conn, connected }) => [conn.listenerCount, connected])).toEqual(Array(3).fill([0, false]))
    expect(clock.pending).toBe(0)
  })

  it('twin: before it, all of these are counted', async () => {
    const clock = new ManualClock()
    const io = new FakeServer()
    const tracker = new ProgressTracker(io, { clock })
    const hooks = hooksOn(tracker)
    const progress = serveProgress(tracker, { authenticate })
    const sockets: FakeSocket[] = []
    io.on('connection', (socket) => sockets.push(socket))
    FakeClient.dial(io, {}, { auth: { token: 'ada' } })
    await settle()
    expect([hooks.count, sockets[0]?.conn.listenerCount, clock.pending, io.size].every((count) => count)).toBe(true)
    await progress.close()
  })

  it('leaves on the app’s own server the door alone, which lets nobody in any more', async () => {
    const http = createServer()
    const io = new Server(http)
    const clock = new ManualClock()
    const before = listenersOn(io, http)
    const progress = serveProgress(new ProgressTracker(io, { clock }), { authenticate })
    const served = listenersOn(io, http)
    await progress.close()
    expect(listenersOn(io, http)).toEqual(served)
    const added = Object.keys(served).filter((name) => served[name] !== before[name])
    expect(added.filter((name) => name.startsWith('http '))).toEqual([])
    await io.close()

    const fake = new FakeServer()
    await serveProgress(new ProgressTracker(fake, { clock }), { authenticate }).close()
    const told: unknown[] = []
    for (const token of ['ada', '']) {
      FakeClient.dial(fake, { refused: (_message, data) => told.push(data) }, { auth: { token } })
    }
    await settle()
    expect(told).toEqual([{ code: 'DRAINING' }, { code: 'UNAUTHENTICATED' }])
    expect(fake.size).toBe(0)
  })
})

describe('a serveProgress that throws', () => {
  it('leaves no hook and no timer either', async () => {
    const clock = new ManualClock()
    const io = new Server(createServer(), { connectionStateRecovery: {} })
    const tracker = new ProgressTracker(io, { clock })
    const hooks = hooksOn(tracker)
    const timers = clock.pending
    expect(() => serveProgress(tracker, { authenticate })).toThrow(/connectionStateRecovery/)
    await settle()
    expect([hooks.count, clock.pending]).toEqual([0, timers])
    await tracker.close()
    await io.close()
  })
})
