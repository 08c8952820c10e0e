// Joins, leaves, new lives and withdrawn rights, each where it is awkward.

import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { memory } from '../backend/memory'
import { over } from '../conformance/over.test-support'
import type { Task } from '../tracker/task'
import { Gate, settle } from './doubles.test-kit'
import { sessionRoom } from './rooms'
import { World } from './world.test-kit'

const ID = 'import-1'
const room = sessionRoom(ID)

describe('a join', () => {
  it('loses nothing that happens while it is authorised', async () => {
    const gate = new Gate()
    const world = new World({ authorize: () => gate.passed.then(() => true) })
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket } = world.connect('ada')
    const answer = socket.ask('join-progress', ID)
    await settle()
    world.tracker.completeSession(ID)
    gate.open()
    expect(await answer).toMatchObject({ status: { status: 'completed', progress: 100 } })
  })

  it('loses nothing that happens while the room is entered', async () => {
    const gate = new Gate()
    const world = new World()
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket } = world.connect('ada')
    const join = socket.join.bind(socket)
    socket.join = (name) => gate.passed.then(() => join(name))
    const answer = socket.ask('join-progress', ID)
    await settle()
    world.tracker.updateProgress(ID, 60)
    gate.open()
    expect(await answer).toMatchObject({ status: { progress: 60 } })
  })

  it.each(['leave', 'disconnect', 'revoke'] as const)('79: comes to nothing where a %s overtakes it', async (event) => {
    const gate = new Gate()
    let right = true
    const world = new World({ authorize: () => (right ? gate.passed.then(() => true) : false) })
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket, connection } = world.connect('ada')
    const answers: unknown[] = []
    socket.receive('join-progress', ID, (answer: unknown) => answers.push(answer))
    socket.receive('join-progress', ID)
    await settle()
    if (event === 'leave') socket.receive('leave-progress', ID)
    if (event === 'disconnect') socket.disconnect()
    if (event === 'revoke') {
      right = false
      void world.commands.reauthorise(connection)
    }
    gate.open()
    await settle()
    world.tracker.updateProgress(ID, 50)
    world.tracker.completeSession(ID)
    await settle()
    expect(socket.sent).toEqual([])
    expect(socket.rooms).toEqual([])
    expect(JSON.stringify(answers)).not.toContain('success')
    expect(world.io.rooms.has(room)).toBe(false)
  })

  it('does not enter the room where the leave comes before its turn', async () => {
    const gate = new Gate()
    const world = new World({
      authorize: ({ session }) => session.sessionId !== 'slow' || gate.passed.then(() => true),
    })
    world.tracker.createSessionWithId('slow', {}, { owner: 'ada' })
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket } = world.connect('ada')
    socket.receive('join-progress', 'slow')
    const overtaken = socket.ask('join-progress', ID)
    socket.receive('leave-progress', ID)
    gate.open()
    expect(await overtaken).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(socket.rooms).toEqual([sessionRoom('slow')])
    expect((await socket.ask('join-progress', ID)).success).toBe(true)
  })

  it('leaves the room that an adapter lets it enter too late', async () => {
    const gate = new Gate()
    const world = new World()
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket } = world.connect('ada')
    const join = socket.join.bind(socket)
    socket.join = (name) => gate.passed.then(() => join(name))
    const answer = socket.ask('join-progress', ID)
    await settle()
    socket.receive('leave-progress', ID)
    gate.open()
    expect(await answer).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect([socket.rooms, world.io.roomCount]).toEqual([[], 0])
  })

  it('that comes anew does not lose its room to the one that was taken back', async () => {
    const gate = new Gate()
    const world = new World()
    const { socket, connection } = world.connect('ada')
    await socket.ask('join-progress', ID)
    const join = socket.join.bind(socket)
    socket.join = (name) => gate.passed.then(() => join(name))
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    await settle() // it is being entered, slowly
    socket.receive('leave-progress', ID)
    socket.join = join
    expect((await socket.ask('join-progress', ID)).success).toBe(true)
    gate.open()
    await settle()
    expect([socket.rooms, [...connection.watched]]).toEqual([[room], [ID]])
  })

  it('that is refused anew is not in the room either, once the one that was taken back gets there', async () => {
    const gate = new Gate()
    let right = true
    const world = new World({ authorize: () => right })
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket, connection } = world.connect('ada')
    await socket.ask('join-progress', ID)
    const join = socket.join.bind(socket)
    socket.join = (name) => gate.passed.then(() => join(name))
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    await settle()
    socket.receive('leave-progress', ID)
    right = false
    expect((await socket.ask('join-progress', ID)).error?.code).toBe('NOT_FOUND')
    gate.open()
    await settle()
    expect([socket.rooms, [...connection.awaited]]).toEqual([[], [ID]])
  })

  it('80: sends no state where the right ends between the room and the state', async () => {
    const gate = new Gate()
    let right = true
    const world = new World({ authorize: () => right })
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket, connection } = world.connect('ada')
    const join = socket.join.bind(socket)
    socket.join = (name) => {
      void join(name)
      return gate.passed
    }
    const answer = socket.ask('join-progress', ID)
    await settle()
    right = false
    void world.commands.reauthorise(connection)
    gate.open()
    expect(await answer).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect([socket.sent, socket.rooms]).toEqual([[], []])
  })
})

