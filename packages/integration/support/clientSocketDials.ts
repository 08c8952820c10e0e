// What our client relies on when it dials by `socket.io-client`, as facts: each is run over the double and over the real one,
// which dials a real server.
import { expect } from 'vitest'
import { type ClientWorld, pair, settled, toldTo } from './clientSocketWorld'

/** Refuses everybody, in these words. */
function refuse({ server }: ClientWorld, data?: object): void {
  server.use((_, next) => next(Object.assign(new Error('Not today'), data && { data })))
}

/** Each fact by its name. */
export const DIAL_FACTS: Readonly<Record<string, (world: ClientWorld) => Promise<void>>> = {
  async 'nothing is dialled, and there is no engine, before connect()'(world) {
    const socket = world.io()
    const told = toldTo(socket)
    await settled(world)
    expect([told, socket.connected, socket.io.engine, world.connected.length]).toEqual([[], false, undefined, 1])
  },

  async 'connect is told when the server has let it in, once, and never before connect() has returned'(world) {
    const socket = world.io()
    const told = toldTo(socket)
    const stood: boolean[] = []
    socket.on('connect', () => stood.push(socket.connected))
    socket.connect()
    expect([told, socket.connected]).toEqual([[], false])
    socket.connect()
    await world.until(() => told.length > 0)
    socket.connect()
    await settled(world)
    expect([told, stood, world.connected.length]).toEqual([[['connect']], [true], 2])
  },

  async 'the engine names its transport from connect() on, and a WebSocket is not upgraded'(world) {
    const socket = world.io()
    const told = toldTo(socket)
    socket.on('connect', () => socket.io.engine?.on('upgrade', () => told.push(['upgrade'])))
    socket.connect()
    const before = socket.io.engine?.transport.name
    await world.until(() => told.length > 0)
    const after = socket.io.engine?.transport.name
    await settled(world)
    expect([before, after, told]).toEqual(['websocket', 'websocket', [['connect']]])
  },

  async 'what auth is when it connects is shown to the server, as JSON has it'(world) {
    const shown: unknown[] = []
    world.server.use(({ handshake }, next) => {
      shown.push(handshake.auth)
      next()
    })
    await pair(world)
    await pair(world, { token: 'ada', none: undefined })
    expect(shown).toStrictEqual([{}, { token: 'ada' }])
  },

  async 'each dial is a socket of its own'(world) {
    const [one, other] = [await pair(world), await pair(world)]
    expect(one.socket).not.toBe(other.socket)
    one.socket.disconnect()
    await world.until(() => !one.far.connected)
    await other.arrived()
    expect([other.socket.connected, other.told]).toEqual([true, [['connect']]])
  },

  async 'a refusal is a connect_error with its message and its data, and no disconnect'(world) {
    refuse(world, { code: 'UNAUTHENTICATED', retryAfterMs: 5, none: undefined })
    const socket = world.io()
    const told = toldTo(socket)
    socket.emit('early', () => told.push(['answered']))
    socket.connect()
    await world.until(() => told.length > 0)
    socket.emit('late')
    socket.disconnect()
    await settled(world, 'refused')
    expect(told).toStrictEqual([['connect_error', 'Not today', { code: 'UNAUTHENTICATED', retryAfterMs: 5 }]])
    expect([socket.connected, world.connected]).toEqual([false, []])
  },

  async 'connect() after a refusal, an end or a disconnect() dials anew, with the auth of then'(world) {
    world.server.use(({ handshake }, next) => {
      next(Reflect.get(Object(handshake.auth), 'token') === 'ada' ? undefined : new Error('Not today'))
    })
    const socket = world.io()
    const told = toldTo(socket)
    socket.connect()
    await world.until(() => told.length > 0)
    socket.auth = { token: 'ada' }
    socket.connect()
    await world.until(() => told.length > 1 && world.connected.length > 0)
    world.connected[0]?.disconnect(true)
    await world.until(() => told.length > 2)
    socket.connect()
    socket.disconnect()
    socket.connect()
    await world.until(() => told.length > 3)
    expect(told.map(([name]) => name)).toEqual(['connect_error', 'connect', 'disconnect', 'connect'])
  },

  async 'a refusal without data has none'(world) {
    refuse(world)
    const socket = world.io()
    const told = toldTo(socket)
    const errors: unknown[] = []
    socket.on('connect_error', (error: Error) => errors.push(error))
    socket.connect()
    await world.until(() => told.length > 0)
    expect(told).toStrictEqual([['connect_error', 'Not today', undefined]])
    expect(errors[0]).toBeInstanceOf(Error)
  },

  async 'where nobody is, that is a connect_error without data, and no disconnect'(world) {
    world.hide()
    const socket = world.io()
    const told = toldTo(socket)
    socket.connect()
    expect(told).toEqual([])
    await world.until(() => told.length > 0)
    socket.disconnect()
    await settled(world, 'refused')
    expect(told).toStrictEqual([['connect_error', expect.any(String), undefined]])
  },

  async 'what is sent as it comes in is told behind connect'(world) {
    world.server.on('connection', (far) => {
      far.emit('hello', 1)
      far.emit('hello', 2)
    })
    const one = await pair(world)
    await one.arrived()
    expect(one.told).toEqual([['connect'], ['hello', 1], ['hello', 2]])
  },

  async 'what is emitted before it stands is sent when it does, ahead of what is emitted on connect'(world) {
    const taken: unknown[] = []
    world.server.on('connection', (far) => {
      far.on('command', (n: number, answer?: (said: unknown) => void) => {
        taken.push(n)
        answer?.(n * 10)
      })
    })
    const socket = world.io()
    socket.emit('command', 1)
    socket.on('connect', () => socket.emit('command', 3))
    socket.connect()
    const answers: unknown[] = []
    socket.emit('command', 2, (answer: unknown) => answers.push(answer))
    await world.until(() => taken.length === 3 && answers.length > 0)
    expect([taken, answers]).toEqual([[1, 2, 3], [20]])
  },

  async 'disconnect() before it stands tells nothing, then or later, and nobody has come in'(world) {
    const goOn: (() => void)[] = []
    world.server.use(({ handshake }, next) => {
      if (Reflect.get(Object(handshake.auth), 'token') !== 'slow') return next()
      goOn.push(next, () => next(new Error('Not today')))
    })
    const never = world.io()
    const atOnce = world.io()
    const asked = [world.io(), world.io()]
    const told = [never, atOnce, ...asked].map(toldTo)
    never.disconnect()
    atOnce.connect()
    atOnce.disconnect()
    for (const [at, socket] of asked.entries()) {
      socket.auth = { token: 'slow' }
      socket.connect()
      await world.until(() => goOn.length > 2 * at)
      socket.disconnect()
    }
    await settled(world)
    goOn[0]?.()
    goOn[3]?.()
    world.hide()
    const nobody = world.io()
    told.push(toldTo(nobody))
    nobody.connect()
    nobody.disconnect()
    await settled(world, 'refused')
    const here = world.connected.filter(({ connected }) => connected) // the one that showed that all had settled
    expect([told, here.length]).toEqual([[[], [], [], [], []], 1])
  },
}
