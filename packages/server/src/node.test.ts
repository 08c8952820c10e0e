import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { memory } from './backend/memory'
import { DEFAULTS } from './defaults'
import { deferred, parseState, recorded } from './recorder.test-support'

/** Several processes over one backend. */
function cluster(count = 2) {
  const clock = new ManualClock()
  const backend = memory({ clock })
  const nodes = Array.from({ length: count }, () => recorded({ backend, clock }))
  const [a, b] = nodes
  if (!a || !b) throw new Error('two at least')
  const settle = () => clock.advance(0)
  return { clock, backend, nodes, a, b, settle }
}
const mine = { owner: 'ada', id: 'one' } as const

describe('a session of another process', () => {
  it('is found, and its watchers here are told', async () => {
    const { a, b, settle } = cluster()
    a.tracker.createSessionWithId('one')
    a.tracker.updateProgress('one', 40)
    await settle()
    expect(await b.tracker.find('one')).toMatchObject({ progress: 40 })
    expect(b.tracker.getSession('one')).toBeNull()
    a.tracker.completeSession('one')
    await settle()
    expect(b.events()).toEqual(['progress-update', 'progress-complete'])
  })

  it('102: reaches who watches in a process that has begun since, with the first change that is heard there', async () => {
    const { a, backend, clock, settle } = cluster()
    a.tracker.createSessionWithId('one')
    a.tracker.updateProgress('one', 40)
    await settle()
    const late = recorded({ backend, clock })
    expect(await late.tracker.find('one')).toMatchObject({ progress: 40 })
    a.tracker.completeSession('one')
    await settle()
    expect(late.events()).toEqual(['progress-complete'])
  })

  it('is asked to stop where it runs', async () => {
    const { a, b, settle } = cluster()
    const job = a.tracker.run(
      'work',
      mine,
      (task) =>
        new Promise((_, reject) => {
          task.signal.addEventListener('abort', () => reject(task.signal.reason))
        }),
    )
    await settle()
    expect(await b.tracker.requestCancel('one', 'enough')).toEqual({ ok: true })
    await job.catch(() => {})
    await settle()
    expect(b.states.at(-1)).toMatchObject({ status: 'cancelled', reason: 'enough' })
    expect(await b.tracker.requestCancel('one')).toMatchObject({ ok: false, code: 'NOT_CANCELLABLE' })
  })

  it('is refused to another owner, at once where it is asked, and in the signals', async () => {
    const { a, b, settle } = cluster()
    const { promise, resolve } = deferred()
    a.tracker.run('work', mine, () => promise)
    await settle()
    const job = b.tracker.run('work', { owner: 'bob', id: 'one' }, () => {})
    await expect(job).rejects.toMatchObject({ code: 'SESSION_CONFLICT' })
    expect(b.of('refused')).toMatchObject([{ code: 'SESSION_CONFLICT', sessionId: 'one' }])
    resolve()
    await settle()
    expect(await b.tracker.find('one')).toMatchObject({ status: 'completed' })
  })

  it('that waits in a queue is taken over in its epoch, with the numbers of its lines', async () => {
    const { a, b, settle, clock } = cluster()
    a.tracker.reserve({ kind: 'work', phases: {} }, mine)
    await settle()
    const attempt = (number: number) => ({ ...mine, attempt: { number, of: 2 } })
    await b.tracker
      .run('work', attempt(1), (task) => {
        task.log('first')
        throw new Error('first')
      })
      .catch(() => {})
    await settle()
    expect(await a.tracker.find('one')).toMatchObject({ queued: true, attempt: 1 })
    await a.tracker.run('work', attempt(2), (task) => task.log('second'))
    await clock.advance(200)
    const epochs = [...a.states, ...b.states].map(({ epoch }) => epoch)
    expect(new Set(epochs).size).toBe(1)
    const lines = a.sent.filter(({ event }) => event === 'progress-log').map(({ payload }) => payload['from'])
    expect(lines).toEqual([0, 1])
    expect(b.states.at(-1)).toMatchObject({ status: 'completed', attempt: 2 })
    for (const state of b.states) parseState(state)
  })

  it('is begun anew by its owner: the job that had it is stopped, and not heard any more', async () => {
    const { a, b, settle } = cluster()
    const { promise, resolve } = deferred()
    const old = a.tracker.run('work', mine, async (task) => {
      await promise
      task.update({ message: 'ghost' })
      task.signal.throwIfAborted()
    })
    await settle()
    await b.tracker.run('work', mine, () => {})
    await settle()
    resolve()
    await expect(old).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await settle()
    expect(a.states.at(-1)).toMatchObject({ status: 'completed' })
    expect(JSON.stringify([a.states, b.states])).not.toContain('ghost')
    const ends = a.states.filter(({ status }) => status !== 'active')
    expect(ends).toHaveLength(1)
  })

  it('whose process was given up ends once, and what that process still says is not heard', async () => {
    const { a, b, settle, clock } = cluster()
    const { promise, resolve } = deferred()
    const job = a.tracker.run('work', mine, async (task) => {
      await promise
      task.update({ progress: 99 })
    })
    await settle()
    const entry = await b.tracker['~node'].read('one')
    if (!entry) throw new Error('not stored')
    b.tracker['~node'].backend.put(
      {
        ...entry,
        snapshot: {
          ...entry.snapshot,
          status: 'error',
          revision: entry.snapshot.revision + 1,
          duration: 1,
          error: { code: 'INTERRUPTED', message: 'gone', retryable: true },
        } as never,
      },
      60_000,
    )
    await settle()
    resolve()
    await job
    await clock.advance(500)
    for (const { states } of [a, b]) {
      expect(states.filter(({ status }) => status !== 'active')).toHaveLength(1)
      expect(states.at(-1)).toMatchObject({ status: 'error', error: { code: 'INTERRUPTED' } })
    }
  })
})

