// What a client may send, and what it is answered: over doubles of the sockets.
import { LIMITS } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { Gate, settle } from './doubles.test-kit'
import { sessionRoom } from './rooms'
import { World } from './world.test-kit'

const ID = 'import-1'
const OTHERS = 'import-2'

function worldOfTwo(): World {
  const world = new World()
  world.tracker.createSessionWithId(ID, { operation: 'import' }, { owner: 'ada' })
  world.tracker.createSessionWithId(OTHERS, { operation: 'import' }, { owner: 'ben' })
  return world
}

describe('join-progress', () => {
  it('answers the state, and puts the connection into the room', async () => {
    const world = worldOfTwo()
    const { socket } = world.connect('ada')
    const answer = await socket.ask('join-progress', ID)
    expect(answer).toMatchObject({ success: true, status: { sessionId: ID, progress: 0 } })
    world.tracker.updateProgress(ID, 40)
    expect(socket.heard('progress-update')).toMatchObject([{ progress: 40 }])
    expect(socket.heard('progress-status')).toEqual([])
    expect(world.told('joined')).toMatchObject([{ sessionId: ID, userId: 'ada' }])
  })

  it('without an acknowledgement sends the state as an event', async () => {
    const world = worldOfTwo()
    const { socket } = world.connect('ada')
    socket.receive('join-progress', ID)
    await settle()
    expect(socket.heard('progress-status')).toMatchObject([{ sessionId: ID }])
  })

  it('sends the log lines that the client does not have, after the state, and says how many are gone', async () => {
    const world = worldOfTwo()
    let log = (_line: string): void => {}
    void world.tracker.run('build', { owner: 'ada', id: 'logs' }, (task) => {
      log = (line) => task.log(line)
      return new Promise(() => {})
    })
    await settle()
    for (let line = 0; line < LIMITS.logLines + 5; line++) log(`line ${line}`)
    const { socket } = world.connect('ada')
    socket.receive('join-progress', 'logs', { logLine: LIMITS.logLines + 2 })
    await settle()
    expect(socket.sent.map(({ event }) => event)).toEqual(['progress-status', 'progress-log'])
    expect(socket.heard('progress-log')).toMatchObject([
      { sessionId: 'logs', from: LIMITS.logLines + 3, lines: [{ text: 'line 203' }, { text: 'line 204' }] },
    ])
    socket.receive('leave-progress', 'logs')
    socket.sent.length = 0
    socket.receive('join-progress', 'logs')
    await settle()
    const [all] = socket.heard<{ from: number; gap: number; lines: unknown[] }>('progress-log')
    expect([all?.from, all?.gap, all?.lines.length]).toEqual([5, 5, LIMITS.logLines])
    socket.sent.length = 0
    await socket.ask('join-progress', 'logs', { logLine: LIMITS.logLines + 4 })
    await settle()
    expect(socket.heard('progress-log')).toEqual([])
  })

  it('sends all lines where the last one seen is of an earlier life', async () => {
    const world = worldOfTwo()
    void world.tracker.run('build', { owner: 'ada', id: 'logs' }, (task) => {
      task.log('first')
      return new Promise(() => {})
    })
    const { socket } = world.connect('ada')
    const position = '000000000-aaaaaaaa.7'
    await socket.ask('join-progress', 'logs', { position, logLine: 40 })
    await settle()
    expect(socket.heard('progress-log')).toMatchObject([{ from: 0, lines: [{ text: 'first' }] }])
  })

  it('48, 73: answers what is not there and what is another’s alike, and tells nothing without an acknowledgement', async () => {
    const world = worldOfTwo()
    const { socket, connection } = world.connect('ada')
    const foreign = await socket.ask('join-progress', OTHERS)
    const unknown = await socket.ask('join-progress', 'nowhere')
    expect(foreign).toEqual(unknown)
    expect(foreign.error?.code).toBe('NOT_FOUND')
    socket.receive('join-progress', OTHERS)
    socket.receive('join-progress', 'nowhere')
    await settle()
    world.tracker.updateProgress(OTHERS, 50)
    expect(socket.sent).toEqual([])
    expect(socket.rooms).toEqual([])
    expect([...connection.awaited]).toEqual([OTHERS, 'nowhere'])
    expect(JSON.stringify(world.told('refused'))).not.toContain('nowhere')
  })

  it('refuses to wait for more than a connection may wait for, foreign and unknown ids alike', async () => {
    const world = worldOfTwo()
    const { socket, connection } = world.connect('ada')
    for (let n = 0; n < LIMITS.awaitedPerConnection; n++) await socket.ask('join-progress', `unknown-${n}`)
    expect(await socket.ask('join-progress', 'one-more')).toMatchObject({ error: { code: 'LIMIT' } })
    expect(await socket.ask('join-progress', OTHERS)).toMatchObject({ error: { code: 'LIMIT' } })
    expect(await socket.ask('join-progress', 'unknown-7')).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(connection.awaited.size).toBe(LIMITS.awaitedPerConnection)
    expect((await socket.ask('join-progress', ID)).success).toBe(true)
  })

  it('refuses to watch more than a connection may watch', async () => {
    const world = new World({ limits: { commandsPerMinute: 300, watchedPerConnection: 2 } })
    for (const id of ['a', 'b', 'c']) world.tracker.createSessionWithId(id, {}, { owner: 'ada' })
    const { socket } = world.connect('ada')
    await socket.ask('join-progress', 'a')
    await socket.ask('join-progress', 'b')
    expect(await socket.ask('join-progress', 'c')).toMatchObject({ error: { code: 'LIMIT' } })
    expect((await socket.ask('join-progress', 'a')).success).toBe(true)
    await socket.ask('leave-progress', 'a')
    expect((await socket.ask('join-progress', 'c')).success).toBe(true)
    expect(socket.rooms).toEqual([sessionRoom('b'), sessionRoom('c')])
  })
})

