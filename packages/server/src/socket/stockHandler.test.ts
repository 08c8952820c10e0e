// The twins: what a handler as the seed shows it does with the same that ours refuses. Where one of these stops to fail, the
// test beside it proves nothing any more.
import { describe, expect, it } from 'vitest'
import { DoubleIo, DoubleSocket } from './doubles.test-kit'
import { World } from './world.test-kit'

/** Ids as a hostile client sends them: nothing says that it is a text. */
type Told = { readonly id: unknown; readonly ack?: unknown }

/** Joins whatever it is told, answers whatever it finds, and trusts that there is somebody to answer. */
function stock(state: ReadonlyMap<string, object> = new Map()) {
  const io = new DoubleIo()
  const socket = new DoubleSocket(io)
  const log: string[] = []
  const handle = (id: unknown, ack: unknown): void => {
    log.push(`join ${id}`)
    void socket.join(`progress-${id}`)
    ;(ack as (answer: unknown) => void)(state.get(id as string) ?? null)
  }
  socket.on('join-progress', handle as (...args: never[]) => void)
  return { io, socket, log, send: ({ id, ack = () => {} }: Told) => socket.receive('join-progress', id, ack) }
}

describe('twin: a handler as the seed shows it', () => {
  it.each([
    ['an object that is no text', { toString: 1, valueOf: 1 }],
    ['one in a list', [{ toString: 1 }]],
  ])('36: throws at %s, which ends the process', (_, id) => {
    expect(() => stock().send({ id })).toThrow(TypeError)
  })

  it.each([
    ['missing', undefined],
    ['no function', 'ack'],
  ])('37: throws where the acknowledgement is %s', (_, ack) => {
    const { socket } = stock()
    expect(() => socket.receive('join-progress', 'import-1', ack)).toThrow(TypeError)
  })

  it('38: joins rooms that are not of any session, an owner’s among them, whatever their names hold', () => {
    const { io, send } = stock()
    for (const id of ['owner-ben', 'slow', '', '../etc', 'a\nb', 'x'.repeat(1_000_000)]) send({ id })
    expect(io.rooms.has('progress-owner-ben')).toBe(true)
    expect(io.roomCount).toBe(6)
  })

  it('45: is polluted by a key that reaches a prototype, where it merges what it was sent', () => {
    const merge = (into: Record<string, unknown>, from: Record<string, unknown>): void => {
      for (const [key, value] of Object.entries(from)) {
        if (typeof value === 'object' && value !== null) merge(into[key] as Record<string, unknown>, value as never)
        else into[key] = value
      }
    }
    const victim = Object.create({ inherited: true }) as Record<string, unknown>
    const prototype = Object.getPrototypeOf(victim) as Record<string, unknown>
    merge(victim, JSON.parse('{"__proto__":{"polluted":1}}'))
    expect(prototype['polluted']).toBe(1)
  })

  it('48: tells what is there from what is not, and writes down what was guessed', () => {
    const { log, send } = stock(new Map([['import-2', { progress: 40 }]]))
    const answers = new Set<string>()
    const ack = (answer: unknown): void => void answers.add(JSON.stringify(answer))
    for (let n = 0; n < 100; n++) send({ id: `import-${n}`, ack })
    expect(answers.size).toBe(2)
    expect(log.join()).toContain('import-99')
  })
})

describe('twin: our own, without its window', () => {
  it('46: answers a flood to its end, and keeps who sends it', async () => {
    const limits = { commandsPerMinute: Number.POSITIVE_INFINITY, watchedPerConnection: 100 }
    const world = new World({ limits })
    const { socket } = world.connect('ada')
    let answered = 0
    for (let n = 0; n < 10_000; n++) {
      await socket.ask('leave-progress', `unknown-${n}`)
      answered += 1
    }
    expect([answered, socket.connected, world.told('refused')]).toEqual([10_000, true, []])
  })

  it('47: watches as many sessions as there are, where nothing bounds them', async () => {
    const limits = { commandsPerMinute: Number.POSITIVE_INFINITY, watchedPerConnection: Number.POSITIVE_INFINITY }
    const world = new World({ limits })
    const { socket } = world.connect('ada')
    for (let n = 0; n < 500; n++) {
      world.tracker.createSessionWithId(`own-${n}`, {}, { owner: 'ada' })
      await socket.ask('join-progress', `own-${n}`)
    }
    expect(world.io.roomCount).toBe(500)
  })
})