describe('an id that is used again where the clock is behind', () => {
  const HOUR = 60 * 60_000

  /** One process has ended `one`; another begins later, its clock an hour behind. */
  async function behind() {
    const { a, backend, clock } = cluster()
    a.tracker.createSessionWithId('one', {}, { owner: 'ada' })
    a.tracker.completeSession('one')
    await clock.advance(6_000)
    const slow = new ManualClock(clock.now() - HOUR)
    const late = recorded({ backend, clock: slow })
    const old = (await a.tracker.find('one'))?.epoch ?? ''
    return { a, late, slow, old, clock, backend }
  }

  it('in one process begins a newer epoch, at once', async () => {
    const { tracker, clock, states } = recorded()
    for (let life = 0; life < 3; life++) {
      tracker.createSessionWithId('one')
      await clock.advance(100)
      expect(tracker.updateProgress('one', 50)).toBe(true)
      expect(await tracker.find('one')).toMatchObject({ status: 'active', progress: 50 })
      tracker.completeSession('one')
      await clock.advance(6_000)
      expect(tracker.getSession('one')).toBeNull()
      clock.jump(-60_000)
    }
    const epochs = [...new Set(states.map(({ epoch }) => epoch))]
    expect(epochs).toEqual([...epochs].sort())
    expect(epochs).toHaveLength(3)
  })

  it('and the end of another process was heard begins a newer epoch, at once', async () => {
    const { a, late, clock } = await behind()
    a.tracker.createSessionWithId('two')
    a.tracker.completeSession('two')
    await clock.advance(0)
    late.tracker.createSessionWithId('two')
    await late.tracker.flush()
    expect(await a.tracker.find('two')).toMatchObject({ status: 'active' })
    expect(new Set(late.states.map(({ epoch }) => epoch)).size).toBe(2)
  })

  it.each<[string, (made: ReturnType<typeof recorded>) => void]>([
    ['made', ({ tracker }) => tracker.createSessionWithId('one', {}, { owner: 'ada' })],
    ["made by another owner's", ({ tracker }) => tracker.createSessionWithId('one', {}, { owner: 'bob' })],
    ['reserved', ({ tracker }) => tracker.reserve({ kind: 'work', phases: {} }, mine)],
  ])('goes on above the end that stands in the store: %s', async (_, make) => {
    const { a, late, slow, old } = await behind()
    make(late)
    await late.tracker.flush()
    expect(late.tracker.updateProgress('one', 40)).toBe(true)
    await slow.advance(200)
    const found = await a.tracker.find('one')
    expect(found).toMatchObject({ status: 'active', progress: 40 })
    expect(found?.epoch.localeCompare(old)).toBe(1)
    expect(late.tracker.getSession('one')).toMatchObject({ epoch: found?.epoch, progress: 40 })
    expect(late.of('made')).toHaveLength(1)
    late.tracker.completeSession('one')
    await late.tracker.flush()
    for (const { states } of [a, late])
      expect(states.at(-1)).toMatchObject({ status: 'completed', epoch: found?.epoch })
    for (const state of late.states) parseState(state)
  })

  it('is made again, so that whoever watches is authorised anew', async () => {
    const { late } = await behind()
    const made: string[] = []
    late.tracker['~node'].listen({ made: ({ snapshot }) => made.push(snapshot.epoch) })
    late.tracker.createSessionWithId('one')
    await late.tracker.flush()
    expect([made.length, new Set(made).size]).toEqual([2, 2])
  })

  it('is not lost where it ended before the store had answered', async () => {
    const { a, late, old } = await behind()
    late.tracker.createSessionWithId('one', {}, { owner: 'ada' })
    late.tracker.completeSession('one', 'again')
    await late.tracker.flush()
    const found = await a.tracker.find('one')
    expect(found).toMatchObject({ status: 'completed', message: 'again' })
    expect(found?.epoch.localeCompare(old)).toBe(1)
  })

  it('keeps the lines of its log', async () => {
    const { late, slow, a, backend } = await behind()
    const { get } = backend
    backend.get = () => Promise.reject(new Error('down'))
    const { promise, resolve } = deferred()
    const job = late.tracker.run('work', mine, async (task) => {
      backend.get = get
      task.log('first')
      await promise
    })
    // It was refused while nobody could say why: it is written again.
    await Promise.all([late.tracker.flush(), slow.advance(DEFAULTS.retryMs)])
    resolve()
    await job
    await late.tracker.flush()
    const { epoch = '' } = (await a.tracker.find('one')) ?? {}
    const { lines } = await a.tracker['~node'].readLog('one', epoch, -1)
    expect(lines.map(({ text }) => text)).toEqual(['first'])
  })
})

