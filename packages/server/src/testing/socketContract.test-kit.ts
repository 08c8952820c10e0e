// What of Socket.IO we rely on, as facts: each is run over the double and over a real server with a real client.
import { expect } from 'vitest'
import type { ArrivalsServer, EnteredNamespace } from '../auth/arrivals'
import type { EmitterLike, SocketLike } from '../socket/socketLike'

/** Lets a connection in, or refuses it. */
export type Middleware = (socket: SocketLike, next: (refusal?: Error) => void) => void

/** The server's surface. */
export interface ContractServer {
  readonly local: EmitterLike
  readonly engine: ArrivalsServer['engine']
  readonly _nsps: ReadonlyMap<string, EnteredNamespace>
  readonly sockets: { readonly adapter: { readonly rooms: ReadonlyMap<string, ReadonlySet<string>> } }
  to(room: string): EmitterLike
  use(middleware: Middleware): unknown
}

/** What a client was told, in order. */
export type Told = readonly [name: string, payload?: unknown]

/** A client's hands. */
export interface ContractClient {
  /** `open`, `refused`, each event, and `ended` with its reason. */
  readonly told: readonly Told[]
  send(event: string, args: readonly unknown[], answer?: (answer: unknown) => void): void
  disconnect(): void
  /** Breaks the line. */
  cut(): void
}

/** A server, and clients that dial it. */
export interface ContractWorld {
  readonly io: ContractServer
  /** The server's ends, in the order in which they came in. */
  readonly connected: readonly SocketLike[]
  dial(auth?: object): ContractClient
  /** Resolves once it is so, within a deadline. */
  until(isSo: () => boolean): Promise<void>
}

/** One that is connected, at both ends. */
interface Pair {
  readonly client: ContractClient
  readonly socket: SocketLike
  /** Resolves when all that was sent to the client before has arrived. */
  arrived(): Promise<void>
}

async function pair(world: ContractWorld, auth?: object): Promise<Pair> {
  const count = world.connected.length
  const client = world.dial(auth)
  await world.until(() => world.connected.length > count && client.told.length > 0)
  const socket = world.connected[count]
  if (!socket) throw new Error('nobody came')
  socket.on('echo', (answer: () => void) => answer())
  const arrived = async (): Promise<void> => {
    let isBack = false
    client.send('echo', [], () => {
      isBack = true
    })
    await world.until(() => isBack)
  }
  return { client, socket, arrived }
}

function eventsOf({ told }: ContractClient): readonly Told[] {
  return told.filter(([name]) => !['open', 'refused', 'ended'].includes(name))
}

function endOf({ told }: ContractClient): unknown {
  return told.find(([name]) => name === 'ended')?.[1]
}

/** Ends in the server's words, and how it stood when that was told. */
function endings(world: ContractWorld, { socket }: Pair): unknown[] {
  const ends: unknown[] = []
  socket.on('disconnect', (reason: string) => {
    const isIn = [...world.io.sockets.adapter.rooms.values()].some((members) => members.has(socket.id))
    ends.push([reason, socket.connected, isIn])
  })
  return ends
}

