import { LIMITS } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { World } from './world.test-kit'

describe('a command that is too large', () => {
  // design.md: 16 KB a command
  it.each([
    ['options', ['import-1', { junk: 'x'.repeat(LIMITS.commandBytes) }]],
    ['an id', ['x'.repeat(LIMITS.commandBytes)]],
  ])('41: is refused unread: %s', async (_what, [id, options]) => {
    const world = new World()
    const { socket } = world.connect('ada')
    expect(await socket.ask('join-progress', id, options)).toMatchObject({
      error: { code: 'BAD_REQUEST', message: 'join-progress: larger than 16384 bytes' },
    })
    expect(world.io.roomCount).toBe(0)
  })
})