it('6: nobody asks the backend for the lines of a job that works here and has written none', async () => {
  const { a, b, backend, settle } = cluster()
  const { promise, resolve } = deferred()
  const job = a.tracker.run('work', mine, () => promise)
  await settle()
  let asked = 0
  const { readLog } = backend
  backend.readLog = (...args) => {
    asked += 1
    return readLog.apply(backend, args)
  }
  const { epoch = '' } = a.tracker.getSession('one') ?? {}
  const nothing = { lines: [], gap: 0 }
  expect([await a.tracker['~node'].readLog('one', epoch, -1), asked]).toEqual([nothing, 0])
  expect([await b.tracker['~node'].readLog('one', epoch, -1), asked]).toEqual([nothing, 1])
  resolve()
  await job
})

it('60: updates of two processes keep their sessions dense, and both ends', async () => {
  const { a, b, clock } = cluster()
  for (const [node, id] of [
    [a, 'a'],
    [b, 'b'],
  ] as const) {
    node.tracker.createSessionWithId(id)
    for (let turn = 1; turn <= 500; turn++) {
      node.tracker.updateProgress(id, turn / 5)
      if (turn % 10 === 0) await clock.advance(30)
    }
    node.tracker.completeSession(id)
  }
  await clock.advance(200)
  for (const id of ['a', 'b']) {
    const own = (id === 'a' ? a : b).states.filter(({ sessionId }) => sessionId === id)
    expect(own.map(({ revision }) => revision)).toEqual(own.map((_, index) => index + 1))
    expect(await (id === 'a' ? b : a).tracker.find(id)).toMatchObject({ status: 'completed', revision: own.length })
  }
})

describe('the list of an owner', () => {
  it('has no session that another owner has begun anew, also while that is not stored yet', async () => {
    const { clock, backend, a, b, settle } = cluster()
    a.tracker.createSessionWithId('one', {}, { owner: 'ada' })
    a.tracker.createSessionWithId('two', {}, { owner: 'ada' })
    a.tracker.completeSession('one')
    await settle()
    const { put } = backend
    backend.put = () => Promise.reject(new Error('down'))
    a.tracker.createSessionWithId('one', {}, { owner: 'bob' })
    await settle()
    const idsOf = async (node: typeof a, owner: string) =>
      (await node.tracker['~node'].listByOwner(owner)).map(({ snapshot }) => snapshot.sessionId)
    expect([await idsOf(a, 'ada'), await idsOf(a, 'bob')]).toEqual([['two'], ['one']])
    backend.put = put
    await clock.advance(5_000)
    expect([await idsOf(b, 'ada'), await idsOf(b, 'bob')]).toEqual([['two'], ['one']])
  })

  it('does not look at the sessions of all', async () => {
    const { tracker } = recorded()
    for (const owner of ['ada', 'bob', null]) tracker.createSession({}, { owner })
    const { sessions } = tracker['~node']
    sessions.all = () => expect.unreachable()
    expect(await tracker['~node'].listByOwner('ada')).toHaveLength(1)
  })
})

describe('a backend that is dead', () => {
  // G9
  it('costs the job nothing, and `run` begins within its time', async () => {
    const clock = new ManualClock()
    const backend = memory({ clock })
    for (const name of ['put', 'get', 'appendLog', 'readLog', 'heartbeat', 'send'] as const)
      backend[name] = () => new Promise<never>(() => {})
    const { tracker, states } = recorded({ backend, clock })
    const job = tracker.run('work', mine, (task) => {
      task.advance()
      task.log('x')
      return 7
    })
    await clock.advance(2_000)
    expect(await job).toBe(7)
    expect(states.at(-1)?.status).toBe('completed')
    const closed = tracker.close()
    await clock.advance(10_000)
    await closed
    expect(clock.pending).toBe(0)
  })

  it('is signalled, and answers `UNAVAILABLE` and null', async () => {
    const clock = new ManualClock()
    const backend = memory({ clock })
    backend.get = () => Promise.reject(new Error('down'))
    const { tracker, of } = recorded({ backend, clock })
    expect(await tracker.requestCancel('one')).toMatchObject({ ok: false, code: 'UNAVAILABLE' })
    expect(await tracker.find('one')).toBeNull()
    await tracker.run('work', mine, () => {})
    expect(of('store-failed').map(({ where }) => where)).toEqual(['cancel', 'find', 'get'])
  })
})

describe('a listener of facts', () => {
  it('that throws hurts nobody', () => {
    const { tracker, of, sent } = recorded()
    tracker['~node'].listen({
      changed() {
        throw new Error('mine')
      },
    })
    const id = tracker.createSession()
    expect(tracker.updateProgress(id, 5)).toBe(true)
    expect([sent.length, of('handler-failed').length]).toEqual([1, 1])
  })
})