/** Each fact by its name. */
export const SOCKET_CONTRACT: Readonly<Record<string, (world: ContractWorld) => Promise<void>>> = {
  async 'a room reaches those who are in it, until they leave'(world) {
    const [one, other] = [await pair(world), await pair(world)]
    await one.socket.join('a')
    world.io.to('a').emit('x', 1)
    await one.socket.leave('a')
    world.io.to('a').emit('x', 2)
    await Promise.all([one.arrived(), other.arrived()])
    expect([eventsOf(one.client), eventsOf(other.client)]).toEqual([[['x', 1]], []])
  },

  async 'who is in two rooms is reached once'(world) {
    const one = await pair(world)
    for (const room of ['a', 'b']) await one.socket.join(room)
    world.io.local.to('a').to('b').emit('x', 1)
    await one.arrived()
    expect(eventsOf(one.client)).toEqual([['x', 1]])
  },

  async 'who is in an excepted room is left out, whatever else they are in'(world) {
    const [one, other] = [await pair(world), await pair(world)]
    for (const { socket } of [one, other]) await socket.join('a')
    await other.socket.join('slow')
    world.io.local.to('a').except('slow').emit('x', 1)
    await other.socket.leave('slow')
    world.io.local.to('a').except('slow').emit('x', 2)
    await Promise.all([one.arrived(), other.arrived()])
    expect(eventsOf(one.client)).toEqual([
      ['x', 1],
      ['x', 2],
    ])
    expect(eventsOf(other.client)).toEqual([['x', 2]])
  },

  async 'without a room everybody is reached, but for those who are excepted'(world) {
    const [one, other] = [await pair(world), await pair(world)]
    await other.socket.join('slow')
    world.io.local.emit('x', 1)
    world.io.local.except('slow').emit('x', 2)
    await Promise.all([one.arrived(), other.arrived()])
    expect([eventsOf(one.client).length, eventsOf(other.client)]).toEqual([2, [['x', 1]]])
  },

  async 'an emitter that was made stays as it was'(world) {
    const [one, other] = [await pair(world), await pair(world)]
    await one.socket.join('a')
    await other.socket.join('b')
    const toA = world.io.local.to('a')
    toA.to('b').emit('x', 1)
    toA.except('a').emit('x', 2)
    toA.emit('x', 3)
    await Promise.all([one.arrived(), other.arrived()])
    expect(eventsOf(one.client)).toEqual([
      ['x', 1],
      ['x', 3],
    ])
    expect(eventsOf(other.client)).toEqual([['x', 1]])
  },

  async 'each is in a room of its own, and a room that is empty is gone'(world) {
    const one = await pair(world)
    await one.socket.join('a')
    await one.socket.join('a')
    const { rooms } = world.io.sockets.adapter
    expect([...rooms.keys()].sort()).toEqual(['a', one.socket.id].sort())
    expect(rooms.get('a')).toEqual(new Set([one.socket.id]))
    await one.socket.leave('a')
    await one.socket.leave('never joined')
    expect([...rooms.keys()]).toEqual([one.socket.id])
    world.io.to(one.socket.id).emit('x', 1)
    await one.arrived()
    expect(eventsOf(one.client)).toEqual([['x', 1]])
  },

  async 'a join holds at once'(world) {
    const one = await pair(world)
    void one.socket.join('a')
    expect(world.io.sockets.adapter.rooms.has('a')).toBe(true)
    void one.socket.leave('a')
    expect(world.io.sockets.adapter.rooms.has('a')).toBe(false)
  },

  async 'what is sent arrives in its order, to a room or to one'(world) {
    const one = await pair(world)
    await one.socket.join('a')
    for (let n = 0; n < 50; n += 2) {
      one.socket.emit('direct', n)
      world.io.local.to('a').emit('room', n + 1)
    }
    await one.arrived()
    expect(eventsOf(one.client).map(([, n]) => n)).toEqual(Array.from({ length: 50 }, (_, n) => n))
  },

  async 'what is sent is what it was at that moment, as JSON has it'(world) {
    const one = await pair(world)
    await one.socket.join('a')
    const state = { n: 1, at: new Date(0), none: undefined, odd: Number.NaN }
    one.socket.emit('direct', state)
    world.io.local.to('a').emit('room', state)
    state.n = 2
    one.socket.emit('nothing', undefined)
    await one.arrived()
    const sent = { n: 1, at: '1970-01-01T00:00:00.000Z', odd: null }
    expect(eventsOf(one.client)).toStrictEqual([
      ['direct', sent],
      ['room', sent],
      ['nothing', null],
    ])
  },

  async 'what JSON cannot say throws where it is sent'(world) {
    const one = await pair(world)
    await one.socket.join('a')
    expect(() => one.socket.emit('x', { n: 1n })).toThrow(TypeError)
    expect(() => world.io.local.to('a').emit('x', { n: 1n })).toThrow(TypeError)
    await one.arrived()
    expect(eventsOf(one.client)).toEqual([])
  },

  async 'nothing arrives before the code that sent it has returned'(world) {
    const one = await pair(world)
    const taken: unknown[] = []
    one.socket.on('command', (n: number) => taken.push(n))
    const before = one.client.told.length
    one.socket.emit('x', 1)
    one.client.send('command', [1])
    expect([one.client.told.length, taken]).toEqual([before, []])
    await one.arrived()
    expect([one.client.told.length, taken]).toEqual([before + 1, [1]])
  },

  async 'commands are taken in their order, with what they hold, and an unknown one by nobody'(world) {
    const one = await pair(world)
    const taken: unknown[] = []
    one.socket.on('command', (...args: unknown[]) => taken.push(args))
    one.client.send('command', [1, { a: [null, true] }])
    one.client.send('unknown', [7])
    one.client.send('command', [])
    await one.arrived()
    expect(taken).toEqual([[1, { a: [null, true] }], []])
  },

  async 'an acknowledgement is the last argument, and answers once'(world) {
    const one = await pair(world)
    const answers: unknown[] = []
    one.socket.on('ask', (id: string, answer: (value: unknown) => void) => {
      answer({ id, none: undefined })
      answer('again')
    })
    one.client.send('ask', ['a'], (answer) => answers.push(answer))
    await one.arrived()
    expect(answers).toStrictEqual([{ id: 'a' }])
  },

  async 'an acknowledgement of nothing is undefined'(world) {
    const one = await pair(world)
    const answers: unknown[] = []
    one.socket.on('ask', (answer: () => void) => answer())
    one.client.send('ask', [], (answer) => answers.push(answer))
    await one.arrived()
    expect(answers).toStrictEqual([undefined])
  },

  async 'an acknowledgement arrives behind what was sent before it'(world) {
    const one = await pair(world)
    const order: unknown[] = []
    one.socket.on('ask', (answer: () => void) => {
      one.socket.emit('x', 1)
      answer()
    })
    one.client.send('ask', [], () => order.push(eventsOf(one.client).length))
    await one.arrived()
    expect(order).toEqual([1])
  },

  async 'an acknowledgement that comes after the end is heard by nobody'(world) {
    const one = await pair(world)
    const answers: unknown[] = []
    let answer = (): void => {}
    one.socket.on('ask', (ack: () => void) => {
      answer = ack
    })
    one.client.send('ask', [], () => answers.push('answered'))
    await one.arrived()
    one.socket.disconnect(true)
    await world.until(() => endOf(one.client) !== undefined)
    expect(() => answer()).not.toThrow()
    expect(answers).toEqual([])
  },

  async 'a server that ends a connection is heard to the end, and leaves it in no room'(world) {
    const one = await pair(world)
    await one.socket.join('a')
    const ends = endings(world, one)
    one.socket.emit('bye', 1)
    one.socket.disconnect(true)
    expect([one.socket.connected, [...world.io.sockets.adapter.rooms.keys()]]).toEqual([false, []])
    await world.until(() => endOf(one.client) !== undefined)
    expect(eventsOf(one.client)).toEqual([['bye', 1]])
    expect(endOf(one.client)).toBe('io server disconnect')
    expect(ends).toEqual([['server namespace disconnect', false, false]])
  },

  // Whether a command that is sent right before the goodbye is still taken is left open: Socket.IO takes what comes at once
  // with it a turn later, when the connection has ended.
  async 'a client that says goodbye is out of its rooms, and hears nothing more'(world) {
    const one = await pair(world)
    await one.socket.join('a')
    const ends = endings(world, one)
    one.socket.emit('x', 1)
    one.client.disconnect()
    await world.until(() => ends.length > 0)
    expect(ends).toEqual([['client namespace disconnect', false, false]])
    expect(eventsOf(one.client)).toEqual([])
  },

  async 'a line that breaks ends both sides'(world) {
    const one = await pair(world)
    await one.socket.join('a')
    const ends = endings(world, one)
    one.client.cut()
    await world.until(() => ends.length > 0 && endOf(one.client) !== undefined)
    expect(ends).toEqual([['transport close', false, false]])
    expect(endOf(one.client)).toBe('transport close')
  },

  async 'an engine that is closed ends what runs over it'(world) {
    const one = await pair(world)
    const ends = endings(world, one)
    one.socket.conn.close(true)
    await world.until(() => ends.length > 0 && endOf(one.client) !== undefined)
    expect([ends, endOf(one.client)]).toEqual([[['forced close', false, false]], 'transport close'])
  },

  async 'what has ended joins nothing, is sent nothing, and ends once'(world) {
    const one = await pair(world)
    const ends = endings(world, one)
    one.socket.disconnect(true)
    one.socket.disconnect(true)
    await one.socket.join('a')
    expect(() => one.socket.emit('x', 1)).not.toThrow()
    await world.until(() => endOf(one.client) !== undefined)
    expect([world.io.sockets.adapter.rooms.size, ends.length, eventsOf(one.client)]).toEqual([0, 1, []])
  },

  async 'the root namespace is there from the start, and an engine connection is told before it enters it'(world) {
    expect([...world.io._nsps.keys()]).toEqual(['/'])
    const came: (readonly [how: string, conn: unknown])[] = []
    world.io.engine.on('connection', (conn) => came.push(['opened', conn]))
    world.io._nsps.get('/')?.on('connection', ({ conn }) => came.push(['entered', conn]))
    const { socket } = await pair(world)
    expect(came.map(([how]) => how)).toEqual(['opened', 'entered'])
    for (const [, conn] of came) expect(conn).toBe(socket.conn)
  },

  async 'whoever is refused has opened, and never entered'(world) {
    const came: string[] = []
    world.io.engine.on('connection', (conn) => {
      came.push('opened')
      conn.once('close', () => came.push('closed'))
    })
    world.io._nsps.get('/')?.on('connection', () => came.push('entered'))
    world.io.use((_socket, next) => next(new Error('Not today')))
    const refused = world.dial()
    await world.until(() => refused.told.length > 0)
    refused.disconnect()
    await world.until(() => came.length > 1)
    expect(came).toEqual(['opened', 'closed'])
  },

  async 'a middleware sees what the client shows, and lets it in'(world) {
    const seen: unknown[] = []
    world.io.use((socket, next) => {
      seen.push(socket.handshake.auth)
      next()
    })
    const one = await pair(world, { token: 'ada' })
    expect(seen).toEqual([{ token: 'ada' }])
    expect([one.client.told, one.socket.connected]).toEqual([[['open']], true])
  },

  async 'a middleware that refuses is heard with its message and its data, and nobody has come in'(world) {
    world.io.use((socket, next) => {
      const isKnown = (socket.handshake.auth as { token?: string }).token === 'ada'
      const refusal = Object.assign(new Error('Authentication required'), { data: { code: 'UNAUTHENTICATED' } })
      next(isKnown ? undefined : refusal)
    })
    const after: unknown[] = []
    world.io.use((_socket, next) => {
      after.push('asked')
      next()
    })
    const refused = world.dial({ token: 'eve' })
    await world.until(() => refused.told.length > 0)
    const words = { message: 'Authentication required', data: { code: 'UNAUTHENTICATED' } }
    expect(refused.told).toEqual([['refused', words]])
    expect([world.connected.length, world.io.sockets.adapter.rooms.size, after]).toEqual([0, 0, []])
    await pair(world, { token: 'ada' })
    expect(after).toEqual(['asked'])
  },

  async 'middleware is asked in its order, each when the one before has answered'(world) {
    const order: string[] = []
    let goOn = (): void => {}
    world.io.use((_socket, next) => {
      order.push('first')
      goOn = next
    })
    world.io.use((_socket, next) => {
      order.push('second')
      next()
    })
    const client = world.dial()
    await world.until(() => order.length > 0)
    expect([order, client.told, world.connected]).toEqual([['first'], [], []])
    goOn()
    await world.until(() => client.told.length > 0)
    expect([order, client.told]).toEqual([['first', 'second'], [['open']]])
  },
}
