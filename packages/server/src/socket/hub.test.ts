// A server that goes: who is there is asked to leave, and nobody comes in any more.
import { describe, expect, it } from 'vitest'
import { DoubleSocket } from './doubles.test-kit'
import { Hub } from './hub'
import { user, World } from './world.test-kit'

function hubOf(world: World): Hub {
  const limits = { commandsPerMinute: 300, watchedPerConnection: 100 }
  return new Hub({ io: world.io, node: world.node, desk: world.desk, limits, limit: () => ({ ok: true }) })
}

describe('a hub that closes', () => {
  it.each([
    ['while it drains', 1_000],
    ['afterwards', 0],
  ])('sends away who comes %s, and holds nothing for them', async (_, drainMs) => {
    const world = new World()
    const hub = hubOf(world)
    const [first, second, late] = [0, 1, 2].map(() => new DoubleSocket(world.io))
    if (!first || !second || !late) throw new Error('three sockets')
    for (const socket of [first, second]) hub.accept(socket, user('ada'), { headers: new Headers() })
    const closed = hub.close(drainMs)
    await world.clock.advance(drainMs === 0 ? 0 : 100)
    hub.accept(late, user('ada'), { headers: new Headers() })
    expect(late.heard('progress-bye')).toEqual([{ code: 'DRAINING', retryAfterMs: 1_000 }])
    expect(late.connected).toBe(false)
    await world.clock.advance(drainMs)
    await closed
    expect([first, second].map(({ connected }) => connected)).toEqual([false, false])
    expect([...hub.connections]).toEqual([])
    await world.tracker.close()
    expect(world.clock.pending).toBe(0)
  })
})