describe('leave-progress', () => {
  it('always succeeds, and ends what was sent and what was waited for', async () => {
    const world = worldOfTwo()
    const { socket, connection } = world.connect('ada')
    await socket.ask('join-progress', ID)
    await socket.ask('join-progress', 'later')
    for (const id of [ID, 'later', 'never-joined']) {
      expect(await socket.ask('leave-progress', id)).toEqual({ success: true })
    }
    world.tracker.updateProgress(ID, 10)
    world.tracker.createSessionWithId('later', {}, { owner: 'ada' })
    await settle()
    expect(socket.sent).toEqual([])
    expect([connection.watched.size, connection.awaited.size]).toEqual([0, 0])
  })
})

describe('cancel-progress', () => {
  it('asks the job of an owner to stop, and nobody else’s', async () => {
    const world = worldOfTwo()
    const job = world.tracker.run('work', { owner: 'ada' }, (task) => {
      return new Promise<void>((_, reject) => task.signal.addEventListener('abort', () => reject(task.signal.reason)))
    })
    const { socket } = world.connect('ada')
    const { socket: stranger } = world.connect('ben')
    expect(await stranger.ask('cancel-progress', job.id)).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await socket.ask('cancel-progress', ID)).toMatchObject({ error: { code: 'NOT_CANCELLABLE' } })
    expect(await socket.ask('cancel-progress', job.id, null)).toEqual({ success: true })
    await job.catch(() => {})
    expect(world.tracker.getSession(job.id)?.status).toBe('cancelled')
    stranger.receive('cancel-progress', ID)
    await settle()
    expect(stranger.heard('application-error')).toMatchObject([{ code: 'NOT_FOUND' }])
  })
})

describe('list-progress', () => {
  it('answers the caller’s own, and enters their room unless it is told not to', async () => {
    const world = worldOfTwo()
    const { socket, connection } = world.connect('ada')
    const answer = await socket.ask('list-progress')
    expect(answer.sessions?.map(({ sessionId }) => sessionId)).toEqual([ID])
    expect([connection.listing, socket.rooms]).toEqual([true, ['progress-owner-ada']])
    await socket.ask('list-progress', { watch: false })
    expect([connection.listing, socket.rooms]).toEqual([false, []])
    await socket.ask('list-progress', null)
    expect(connection.listing).toBe(true)
  })
})

