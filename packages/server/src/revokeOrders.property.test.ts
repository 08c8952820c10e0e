// Joins, leaves, revokes and broken lines of a served tracker, in orders that a scheduler makes up, with a job on another node
// and answers of logins, rules and the backend that take their time.
import type { Snapshot } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message } from './backend/contract'
import { memory } from './backend/memory'
import { over } from './conformance/over.test-support'
import { ProgressTracker } from './progressTracker'
import { serveProgress } from './serve'
import { sessionRoom } from './socket/rooms'
import { FakeServer } from './testing/fakeServer'
import { FakeSocket } from './testing/fakeSocket'

const RUNS = 1_000
const ID = 'import-1'
const ROOM = sessionRoom(ID)
const STEPS = ['join', 'leave', 'revoke here', 'revoke there', 'break', 'dial', 'change'] as const
/** Those that need no word of the server. */
const CLIENTS = ['join', 'leave', 'break'] as const
const planOf = (of: readonly Step[]) => fc.array(fc.constantFrom(...of), { minLength: 2, maxLength: 10 })

type Step = (typeof STEPS)[number]

/** How a guard is taken off. */
type Twin = 'deaf to revokes' | 'a stock handler'

/** One connection of ada's, and all that it was sent. */
class Line {
  readonly socket: FakeSocket
  /** It was there when its login was withdrawn: from then on nothing but the goodbye may be sent. */
  isSilenced = false
  /** Its last word on the session. */
  wants = false
  answered = 0
  readonly wrong: string[] = []
  readonly ends: Snapshot[] = []

  constructor(io: FakeServer) {
    const event = (text: string): void => this.#sent(...(JSON.parse(text) as [string, Snapshot]))
    const opened = (): void => queueMicrotask(() => this.wants && this.join())
    this.socket = new FakeSocket(io, { event, opened }, { auth: { token: 'ada' } })
    void io.enter(this.socket)
  }

  /** As soon as it is in. */
  join(): void {
    this.wants = true
    if (!this.socket.connected) return
    this.socket.hear('join-progress', [ID, {}, (answer: object) => this.#sawAnswer(answer)])
  }

  leave(): void {
    this.wants = false
    this.socket.hear('leave-progress', [ID])
  }

  #sawAnswer(answer: object): void {
    if (!('success' in answer)) return
    this.answered += 1
    this.#sent('the answer to a join')
  }

  #sent(event: string, payload?: Snapshot): void {
    if (event === 'progress-bye') return
    if (this.isSilenced) this.wrong.push(`${event} after the revoke`)
    if (!this.wants) this.wrong.push(`${event} after the leave`)
    if (!this.socket.connected) this.wrong.push(`${event} after the end of the connection`)
    if (event === 'progress-complete' && payload) this.ends.push(payload)
  }
}

async function play(scheduler: fc.Scheduler, plan: readonly Step[], twin?: Twin) {
  const slow = <T>(label: string, value: T): Promise<T> => scheduler.schedule(Promise.resolve(value), label)
  const clock = new ManualClock()
  const store = memory({ clock })
  let isLoggedIn = true
  const lines: Line[] = []
  const silence = (): void => {
    isLoggedIn = false
    for (const line of lines) line.isSilenced ||= line.socket.connected
  }
  const backend = over(store, {
    get: async (ids) => slow('read', await store.get(ids)),
    send: async (message) => store.send(await slow('send', message)),
    listen: (hear, onGap) => store.listen((message) => heard(message, hear), onGap),
  })
  function heard(message: Message, hear: (message: Message) => void): void {
    if (message.kind === 'revoke') silence()
    if (message.kind !== 'revoke' || !twin) hear(message)
  }
  const there = new ProgressTracker({ backend: over(store, { send: backend.send }), clock })
  const revoking = serveProgress(there, { authenticate: () => null })
  const io = new FakeServer()
  const here = new ProgressTracker(io, { backend, clock })
  const authorize = () => slow('authorise', true)
  // What it answers late was read before.
  const authenticate = () => slow('authenticate', isLoggedIn ? { userId: 'ada' } : null)
  const served = twin === 'a stock handler' ? undefined : serveProgress(here, { authenticate, authorize })
  if (!served) serveStock(io, here, authorize)
  await clock.advance(0)
  there.createSessionWithId(ID, {}, { owner: 'ada' })
  await clock.advance(0)

  const dial = (): void => void lines.push(new Line(io))
  const act: Record<Step, () => unknown> = {
    dial,
    join: () => lines.at(-1)?.join(),
    leave: () => lines.at(-1)?.leave(),
    'revoke here': () => {
      silence()
      return twin ? undefined : served?.revoke({ userId: 'ada' })
    },
    'revoke there': () => revoking.revoke({ userId: 'ada' }),
    break: () => lines.at(-1)?.socket.end('transport close'),
    change: () => there.updateProgress(ID, 1),
  }
  dial()
  const sequence = (['join', ...plan] as const).map((label) => ({ label, builder: async () => void act[label]() }))
  scheduler.scheduleSequence(sequence)
  await scheduler.waitIdle()
  await clock.advance(0)
  there.completeSession(ID)
  await scheduler.waitIdle()
  await clock.advance(0)

  const isRevoked = !isLoggedIn
  for (const { socket, wants, wrong, ends, answered } of lines) {
    const isIn = io.rooms.get(ROOM)?.has(socket.id) ?? false
    expect(wrong, wrong.join()).toEqual([])
    if (isRevoked) expect([socket.connected, isIn]).toEqual([false, false])
    if (!wants || !socket.connected) expect(isIn).toBe(false)
    // All that was not taken back comes to its end.
    if (wants && socket.connected) expect([isIn, ends.length, answered > 0]).toEqual([true, 1, true])
  }
  await Promise.all([served?.close(), here.close(), revoking.close(), clock.advance(10_000)])
}

/** As it is often written: authorise, then enter the room, then send the state; nothing is looked at in between. */
function serveStock(io: FakeServer, tracker: ProgressTracker, authorize: () => Promise<boolean>): void {
  io.on('connection', (socket) => {
    const join = async (id: string, answer: (said: object) => void): Promise<void> => {
      if (!(await authorize())) return
      await socket.join(sessionRoom(id))
      answer({ success: true, status: await tracker.find(id) })
    }
    socket.on('join-progress', (id: string, _options: object, answer: (said: object) => void) => void join(id, answer))
    socket.on('leave-progress', (id: string) => void socket.leave(sessionRoom(id)))
  })
}

describe('joins, leaves, revokes and broken lines in any order', () => {
  it(`79, 80: nothing is sent to who has left, is revoked or gone, and nobody else misses the end (${RUNS} orders)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), planOf(STEPS), (scheduler, plan) => play(scheduler, plan)),
      { numRuns: RUNS },
    )
  }, 60_000)

  const twins = [
    ['deaf to revokes', STEPS, 'after the revoke'],
    ['a stock handler', CLIENTS, 'after the leave'],
  ] as const
  it.each(twins)(
    '79, 80: twin: %s, it is found out',
    async (twin, of, why) => {
      const found: string[] = []
      const property = fc.asyncProperty(fc.scheduler(), planOf(of), async (scheduler, plan) => {
        await play(scheduler, plan, twin).catch((error: Error) => found.push(error.message))
      })
      await fc.assert(property, { numRuns: RUNS })
      expect(found.filter((message) => message.includes(why)).length).toBeGreaterThan(0)
    },
    60_000,
  )
})
