// Too much of everything, from one connection: it is refused, then sent away, and nothing of it stays.
import { LIMITS } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { SlidingWindow } from '../guards/rateLimit'
import { DoubleIo, DoubleSocket, Gate, settle } from './doubles.test-kit'
import { CommandQueue } from './queue'
import { World } from './world.test-kit'

const PER_MINUTE = 300

function limited(): World {
  const clock = new ManualClock()
  const window = new SlidingWindow(clock, PER_MINUTE, 60_000)
  return new World({ clock, limit: (key) => window.take(key) })
}

describe('more commands than are allowed', () => {
  it('46, 48: are refused with the time to come back, and again taken then', async () => {
    const world = limited()
    const { socket } = world.connect('ada')
    for (let n = 0; n < PER_MINUTE; n++) await socket.ask('join-progress', `unknown-${n % 90}`)
    await world.clock.advance(20_000)
    const refused = await socket.ask('leave-progress', 'unknown-1')
    expect(refused).toEqual({
      error: { code: 'RATE_LIMITED', message: 'Too many requests. Try again in 40 seconds.' },
    })
    expect(world.told('refused').at(-1)).toEqual({ name: 'refused', code: 'RATE_LIMITED', reason: 'leave-progress' })
    await world.clock.advance(40_000)
    expect(await socket.ask('leave-progress', 'unknown-1')).toEqual({ success: true })
  })

  it('46: end the connection at three times as many, which leaves nothing behind', async () => {
    const world = limited()
    const { socket } = world.connect('ada')
    let sent = 0
    while (socket.connected && sent < 10_000) {
      sent += 1
      socket.receive('join-progress', `unknown-${sent}`)
    }
    expect(sent).toBe(3 * PER_MINUTE + 1)
    expect(socket.sent.at(-1)).toEqual({ event: 'progress-bye', payload: { code: 'LIMIT', retryAfterMs: 60_000 } })
    socket.receive('join-progress', 'after')
    await settle()
    expect([world.commands.size, world.io.roomCount]).toEqual([0, 0])
  })

  it('are forgiven when they are spread over time', async () => {
    const world = limited()
    const { socket } = world.connect('ada')
    for (let minute = 0; minute < 5; minute++) {
      for (let n = 0; n < 2 * PER_MINUTE; n++) socket.receive('leave-progress', 'a')
      await world.clock.advance(60_000)
    }
    expect(socket.connected).toBe(true)
  })

  it('wait in bounded numbers', async () => {
    const gate = new Gate()
    const world = new World({ authorize: () => gate.passed.then(() => true) })
    world.tracker.createSessionWithId('slow', {}, { owner: 'ada' })
    const { socket } = world.connect('ada')
    socket.receive('join-progress', 'slow')
    const answers: string[] = []
    for (let n = 0; n < 1_200; n++) {
      socket.receive('list-progress', (answer: { error?: { code: string } }) =>
        answers.push(answer.error?.code ?? 'ok'),
      )
    }
    expect(answers).toEqual(Array(200).fill('RATE_LIMITED'))
    gate.open()
    await expect.poll(() => answers.length).toBe(1_200)
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(1_000)
  })
})

describe('the queue of a connection', () => {
  it('carries out one after the other, in order, also past one that fails', async () => {
    const queue = new CommandQueue(10)
    const seen: number[] = []
    for (const n of [1, 2, 3]) {
      queue.add(async () => {
        await settle()
        seen.push(n)
        if (n === 2) throw new Error('no')
      })
    }
    await expect.poll(() => queue.isIdle).toBe(true)
    expect(seen).toEqual([1, 2, 3])
  })
})

describe('a million ids', () => {
  const MILLION = 1_000_000

  it('47: joined by one client make no room, and are waited for in bounded numbers', async () => {
    const world = new World()
    const { socket, connection } = world.connect('ada')
    for (let n = 0; n < 20_000; n++) await socket.ask('join-progress', `id-${n}`)
    expect([world.io.roomCount, connection.awaited.size]).toEqual([0, LIMITS.awaitedPerConnection])
  })

  it('47: joined and left again leave no room, no entry and no listener behind', async () => {
    const world = new World()
    const { socket, connection } = world.connect('ada')
    world.tracker.createSessionWithId('own', {}, { owner: 'ada' })
    const before = [world.commands.size, [...socket.handlers.values()].flat().length, world.clock.pending]
    for (let n = 0; n < MILLION; n++) {
      // Not awaited one by one: the leave overtakes the join, or follows it.
      socket.receive('join-progress', n % 2 ? 'own' : `id-${n}`)
      if (n % 8 === 0) await Promise.resolve()
      socket.receive('leave-progress', n % 2 ? 'own' : `id-${n}`)
      if (n % 100 === 0) await settle()
    }
    await settle()
    expect([connection.watched.size, connection.awaited.size, world.io.roomCount]).toEqual([0, 0, 0])
    expect([world.commands.size, [...socket.handlers.values()].flat().length, world.clock.pending]).toEqual(before)
    socket.disconnect()
    expect(world.commands.size).toBe(0)
  }, 120_000)

  it('47: twin: make a room each where a handler joins whatever it is told', () => {
    const io = new DoubleIo()
    const socket = new DoubleSocket(io)
    socket.on('join-progress', ((id: string) => void socket.join(`progress-${id}`)) as (...args: never[]) => void)
    for (let n = 0; n < MILLION; n++) socket.receive('join-progress', `id-${n}`)
    expect(io.rooms.size).toBe(MILLION + 1)
  }, 60_000)
})

describe('a thousand users with ten sessions each', () => {
  it('76: see their own sessions and no others, whatever they join', async () => {
    const world = new World()
    const users = Array.from({ length: 1_000 }, (_, n) => `user-${n}`)
    const ids = users.flatMap((owner) =>
      Array.from({ length: 10 }, (_, n) => world.tracker.createSessionWithId(`${owner}:${n}`, {}, { owner })),
    )
    const clients = users.map((owner) => ({ owner, ...world.connect(owner) }))
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (const { owner, socket } of clients) {
      for (let n = 0; n < 10; n++) socket.receive('join-progress', ids[random(ids.length)])
      socket.receive('join-progress', `${owner}:${random(10)}`)
      socket.receive('list-progress', {})
    }
    await settle()
    for (const id of ids) world.tracker.updateProgress(id, 50)
    for (const id of ids) if (random(2)) world.tracker.completeSession(id)
    await world.clock.advance(1_000)
    const seen = clients.flatMap(({ owner, socket }) =>
      socket.sent.map(({ payload }) => ({ owner, sessionId: (payload as { sessionId: string }).sessionId })),
    )
    expect(seen.filter(({ owner, sessionId }) => !sessionId.startsWith(`${owner}:`))).toEqual([])
    expect(seen.length).toBeGreaterThan(1_000)
  }, 30_000)
})