describe('a join of a session that another process writes', () => {
  /** Two processes of one backend, and what the second one asks of it. */
  async function elsewhere() {
    const clock = new ManualClock()
    const shared = memory({ clock })
    const worker = new World({ backend: shared, clock })
    const asked: string[] = []
    const world = new World({
      clock,
      backend: over(shared, {
        get: (ids) => {
          asked.push('get')
          return shared.get(ids)
        },
        readLog: (...which) => {
          asked.push('readLog')
          return shared.readLog(...which)
        },
      }),
    })
    const task = await new Promise<Task>((resolve) => {
      void worker.tracker.run('build', { owner: 'ada', id: ID }, (given) => {
        resolve(given)
        return new Promise(() => {})
      })
    })
    await clock.advance(200)
    return { clock, worker, world, asked, task }
  }

  it('6: asks the backend once, and not for lines where none was written', async () => {
    const { world, asked } = await elsewhere()
    const { socket } = world.connect('ada')
    expect((await socket.ask('join-progress', ID)).success).toBe(true)
    await settle()
    expect(asked).toEqual(['get'])
  })

  it('6: asks once for all who come at once, and none of them misses what is told meanwhile', async () => {
    const { clock, world, asked, task } = await elsewhere()
    const sockets = Array.from({ length: 50 }, () => world.connect('ada').socket)
    const joins = sockets.map((socket) => socket.ask('join-progress', ID))
    await Promise.all(joins)
    expect(asked).toEqual(['get'])
    task.update({ progress: 30 })
    await clock.advance(200)
    const late = world.connect('ada').socket
    expect(await late.ask('join-progress', ID)).toMatchObject({ status: { progress: 30 } })
    for (const socket of sockets) expect(socket.heard('progress-update').at(-1)).toMatchObject({ progress: 30 })
    expect(asked).toEqual(['get'])
  })

  it('6: has what was told while the room was entered, and the lines', async () => {
    const { clock, world, asked, task } = await elsewhere()
    const gate = new Gate()
    const { socket } = world.connect('ada')
    const join = socket.join.bind(socket)
    socket.join = (name) => gate.passed.then(() => join(name))
    const answer = socket.ask('join-progress', ID)
    await settle()
    task.log('first')
    task.update({ progress: 60 })
    await clock.advance(200)
    gate.open()
    expect(await answer).toMatchObject({ status: { progress: 60 } })
    await settle()
    expect(socket.heard('progress-log')).toMatchObject([{ from: 0, lines: [{ text: 'first' }] }])
    expect(asked).toEqual(['get', 'readLog'])
  })

  it('6: has lines that are told once it was answered, from the first on', async () => {
    const { clock, world, task } = await elsewhere()
    const { socket } = world.connect('ada')
    await socket.ask('join-progress', ID)
    task.log('first')
    await clock.advance(200)
    expect(socket.heard('progress-log')).toMatchObject([{ from: 0, lines: [{ text: 'first' }] }])
  })

  it('G7: is decided by whose it is now, also where the id was of another owner a moment ago', async () => {
    const { clock, worker, world, asked } = await elsewhere()
    const ada = world.connect('ada').socket
    expect((await ada.ask('join-progress', ID)).success).toBe(true)
    worker.tracker.completeSession(ID)
    worker.tracker.createSessionWithId(ID, { secret: 'ben’s' }, { owner: 'ben' })
    await clock.advance(200)
    const [again, ben] = [world.connect('ada').socket, world.connect('ben').socket]
    expect(await again.ask('join-progress', ID)).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await ben.ask('join-progress', ID)).toMatchObject({ status: { metadata: { secret: 'ben’s' } } })
    expect(JSON.stringify([ada.sent, again.sent])).not.toContain('ben’s')
    expect(asked).toEqual(['get'])
  })
})