describe('the answers about many sessions', () => {
  const filler = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key-${n}`, 'x'.repeat(180)]))

  it('G8: are bounded, for a list as for a comparison', async () => {
    const world = new World()
    const { socket } = world.connect('ada')
    const ids = Array.from({ length: 90 }, (_, n) => `s-${n}`)
    for (const id of ids) {
      world.tracker.createSessionWithId(id, filler, { owner: 'ada' })
      await socket.ask('join-progress', id)
    }
    const unknown = Object.fromEntries(ids.map((id) => [id, '000000000-aaaaaaaa.0']))
    const answers = [await socket.ask('list-progress'), await socket.ask('sync-progress', unknown, { mine: true })]
    for (const answer of answers) {
      const bytes = JSON.stringify(answer).length
      expect(bytes).toBeLessThanOrEqual(LIMITS.listBytes)
      expect(bytes).toBeGreaterThan(LIMITS.listBytes - 6_000)
    }
  })

  it('do not repeat old ends that the client cannot name', async () => {
    const world = new World()
    const { socket } = world.connect('ada')
    for (let n = 0; n < 300; n++) {
      world.tracker.createSessionWithId(`s-${n}`, {}, { owner: 'ada' })
      world.tracker.completeSession(`s-${n}`)
    }
    await socket.ask('list-progress')
    await world.clock.advance(2 * LIMITS.syncIntervalMs + 1)
    expect(await socket.ask('sync-progress', {}, { mine: true })).toEqual({ success: true, snapshots: [], gone: [] })
  })
})

describe('list-progress of a connection that goes meanwhile', () => {
  it('leaves the room that an adapter lets it enter too late', async () => {
    const gate = new Gate()
    const world = worldOfTwo()
    const { socket, connection } = world.connect('ada')
    const join = socket.join.bind(socket)
    socket.join = (name) =>
      gate.passed.then(() => world.io.rooms.set(name, new Set([socket.id]))).then(() => join(name))
    socket.receive('list-progress')
    await settle()
    socket.disconnect()
    gate.open()
    await settle()
    expect([world.io.roomCount, world.commands.size, connection.listing]).toEqual([0, 0, false])
  })
})

describe('sync-progress', () => {
  it('answers what is behind and what is gone, of what was joined alone', async () => {
    const world = worldOfTwo()
    world.tracker.createSessionWithId('mine-too', {}, { owner: 'ada' })
    const { socket, connection } = world.connect('ada')
    const { status } = await socket.ask('join-progress', ID)
    const held = `${status?.epoch}.${status?.revision}`
    expect(await socket.ask('sync-progress', { [ID]: held })).toEqual({ success: true, snapshots: [], gone: [] })
    world.tracker.updateProgress(ID, 70)
    const unknown = '000000000-aaaaaaaa.0'
    const answer = await socket.ask('sync-progress', { [ID]: held, 'mine-too': unknown, [OTHERS]: unknown })
    expect(answer.snapshots).toMatchObject([{ sessionId: ID, progress: 70 }])
    expect(answer.gone).toEqual([])
    expect(connection.syncedAt).toBe(world.clock.now())
  })

  it('compares the caller’s own, where that is asked, with what the client says of them', async () => {
    const world = worldOfTwo()
    const { socket } = world.connect('ada')
    const own = await socket.ask('list-progress')
    const [first] = own.sessions as [{ sessionId: string; epoch: string; revision: number }]
    const held = { [ID]: `${first.epoch}.${first.revision}` }
    expect((await socket.ask('sync-progress', held, { mine: true })).snapshots).toEqual([])
    world.tracker.updateProgress(ID, 5)
    expect((await socket.ask('sync-progress', held, { mine: true })).snapshots).toMatchObject([{ progress: 5 }])
    expect((await socket.ask('sync-progress', {}, { mine: true })).snapshots).toMatchObject([{ progress: 5 }])
  })

  it('18: does not take back what was made while it was reading', async () => {
    const world = new World()
    const { socket, connection } = world.connect('ada')
    await socket.ask('join-progress', ID)
    const gate = new Gate()
    const { read } = world.node
    world.node.read = () => gate.passed.then(() => null)
    const answer = socket.ask('sync-progress', { [ID]: '000000000-aaaaaaaa.0' })
    await settle()
    world.node.read = read
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    await settle()
    expect(socket.heard('progress-status')).toHaveLength(1)
    gate.open()
    expect((await answer).gone).toEqual([])
    expect([socket.rooms, [...connection.watched]]).toEqual([[sessionRoom(ID)], [ID]])
  })

  it('leaves the room of what is gone, and enters that of what has come', async () => {
    let blind = false
    const world = new World({ authorize: () => !blind })
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket, connection } = world.connect('ada')
    const { status } = await socket.ask('join-progress', ID)
    const held = { [ID]: `${status?.epoch}.${status?.revision}` }
    blind = true
    expect((await socket.ask('sync-progress', held)).gone).toEqual([{ sessionId: ID, code: 'NOT_FOUND' }])
    expect([socket.rooms, connection.watched.size]).toEqual([[], 0])
    await socket.ask('join-progress', ID)
    blind = false
    await socket.ask('sync-progress', { [ID]: '000000000-aaaaaaaa.0' })
    await settle()
    expect(socket.rooms).toEqual([sessionRoom(ID)])
  })
})
