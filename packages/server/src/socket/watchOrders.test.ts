// Joins, leaves, withdrawn rights, new lives and disconnects, in orders that a scheduler makes up.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settle } from './doubles.test-kit'
import { sessionRoom } from './rooms'
import { World } from './world.test-kit'

const ID = 'import-1'
const room = sessionRoom(ID)

describe('any order of joins, leaves, withdrawn rights, new lives and disconnects', () => {
  it('79, 80: ends as the last word says, and shows nothing to whom may not see it', async () => {
    const step = fc.constantFrom('join', 'leave', 'withdraw', 'grant', 'remake', 'change', 'disconnect')
    const weighted = fc.array(step, { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), weighted, async (scheduler, steps) => {
        let right = true
        const world = new World({ authorize: () => scheduler.schedule(Promise.resolve(right), 'authorise') })
        world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
        const { socket, connection } = world.connect('ada')
        const join = socket.join.bind(socket)
        socket.join = (name) => scheduler.schedule(Promise.resolve(), 'enter').then(() => join(name))
        let wanted = false
        let answered = ''
        let sentWhileWithdrawn = 0
        const act: Record<typeof step extends fc.Arbitrary<infer S> ? S : never, () => void> = {
          join: () => {
            wanted = true
            socket.receive('join-progress', ID, (answer: object) => (answered = JSON.stringify(answer)))
          },
          leave: () => {
            wanted = false
            socket.receive('leave-progress', ID)
          },
          withdraw: () => {
            right = false
            void world.commands.reauthorise(connection)
          },
          grant: () => {
            right = true
          },
          remake: () => {
            world.tracker.completeSession(ID)
            world.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
          },
          change: () => void world.tracker.updateProgress(ID, 1),
          disconnect: () => socket.disconnect(),
        }
        const plan = steps.map((name) => ({
          label: name,
          builder: async () => act[name](),
        }))
        scheduler.scheduleSequence(plan)
        await scheduler.waitIdle()
        await settle()
        const before = socket.sent.length
        world.tracker.completeSession(ID)
        sentWhileWithdrawn = socket.sent.length - before
        const isIn = world.io.rooms.get(room)?.has(socket.id) ?? false
        expect(isIn).toBe(connection.watched.has(ID))
        if (!socket.connected) expect([isIn, world.commands.size, world.io.roomCount]).toEqual([false, 0, 0])
        if (!wanted) expect(isIn).toBe(false)
        if (wanted && socket.connected && right && !steps.includes('withdraw')) {
          expect([isIn, answered.includes('success')]).toEqual([true, true])
        }
        if (!right) expect(sentWhileWithdrawn).toBe(0)
        socket.disconnect()
        expect([world.commands.size, world.io.roomCount]).toEqual([0, 0])
      }),
      { numRuns: 2_000 },
    )
  }, 60_000)
})
