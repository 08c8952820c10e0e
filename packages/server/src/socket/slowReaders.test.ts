// Who reads too slowly: left out, caught up with, sent away. Over doubles of the engine, with time moved by hand.
import { LIMITS, type Snapshot } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { OwnerBatches } from './batch'
import { type DoubleSocket, settle } from './doubles.test-kit'
import { SLOW_ROOM } from './rooms'
import { HELD_BYTES, HIGH_BYTES, SlowReaders } from './slowReaders'
import { World } from './world.test-kit'

const STUCK_MS = 2 * LIMITS.syncIntervalMs
const filler = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key-${n}`, 'x'.repeat(180)]))

class SlowWorld extends World {
  readonly readers = new SlowReaders({
    node: this.node,
    signals: this.node.signals,
    sendLog: (connection, session, after) => this.commands.sendLog(connection, session, after),
  })
  readonly batches = new OwnerBatches({
    io: this.io,
    node: this.node,
    desk: this.desk,
    listing: (owner) => this.commands.listing(owner),
    slow: this.readers,
  })

  override connect(userId: string) {
    const client = super.connect(userId)
    this.readers.add(client.connection)
    return client
  }

  /** Sessions of a user that change until so many bytes were offered. */
  async offer(ids: readonly string[], bytes: number): Promise<void> {
    for (let offered = 0, n = 1; offered < bytes; n++) {
      for (const id of ids) this.tracker.updateProgress(id, (n % 90) + n / 1_000, `step ${n}`)
      await this.clock.advance(LIMITS.throttleMs)
      offered += 4_000 * ids.length
    }
  }
}

async function watching(count = 13) {
  const world = new SlowWorld()
  const ids = Array.from({ length: count }, (_, n) => `s${n}`)
  for (const id of ids) world.tracker.createSessionWithId(id, filler, { owner: 'ada' })
  const { socket, connection } = world.connect('ada')
  for (const id of ids) await socket.ask('join-progress', id)
  return { world, ids, socket, connection }
}

function heldBy({ conn }: DoubleSocket): number {
  const queued = conn.writeBuffer.reduce((sum, { data }) => sum + String(data).length, 0)
  return queued + conn.transport.socket.bufferedAmount
}

describe('a reader that stalls', () => {
  it('is left out once too much waits for it, while others are sent everything', async () => {
    const { world, ids, socket } = await watching()
    const healthy = world.connect('ada').socket
    for (const id of ids) await healthy.ask('join-progress', id)
    socket.conn.stalled = true
    await world.offer(ids, 1_500_000)
    expect(heldBy(socket)).toBeGreaterThan(HIGH_BYTES)
    expect(heldBy(socket)).toBeLessThan(HIGH_BYTES + 65_536)
    expect(socket.rooms).toContain(SLOW_ROOM)
    expect(world.told('slow')).toMatchObject([{ userId: 'ada', disconnected: false }])
    expect(healthy.heard('progress-update').length).toBeGreaterThan(2 * socket.heard('progress-update').length)
    expect(healthy.heard('progress-update').at(-1)).toEqual(world.node.local(ids.at(-1) ?? '')?.snapshot)
  })

  it('gets the newest of each session when it reads again, ends as ends, and lines that it missed', async () => {
    const { world, ids, socket } = await watching()
    const [first = '', second = '', third = ''] = ids
    let log = (_line: string): void => {}
    void world.tracker.run('build', { owner: 'ada', id: 'logs' }, (task) => {
      log = (line) => task.log(line)
      return new Promise(() => {})
    })
    await socket.ask('join-progress', 'logs')
    socket.conn.stalled = true
    await world.offer(ids, 700_000)
    world.tracker.completeSession(second)
    socket.receive('leave-progress', third)
    await world.offer([first, third], 200_000)
    log('missed')
    await world.clock.advance(LIMITS.throttleMs)
    log('missed, too')
    await world.clock.advance(LIMITS.throttleMs)
    socket.sent.length = 0
    socket.conn.resume()
    await world.clock.advance(5 * LIMITS.throttleMs)
    expect(socket.rooms).not.toContain(SLOW_ROOM)
    expect(socket.heard('progress-update').filter((sent) => sent['sessionId'] === first)).toEqual([
      world.node.local(first)?.snapshot,
    ])
    expect(socket.heard('progress-complete').map((sent) => sent['sessionId'])).toEqual([second])
    expect(JSON.stringify(socket.sent)).not.toContain(`"${third}"`)
    expect(socket.heard('progress-log')).toMatchObject([{ lines: [{ text: 'missed' }, { text: 'missed, too' }] }])
    world.tracker.updateProgress(first, 99)
    await world.clock.advance(LIMITS.throttleMs)
    expect(socket.heard('progress-update').at(-1)).toMatchObject({ sessionId: first, progress: 99 })
  })

  it('that lists gets one batch of what it missed', async () => {
    const { world, ids, socket } = await watching()
    const [first = ''] = ids
    await socket.ask('list-progress')
    socket.conn.stalled = true
    await world.offer(ids, 1_000_000)
    socket.sent.length = 0
    await world.offer(ids, 200_000)
    expect(socket.sent).toEqual([])
    socket.conn.resume()
    await world.clock.advance(10 * LIMITS.throttleMs)
    const batched = socket.heard<{ sessions: Snapshot[] }>('progress-batch').flatMap(({ sessions }) => sessions)
    expect(new Set(batched.map(({ sessionId }) => sessionId)).size).toBe(batched.length)
    expect(batched.find(({ sessionId }) => sessionId === first)).toEqual(world.node.local(first)?.snapshot)
  })

  it('is caught up with in steps, however much it missed', async () => {
    const { world, ids, socket } = await watching(100)
    socket.conn.stalled = true
    await world.offer(ids, 2_000_000)
    socket.conn.resume()
    let most = 0
    socket.conn.stalled = true
    await world.clock.advance(LIMITS.throttleMs)
    most = Math.max(most, heldBy(socket))
    expect(most).toBeLessThan(100_000)
    expect(socket.rooms).toContain(SLOW_ROOM)
  })

  it('16, 17: is sent away when not a byte has left for two sync intervals', async () => {
    const { world, ids, socket } = await watching()
    socket.conn.stalled = true
    await world.offer(ids, 500_000)
    await world.clock.advance(STUCK_MS - 1_000)
    expect(socket.connected).toBe(true)
    await world.clock.advance(1_000)
    expect([socket.connected, socket.conn.terminations]).toEqual([false, 1])
    expect(socket.sent.at(-1)).toEqual({ event: 'progress-bye', payload: { code: 'SLOW' } })
    expect(world.told('slow').at(-1)).toMatchObject({ disconnected: true })
    expect([world.readers.size, socket.conn.listenerCount, world.commands.size]).toEqual([0, 0, 0])
  })

  it('is kept as long as bytes leave, however slowly', async () => {
    const { world, ids, socket } = await watching()
    socket.conn.stalled = true
    await world.offer(ids, 500_000)
    for (let n = 0; n < 20; n++) {
      socket.conn.transport.socket.bufferedAmount -= 10
      await world.clock.advance(STUCK_MS / 2)
    }
    expect(socket.connected).toBe(true)
  })

  it('is sent away at once where it asks for more than may be held', async () => {
    const { ids, socket } = await watching()
    socket.conn.stalled = true
    let most = 0
    for (let n = 0; n < 2_000 && socket.connected; n++) {
      socket.receive('join-progress', ids[n % ids.length])
      await settle()
      if (socket.connected) most = Math.max(most, heldBy(socket))
    }
    expect([socket.connected, socket.conn.terminations]).toEqual([false, 1])
    expect(most).toBeLessThanOrEqual(HELD_BYTES)
    expect(most).toBeGreaterThan(HELD_BYTES - 10_000)
  })

  it('may be answered more than that at once, as long as it keeps up', async () => {
    const { socket } = await watching()
    socket.emit('progress-batch', { sessions: 'x'.repeat(3 * HELD_BYTES) })
    socket.emit('progress-batch', { sessions: 'x' })
    expect([socket.connected, socket.rooms.includes(SLOW_ROOM)]).toEqual([true, false])
  })
})

describe('a reader that stops comparing positions', () => {
  it('17: is sent away where something has waited for it all the time', async () => {
    const { world, ids, socket } = await watching()
    await socket.ask('sync-progress', {})
    socket.conn.stalled = true
    await world.offer(ids.slice(0, 1), 20_000)
    await world.clock.advance(3 * LIMITS.syncIntervalMs + 2_000)
    expect(socket.connected).toBe(false)
  })

  it('is kept where nothing waits, or it never did', async () => {
    const { world, ids, socket } = await watching()
    await socket.ask('sync-progress', {})
    const seedlike = world.connect('ada').socket
    await seedlike.ask('join-progress', ids[0])
    seedlike.conn.stalled = true
    await world.offer(ids.slice(0, 1), 20_000)
    await world.clock.advance(10 * LIMITS.syncIntervalMs)
    expect([socket.connected, seedlike.connected]).toEqual([true, true])
  })
})

describe('the timer', () => {
  it('is one for all, and none when nobody is there', async () => {
    const { world, socket } = await watching()
    const one = world.clock.pending
    const other = world.connect('ben').socket
    expect(world.clock.pending).toBe(one)
    socket.disconnect()
    other.disconnect()
    expect([world.clock.pending, world.readers.size]).toEqual([one - 1, 0])
    world.connect('ben')
    expect(world.clock.pending).toBe(one)
    world.readers.stop()
    expect([world.clock.pending, world.readers.size]).toEqual([one - 1, 0])
  })

  it('leaves no listener on an engine connection that is used again and again', () => {
    const world = new SlowWorld()
    const { socket, connection } = world.connect('ada')
    expect(socket.conn.listenerCount).toBe(2)
    socket.disconnect()
    expect(socket.conn.listenerCount).toBe(0)
    world.readers.add(connection) // too late
    expect([socket.conn.listenerCount, world.readers.size]).toEqual([0, 0])
  })
})
