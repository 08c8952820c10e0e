// What is sent by mistake or on purpose, and what fails on our side: it is refused, signalled, and hurts nobody.
import { describe, expect, it } from 'vitest'
import { type Answer, settle } from './doubles.test-kit'
import { sessionRoom } from './rooms'
import { World } from './world.test-kit'

const ID = 'import-1'

function worldOfOne(): World {
  const world = new World()
  world.tracker.createSessionWithId(ID, { operation: 'import' }, { owner: 'ada' })
  return world
}

function nested(depth: number): unknown {
  let value: unknown = 'x'
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

describe('odd arguments', () => {
  const ODD: unknown[] = [
    { toString: 1 },
    { valueOf: 1 },
    [{ toString: 1 }],
    null,
    7,
    Number.NaN,
    true,
    nested(400_000),
    'x'.repeat(1_000_000),
    'x'.repeat(65),
    '',
    '  ',
    'ѕession',
    '../etc',
    '%00',
    'a\nb',
    'a/b',
    'health',
    'events',
    JSON.parse('{"__proto__":{"polluted":1}}'),
    JSON.parse('{"constructor":{"prototype":{"polluted":1}}}'),
  ]

  const numbered = ODD.map((value, index) => [index, value] as const)
  it.each(numbered)('36, 38, 45: refuses id %i, and joins nothing', async (_, value) => {
    const world = worldOfOne()
    const { socket } = world.connect('ada')
    for (const command of ['join-progress', 'leave-progress', 'cancel-progress']) {
      expect(await socket.ask(command, value)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
      socket.receive(command, value)
    }
    await settle()
    expect(socket.heard('application-error')).toHaveLength(3)
    expect(JSON.stringify(socket.sent).length).toBeLessThan(1_000)
    expect([world.io.roomCount, world.told('handler-failed')]).toEqual([0, []])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('refuses what is odd beside a good id', async () => {
    const world = worldOfOne()
    const { socket } = world.connect('ada')
    const asked: [string, ...unknown[]][] = [
      ['join-progress', ID, { position: 'now' }],
      ['join-progress', ID, { logLine: -1 }],
      ['join-progress', ID, nested(400_000)],
      ['join-progress'],
      ['list-progress', { watch: 'yes' }],
      ['sync-progress'],
      ['sync-progress', { '../x': '000000000-aaaaaaaa.0' }],
      ['sync-progress', Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`s${n}`, '000000000-aaaaaaaa.0']))],
      ['cancel-progress', ID, 'x'.repeat(201)],
    ]
    for (const [command, ...args] of asked) {
      expect([command, await socket.ask(command, ...args)]).toMatchObject([command, { error: { code: 'BAD_REQUEST' } }])
    }
    expect(world.io.roomCount).toBe(0)
  })

  it('38: refuses a key that reaches a prototype, and takes the name of another room for an id like any other', async () => {
    const world = worldOfOne()
    const { socket } = world.connect('ada')
    for (const id of ['__proto__', 'constructor', 'prototype']) {
      expect(await socket.ask('join-progress', id)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
    }
    for (const id of ['toString', 'progress-slow', 'progress-owner-ben', socket.id]) {
      expect(await socket.ask('join-progress', id)).toMatchObject({ error: { code: 'NOT_FOUND' } })
    }
    const positions = JSON.parse('{"__proto__":"000000000-aaaaaaaa.0","constructor":"000000000-aaaaaaaa.0"}')
    expect(await socket.ask('sync-progress', positions)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
    expect(world.io.roomCount).toBe(0)
  })

  it('37: answers the last function, wherever it stands, and takes no notice of 50 more arguments', async () => {
    const world = worldOfOne()
    const { socket } = world.connect('ada')
    const first: Answer[] = []
    const more = Array.from({ length: 50 }, (_, n) => (n % 2 ? { n } : nested(400_000)))
    const answer = await new Promise<Answer>((resolve) => {
      socket.receive('join-progress', (a: Answer) => first.push(a), ID, { logLine: 3 }, resolve, ...more)
    })
    expect([answer.success, first]).toEqual([true, []])
  })

  it('survives an acknowledgement that throws, and goes on', async () => {
    const world = worldOfOne()
    const { socket } = world.connect('ada')
    socket.receive('join-progress', ID, () => {
      throw new Error('no')
    })
    socket.receive('join-progress', 7, () => {
      throw new Error('no')
    })
    expect((await socket.ask('list-progress')).success).toBe(true)
    expect(socket.rooms).toContain(sessionRoom(ID))
  })
})

describe('failures', () => {
  it('of the backend are signalled and answered as UNAVAILABLE', async () => {
    const world = worldOfOne()
    const { socket } = world.connect('ada')
    const cause = new Error('redis://secret is away')
    world.node.backend.get = () => Promise.reject(cause)
    world.node.backend.listByOwner = () => Promise.reject(cause)
    for (const [command, arg] of [
      ['join-progress', 'elsewhere'],
      ['cancel-progress', 'elsewhere'],
      ['list-progress', {}],
    ] as const) {
      const answer = await socket.ask(command, arg)
      expect([command, answer.error?.code]).toEqual([command, 'UNAVAILABLE'])
      expect(JSON.stringify(answer)).not.toContain('secret')
    }
    expect(world.told('store-failed')).toMatchObject([{ cause }, { cause }, { cause }])
    expect(world.io.rooms.has(sessionRoom('elsewhere'))).toBe(false)
  })

  it('of our own are signalled and answered as HANDLER_ERROR, and the next command is carried out', async () => {
    const world = worldOfOne()
    const { socket } = world.connect('ada')
    socket.join = () => {
      throw new Error('adapter')
    }
    expect(await socket.ask('join-progress', ID)).toMatchObject({ error: { code: 'HANDLER_ERROR' } })
    expect(await socket.ask('list-progress')).toMatchObject({ error: { code: 'HANDLER_ERROR' } })
    expect(await socket.ask('leave-progress', ID)).toEqual({ success: true })
    expect(world.told('handler-failed')).toMatchObject([{ where: 'join' }, { where: 'list-progress' }])
  })

  it('of the limit itself let nothing through', async () => {
    const world = new World({
      limit: () => {
        throw new Error('limit')
      },
    })
    const { socket } = world.connect('ada')
    socket.receive('join-progress', ID)
    await settle()
    expect([socket.sent, world.told('handler-failed').length]).toEqual([[], 1])
  })
})
