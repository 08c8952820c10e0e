// What our client relies on while a socket of `socket.io-client` stands, and when it ends, as facts: each is run over the double
// and over the real one, which has dialled a real server.
import { expect } from 'vitest'
import { type ClientWorld, eventsOf, pair, settled, type Told, toldTo } from './clientSocketWorld'

const COME_AND_GONE = 'io client disconnect'

/** Each fact by its name. */
export const LINE_FACTS: Readonly<Record<string, (world: ClientWorld) => Promise<void>>> = {
  async 'events are told in their order, as JSON has what they hold'(world) {
    const one = await pair(world)
    for (let n = 0; n < 50; n++) one.far.emit(`x${n % 3}`, { n, at: new Date(0), none: undefined, odd: Number.NaN })
    await one.arrived()
    const sent = (n: number): Told => [`x${n % 3}`, { n, at: '1970-01-01T00:00:00.000Z', odd: null }]
    expect(eventsOf(one)).toStrictEqual(Array.from({ length: 50 }, (_, n) => sent(n)))
  },

  async 'what is emitted is taken in its order, as JSON had it at that moment'(world) {
    const one = await pair(world)
    const taken: unknown[] = []
    one.far.on('command', (...args: unknown[]) => taken.push(args))
    const state = { n: 1, at: new Date(0), none: undefined }
    one.socket.emit('command', 'a', state)
    state.n = 2
    one.socket.emit('command', undefined, [undefined])
    one.socket.emit('command')
    expect(taken).toEqual([])
    await one.arrived()
    expect(taken).toStrictEqual([['a', { n: 1, at: '1970-01-01T00:00:00.000Z' }], [null, [null]], []])
    expect(() => one.socket.emit('command', 1n)).toThrow(TypeError)
  },

  async 'an answer is told once, as JSON, behind what was sent before it; an answer of nothing is undefined'(world) {
    const one = await pair(world)
    one.far.on('ask', (id: string | null, answer: (...said: unknown[]) => void) => {
      one.far.emit('before', id)
      if (id === null) answer()
      else answer({ id, none: undefined })
      answer('again')
    })
    for (const id of ['a', null]) one.socket.emit('ask', id, (answer: unknown) => one.told.push(['answer', answer]))
    await one.arrived()
    expect(eventsOf(one)).toStrictEqual([
      ['before', 'a'],
      ['answer', { id: 'a' }],
      ['before', null],
      ['answer', undefined],
    ])
  },

  async 'disconnect() is told before it returns, once, and heard by the server'(world) {
    const one = await pair(world)
    const ends: unknown[] = []
    one.far.on('disconnect', (reason: string) => ends.push(reason))
    one.socket.on('disconnect', () => ends.push(one.socket.connected))
    one.socket.disconnect()
    expect([eventsOf(one), ends]).toEqual([[['disconnect', COME_AND_GONE]], [false]])
    one.socket.disconnect()
    await world.until(() => ends.length > 1)
    await settled(world)
    expect([eventsOf(one).length, ends]).toEqual([1, [false, 'client namespace disconnect']])
  },

  async 'what is on its way is not told after disconnect(), be it an event, an answer or an end'(world) {
    const one = await pair(world)
    let answer = (): void => {}
    one.far.on('ask', (ack: () => void) => {
      answer = ack
    })
    one.socket.emit('ask', () => one.told.push(['answered']))
    await one.arrived()
    answer()
    one.far.emit('x', 1)
    one.socket.disconnect()
    one.far.disconnect(true)
    await settled(world)
    expect(eventsOf(one)).toEqual([['disconnect', COME_AND_GONE]])
  },

  async 'disconnect() while an event is told is the end, whatever came with it'(world) {
    const one = await pair(world)
    one.socket.onAny(() => one.socket.disconnect())
    one.far.emit('x', 1)
    one.far.emit('x', 2)
    await world.until(() => !one.far.connected)
    await settled(world)
    expect(eventsOf(one)).toEqual([
      ['x', 1],
      ['disconnect', COME_AND_GONE],
    ])
  },

  async 'what is emitted after the end is taken by nobody, and does not throw'(world) {
    const one = await pair(world)
    const taken: unknown[] = []
    one.far.on('command', () => taken.push('taken'))
    one.socket.disconnect()
    one.socket.emit('command', () => one.told.push(['answered']))
    await settled(world)
    expect([taken, eventsOf(one)]).toEqual([[], [['disconnect', COME_AND_GONE]]])
  },

  async 'a server that ends it is told with its reason, behind what it said before'(world) {
    const one = await pair(world)
    one.socket.emit('ask', () => one.told.push(['answered']))
    one.socket.on('disconnect', () => one.told.push(['stands', one.socket.connected]))
    one.far.emit('bye', 1)
    one.far.disconnect(true)
    await world.until(() => eventsOf(one).length > 2)
    one.socket.disconnect()
    await settled(world)
    expect(eventsOf(one)).toEqual([
      ['bye', 1],
      ['disconnect', 'io server disconnect'],
      ['stands', false],
    ])
  },

  async 'a line that breaks is told, once; so is an engine that the server closes'(world) {
    const [one, other] = [await pair(world), await pair(world)]
    other.far.conn.close()
    await world.until(() => eventsOf(other).length > 0)
    world.cut()
    await world.until(() => eventsOf(one).length > 0 && !one.far.connected)
    for (const { socket } of [one, other]) socket.disconnect()
    await settled(world)
    for (const { told } of [one, other]) expect(told).toEqual([['connect'], ['disconnect', 'transport close']])
  },

  async 'whatever ended it, it does not dial again'(world) {
    const [broken, ended] = [await pair(world), await pair(world)]
    ended.far.disconnect(true)
    await world.until(() => eventsOf(ended).length > 0)
    world.cut()
    await world.until(() => eventsOf(broken).length > 0)
    await settled(world)
    expect([world.connected.length, broken.socket.connected, ended.socket.connected]).toEqual([3, false, false])
  },

  async 'off().offAny() is heard no more, of anything'(world) {
    const one = await pair(world)
    expect(one.socket.off().offAny()).toBe(one.socket)
    one.far.emit('x', 1)
    await one.arrived()
    one.far.disconnect(true)
    await world.until(() => !one.socket.connected)
    one.socket.disconnect()
    const dialling = world.io()
    const told = toldTo(dialling)
    dialling.connect()
    dialling.off().offAny()
    await world.until(() => world.connected.length > 1)
    await settled(world)
    expect([one.told, told]).toEqual([[['connect']], []])
  },
}