describe('a session made after the join', () => {
  it('is authorised then, and shown to those alone who may see it', async () => {
    const world = new World()
    const ada = world.connect('ada')
    const ben = world.connect('ben')
    for (const { socket } of [ada, ben]) await socket.ask('join-progress', ID)
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    await settle()
    world.tracker.updateProgress(ID, 30)
    expect(ada.socket.sent.map(({ event }) => event)).toEqual(['progress-status', 'progress-update'])
    expect([ben.socket.sent, ben.socket.rooms]).toEqual([[], []])
    expect([[...ada.connection.watched], [...ada.connection.awaited]]).toEqual([[ID], []])
    expect([...ben.connection.awaited]).toEqual([ID])
  })

  it('is shown with what its job has written', async () => {
    const world = new World()
    const { socket } = world.connect('ada')
    await socket.ask('join-progress', ID)
    void world.tracker.run('build', { owner: 'ada', id: ID }, (task) => {
      task.log('first')
      return new Promise(() => {})
    })
    await settle()
    expect(socket.sent.map(({ event }) => event)).toEqual(['progress-status', 'progress-log'])
  })

  it('is found also where the first that is heard of it, from another process, is a later state', async () => {
    const clock = new ManualClock()
    const backend = memory({ clock })
    const worker = new World({ backend, clock })
    const world = new World({ backend, clock })
    const { socket } = world.connect('ada')
    await settle()
    await socket.ask('join-progress', ID)
    worker.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    worker.tracker.updateProgress(ID, 45)
    await clock.advance(200)
    expect(socket.heard('progress-status').at(-1)).toMatchObject({ progress: 45 })
    expect(socket.rooms).toEqual([room])
  })

  it('is gone where the connection watches as much as it may already', async () => {
    const world = new World({ limits: { commandsPerMinute: 300, watchedPerConnection: 1 } })
    world.tracker.createSessionWithId('other', {}, { owner: 'ada' })
    const { socket, connection } = world.connect('ada')
    await socket.ask('join-progress', ID)
    await socket.ask('join-progress', 'other')
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    await settle()
    expect(socket.heard('progress-gone')).toEqual([{ sessionId: ID, code: 'LIMIT' }])
    expect(connection.awaited.size).toBe(0)
  })
})

describe('a new life of a watched id', () => {
  it('of the same owner is shown', async () => {
    const world = new World()
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket } = world.connect('ada')
    await socket.ask('join-progress', ID)
    world.tracker.completeSession(ID)
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    await settle()
    world.tracker.updateProgress(ID, 5)
    expect(socket.sent.map(({ event }) => event)).toEqual(['progress-complete', 'progress-status', 'progress-update'])
  })

  it('of another owner is left before anything of it is sent, and told as gone', async () => {
    const world = new World()
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket, connection } = world.connect('ada')
    await socket.ask('join-progress', ID)
    world.tracker.completeSession(ID)
    world.tracker.createSessionWithId(ID, { secret: 'ben’s' }, { owner: 'ben' })
    world.tracker.updateProgress(ID, 5)
    await settle()
    world.tracker.completeSession(ID)
    expect(socket.sent.map(({ event }) => event)).toEqual(['progress-complete', 'progress-gone'])
    expect(socket.heard('progress-gone')).toEqual([{ sessionId: ID, code: 'NOT_FOUND' }])
    expect([connection.watched.size, connection.awaited.size, world.io.rooms.has(room)]).toEqual([0, 0, false])
  })

  it('of another owner is left also where another process tells of it, and of a later state first', async () => {
    const clock = new ManualClock()
    const backend = memory({ clock })
    const worker = new World({ backend, clock })
    const world = new World({ backend, clock })
    worker.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    await clock.advance(200)
    const { socket } = world.connect('ada')
    expect((await socket.ask('join-progress', ID)).success).toBe(true)
    worker.tracker.completeSession(ID)
    worker.tracker.createSessionWithId(ID, { secret: 'ben’s' }, { owner: 'ben' })
    worker.tracker.updateProgress(ID, 5)
    await clock.advance(200)
    worker.tracker.updateProgress(ID, 6)
    await clock.advance(200)
    expect(JSON.stringify(socket.sent)).not.toContain('ben’s')
    expect(socket.heard('progress-gone')).toEqual([{ sessionId: ID, code: 'NOT_FOUND' }])
  })
})

