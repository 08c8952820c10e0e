// What an owner who lists is sent: one packet per window, the newest of each session, and nothing where nobody lists.
import { jsonBytes, LIMITS, type Snapshot } from '@progress/protocol'
import { buildSnapshot } from '@progress/protocol/testing'
import { describe, expect, it, vi } from 'vitest'
import type { Authorize } from '../auth/ownership'
import { OwnerBatches } from './batch'
import { settle } from './doubles.test-kit'
import { packets } from './packets'
import { SLOW_ROOM } from './rooms'
import { World } from './world.test-kit'

async function listingWorld(authorize?: Authorize) {
  const world = new World(authorize ? { authorize } : {})
  const sent: { owner: string; ids: string[] }[] = []
  const batches = new OwnerBatches({
    io: world.io,
    node: world.node,
    desk: world.desk,
    listing: (owner) => world.commands.listing(owner),
    slow: {
      missedBatch: (owner, sessions) => sent.push({ owner, ids: sessions.map(({ sessionId }) => sessionId) }),
      keepBatch: () => false,
    },
  })
  const { socket } = world.connect('ada')
  await socket.ask('list-progress')
  const heard = () =>
    socket.heard<{ sessions: Snapshot[] }>('progress-batch').map(({ sessions }) => {
      return sessions.map(({ sessionId, progress }) => `${sessionId}:${progress}`)
    })
  return { world, batches, socket, sent, heard }
}

describe('progress-batch', () => {
  it('goes out at once after a quiet time, then once per window with the newest of each session', async () => {
    const { world, heard } = await listingWorld()
    for (const id of ['a', 'b']) world.tracker.createSessionWithId(id, {}, { owner: 'ada' })
    for (let progress = 1; progress <= 50; progress++) {
      world.tracker.updateProgress('a', progress)
      world.tracker.updateProgress('b', 2 * progress)
    }
    expect(heard()).toEqual([['a:0']])
    await world.clock.advance(LIMITS.throttleMs)
    expect(heard()).toHaveLength(2)
    await world.clock.advance(LIMITS.throttleMs)
    expect(heard()).toHaveLength(3)
    expect(heard().slice(1).flat().sort().slice(-4)).toEqual(expect.arrayContaining(['a:50', 'b:100']))
    await world.clock.advance(10 * LIMITS.throttleMs)
    expect(heard()).toHaveLength(3)
  })

  it('tells an end at once, with what waits', async () => {
    const { world, heard } = await listingWorld()
    for (const id of ['a', 'b']) world.tracker.createSessionWithId(id, {}, { owner: 'ada' })
    world.tracker.updateProgress('a', 7)
    world.tracker.completeSession('b')
    expect(heard()).toEqual([['a:0'], ['b:100', 'a:7']])
  })

  it('tells of no other owner’s sessions, and of none that has no owner', async () => {
    const { world, socket } = await listingWorld()
    world.tracker.createSessionWithId('bens', {}, { owner: 'ben' })
    world.tracker.createSessionWithId('anybodys', {})
    world.tracker.completeSession('bens')
    await world.clock.advance(1_000)
    expect(socket.sent).toEqual([])
  })

  it('costs nothing where nobody lists', async () => {
    const { world, batches, socket, sent } = await listingWorld()
    await socket.ask('list-progress', { watch: false })
    const stringify = vi.spyOn(JSON, 'stringify')
    for (let n = 0; n < 100; n++) world.tracker.createSessionWithId(`s${n}`, {}, { owner: 'ada' })
    const encodings = stringify.mock.calls.filter(([value]) => (value as Snapshot)?.sessionId !== undefined)
    stringify.mockRestore()
    expect([sent, batches.size, encodings.length]).toEqual([[], 0, 0])
  })

  it('leaves out who is slow', async () => {
    const { world, socket, sent } = await listingWorld()
    void socket.join(SLOW_ROOM)
    world.tracker.createSessionWithId('a', {}, { owner: 'ada' })
    expect([socket.sent, sent]).toEqual([[], [{ owner: 'ada', ids: ['a'] }]])
  })

  it('forgets an owner after a quiet window, and leaves no timer when it is stopped', async () => {
    const { world, batches } = await listingWorld()
    const before = world.clock.pending
    world.tracker.createSessionWithId('a', {}, { owner: 'ada' })
    expect([batches.size, world.clock.pending]).toEqual([1, before + 1])
    await world.clock.advance(LIMITS.throttleMs)
    expect([batches.size, world.clock.pending]).toEqual([0, before])
    world.tracker.createSessionWithId('b', {}, { owner: 'ada' })
    batches.stop()
    expect([batches.size, world.clock.pending]).toEqual([0, before])
    world.tracker.createSessionWithId('c', {}, { owner: 'ada' })
    await settle()
    expect(batches.size).toBe(0)
  })
})

describe('where the app has a rule of its own', () => {
  it('77: shows an owner no more than the rule does, and asks it once for each life of a session', async () => {
    let asked = 0
    const { world, socket, heard } = await listingWorld(({ session }) => {
      asked += 1
      return session.metadata['tenant'] === 'red'
    })
    world.tracker.createSessionWithId('red', { tenant: 'red' }, { owner: 'ada' })
    world.tracker.createSessionWithId('blue', { tenant: 'blue' }, { owner: 'ada' })
    for (let progress = 1; progress <= 20; progress++) {
      for (const id of ['red', 'blue']) world.tracker.updateProgress(id, progress)
      await world.clock.advance(LIMITS.throttleMs)
    }
    expect(heard().at(-1)).toEqual(['red:20'])
    expect(JSON.stringify(socket.sent)).not.toContain('blue')
    expect(asked).toBe(2)
  })

  it('asks anew after the time within which a withdrawn right ends', async () => {
    let right = true
    const { world, socket, heard } = await listingWorld(() => right)
    world.tracker.createSessionWithId('a', {}, { owner: 'ada' })
    await settle()
    expect(heard()).toEqual([['a:0']])
    right = false
    await world.clock.advance(LIMITS.recheckMs)
    world.tracker.updateProgress('a', 5)
    await world.clock.advance(1_000)
    expect(heard()).toEqual([['a:0']])
    right = true
    await socket.ask('list-progress', { watch: false })
    world.tracker.updateProgress('a', 6)
    await world.clock.advance(LIMITS.recheckMs)
    expect(heard()).toEqual([['a:0']])
  })
})

describe('packets', () => {
  it('stay within their size, keep the order, and lose nothing', () => {
    const filler = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`k${n}`, 'é'.repeat(90)]))
    const sessions = Array.from({ length: 100 }, (_, n) =>
      buildSnapshot('active', { sessionId: `s${n}`, metadata: filler }),
    )
    const parts = packets(sessions)
    expect(parts.flat()).toEqual(sessions)
    expect(parts.length).toBeGreaterThan(3)
    for (const part of parts) expect(jsonBytes({ sessions: part } as never)).toBeLessThanOrEqual(LIMITS.batchBytes)
    expect(packets([])).toEqual([])
  })
})