describe('log lines of a life that nobody has told of yet', () => {
  it('reach nobody', async () => {
    const world = new World()
    world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const { socket } = world.connect('ada')
    await socket.ask('join-progress', ID)
    const lines = [{ line: 0, text: 'secret', level: 'info' as const, at: 0 }]
    world.node.hear({ kind: 'log', sessionId: ID, epoch: 'zzzzzzzzz-zzzzzzzz', lines, node: 'other' })
    await settle()
    expect(JSON.stringify(socket.sent)).not.toContain('secret')
  })
})

describe('reauthorise', () => {
  it('leaves what may not be seen any more, and nothing else', async () => {
    const denied = new Set<string>()
    const world = new World({ authorize: ({ session }) => !denied.has(session.sessionId) })
    for (const id of ['a', 'b']) world.tracker.createSessionWithId(id, {}, { owner: 'ada' })
    const { socket, connection } = world.connect('ada')
    for (const id of ['a', 'b', 'later']) await socket.ask('join-progress', id)
    denied.add('a')
    await world.commands.reauthorise(connection)
    expect(socket.sent).toEqual([{ event: 'progress-gone', payload: { sessionId: 'a', code: 'NOT_FOUND' } }])
    expect([[...connection.watched], [...connection.awaited]]).toEqual([['b'], ['later']])
    world.tracker.updateProgress('a', 50)
    expect(socket.heard('progress-update')).toEqual([])
  })

  it('keeps what cannot be asked about now, and says so', async () => {
    const clock = new ManualClock()
    const backend = memory({ clock })
    const worker = new World({ backend, clock })
    const world = new World({ backend, clock })
    worker.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    await clock.advance(200)
    const { socket, connection } = world.connect('ada')
    await socket.ask('join-progress', ID)
    backend.get = () => Promise.reject(new Error('away'))
    await world.commands.reauthorise(connection)
    expect([socket.sent, world.told('store-failed').length]).toEqual([[], 1])
  })
})

describe('a gap', () => {
  /** A worker, and a world that hears nothing of it. */
  async function deafWorld() {
    const clock = new ManualClock()
    const shared = memory({ clock })
    const worker = new World({ backend: shared, clock })
    let gap = () => {}
    const listen: typeof shared.listen = async (_hear, onGap) => {
      gap = onGap
      return () => {}
    }
    const backend = over(shared, { listen })
    const world = new World({ backend, clock })
    worker.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    await clock.advance(200)
    const { socket } = world.connect('ada')
    await socket.ask('join-progress', ID)
    worker.tracker.updateProgress(ID, 60)
    await clock.advance(200)
    return { world, socket, backend, gap: () => gap() }
  }

  it('27: what is watched is read, and told where it is news', async () => {
    const { socket, gap } = await deafWorld()
    expect(socket.heard('progress-update')).toEqual([])
    gap()
    await settle()
    gap()
    await settle()
    expect(socket.heard('progress-update')).toMatchObject([{ progress: 60 }])
  })

  it('27: says so where it cannot be read', async () => {
    const { world, backend, gap } = await deafWorld()
    backend.get = () => Promise.reject(new Error('away'))
    gap()
    await settle()
    expect(world.told('store-failed')).toMatchObject([{ where: 'gap' }])
  })
})
