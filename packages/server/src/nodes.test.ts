import { defineOperation, type ProgressError } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { memory } from './backend/memory'
import { type Cluster, cluster, isInOrder, type Member, told } from './conformance/cluster.test-support'
import { over } from './conformance/over.test-support'
import { ProgressTracker } from './progressTracker'
import type { Task } from './tracker/task'

const SECOND = 1_000
const IMPORT = defineOperation('import')
const mine = { id: 's-1', owner: 'ada' } as const

/** Runs until it is aborted. */
function job(take: (task: Task) => void = () => {}) {
  return (task: Task) => {
    take(task)
    return new Promise<void>((_, reject) => {
      task.signal.addEventListener('abort', () => reject(task.signal.reason))
    })
  }
}

const codeOf = (run: Promise<unknown>) => run.then(() => 'done').catch((error: ProgressError) => error.code)

function pair(): Cluster & { a: Member; b: Member } {
  const all = cluster(2)
  const [a, b] = all.members as [Member, Member]
  return { ...all, a, b }
}

describe('two processes on one store', () => {
  // G7: the seed overwrites (S0-24), and so would whoever guesses an id
  it('leave a live session to its owner, whoever begins its id elsewhere', async () => {
    const { a, b, pass } = pair()
    a.tracker.createSessionWithId('s-1', {}, { owner: 'ada' })
    await pass(100)
    b.tracker.createSessionWithId('s-1', {}, { owner: 'bob' })
    await pass(100)
    expect(b.tracker.getSession('s-1')).toBeNull()
    expect(b.signals).toContainEqual(
      expect.objectContaining({ name: 'refused', code: 'SESSION_CONFLICT', sessionId: 's-1' }),
    )
    expect(a.tracker.updateProgress('s-1', 50)).toBe(true)
    await pass(200)
    expect(await b.tracker.find('s-1')).toMatchObject({ progress: 50, status: 'active' })
    a.tracker.completeSession('s-1')
    await pass(100)
    b.tracker.createSessionWithId('s-1', {}, { owner: 'bob' })
    await pass(100)
    expect(await a.tracker.find('s-1')).toMatchObject({ progress: 0, status: 'active' })
  })

  it('tell the same of a session, made once and in order', async () => {
    const { a, b, pass } = pair()
    a.tracker.createSessionWithId('s-1', {}, { owner: 'ada' })
    for (let progress = 1; progress <= 50; progress++) {
      a.tracker.updateProgress('s-1', progress)
      await pass(100)
    }
    a.tracker.completeSession('s-1')
    await pass(SECOND)
    expect(told(b, 's-1')).toEqual(told(a, 's-1'))
    expect(b.facts.filter(({ kind }) => kind === 'made')).toHaveLength(1)
    expect([isInOrder(a), isInOrder(b)]).toEqual([true, true])
    expect(await b.tracker.find('s-1')).toEqual(told(a, 's-1').at(-1))
  })

  it('make a session where its first states were missed, and tell no echo', async () => {
    const { a, b, pass } = pair()
    a.cut()
    a.tracker.createSessionWithId('s-1', {}, { owner: 'ada' })
    a.tracker.updateProgress('s-1', 30)
    await pass(SECOND)
    a.mend()
    await pass(10 * SECOND)
    expect(b.facts.map(({ kind, entry }) => [kind, entry.snapshot.progress])).toEqual([['made', 30]])
    const before = a.facts.length
    for (const { entry } of [...a.facts]) a.tracker['~node'].hear({ kind: 'changed', entry })
    expect(a.facts).toHaveLength(before)
  })

  it('23: give the store again what it lost', async () => {
    const clock = new ManualClock()
    let store = memory({ clock })
    let gap = () => {}
    const backend = over(store, {
      put: (entry, keepMs) => store.put(entry, keepMs),
      listen: (hear, onGap) => {
        gap = onGap
        return store.listen(hear, onGap)
      },
    })
    const tracker = new ProgressTracker({ backend, clock })
    tracker.createSessionWithId('s-1')
    await tracker.flush()
    store = memory({ clock })
    gap()
    await tracker.flush()
    expect((await store.get(['s-1']))[0]?.snapshot.status).toBe('active')
    await tracker.close()
  })

  it('hear the log lines of each other once, and read them from anywhere', async () => {
    const { a, b, pass } = pair()
    let task: Task | undefined
    void a.tracker.run(
      IMPORT,
      mine,
      job((given) => {
        task = given
      }),
    )
    await pass(SECOND)
    for (let line = 0; line < 5; line++) {
      task?.log(`line ${line}`)
      await pass(100)
    }
    await pass(SECOND)
    for (const { logged } of [a, b]) expect(logged).toEqual([0, 1, 2, 3, 4])
    const { lines, gap } = await b.tracker['~node'].readLog('s-1', told(a, 's-1')[0]?.epoch ?? '', 2)
    expect([lines.map(({ text }) => text), gap]).toEqual([['line 3', 'line 4'], 0])
  })

  it('hear what is revoked, each', async () => {
    const { a, b, pass } = pair()
    const heard: unknown[] = []
    for (const { tracker } of [a, b]) tracker['~node'].listen({ revoked: (whose) => heard.push(whose) })
    await a.tracker['~node'].backend.send({ kind: 'revoke', whose: { userId: 'ada' } })
    await pass(SECOND)
    expect(heard).toEqual([{ userId: 'ada' }, { userId: 'ada' }])
  })
})

describe('a session that goes from one process to another', () => {
  it('is reserved here and runs there, in the same epoch', async () => {
    const { a, b, pass } = pair()
    a.tracker.reserve(IMPORT, mine)
    await pass(SECOND)
    void b.tracker.run(IMPORT, { ...mine, attempt: { number: 1, of: 3 } }, job())
    await pass(SECOND)
    const states = told(a, 's-1')
    expect(new Set(states.map(({ epoch }) => epoch)).size).toBe(1)
    expect([states[0], states.at(-1)]).toMatchObject([{ queued: true }, { status: 'active', cancellable: true }])
    expect(states.at(-1)).not.toHaveProperty('queued')
    expect(a.tracker.getSession('s-1')).toBeNull()
    expect([isInOrder(a), isInOrder(b)]).toEqual([true, true])
  })

  it('is made, and then changed, where nobody had heard that it was reserved', async () => {
    const { a, b, pass } = pair()
    b.cut()
    a.tracker.reserve(IMPORT, mine)
    await pass(SECOND)
    b.mend()
    void b.tracker.run(IMPORT, mine, job())
    await pass(SECOND)
    expect(b.facts.map(({ kind, entry }) => `${kind} ${entry.snapshot.revision}`)).toEqual(['made 1', 'changed 2'])
  })

  it('is tried again elsewhere, and the numbers of its log go on', async () => {
    const { a, b, pass } = pair()
    const first = a.tracker.run(IMPORT, { ...mine, attempt: { number: 1, of: 2 } }, (task) => {
      for (const text of ['one', 'two']) task.log(text)
      throw new Error('not this time')
    })
    await expect(first).rejects.toThrow('not this time')
    await pass(SECOND)
    expect(await b.tracker.find('s-1')).toMatchObject({ status: 'active', queued: true })
    await b.tracker.run(IMPORT, { ...mine, attempt: { number: 2, of: 2 } }, (task) => task.log('three'))
    await pass(SECOND)
    expect(told(a, 's-1').at(-1)).toMatchObject({ status: 'completed', attempt: 2 })
    for (const { logged } of [a, b]) expect(logged).toEqual([0, 1, 2])
    expect([isInOrder(a), isInOrder(b)]).toEqual([true, true])
  })

  it('begins a new life where the same owner runs it again, and the job of the old one stops', async () => {
    const { a, b, pass } = pair()
    const first = a.tracker.run(IMPORT, mine, job())
    await pass(SECOND)
    void b.tracker.run(IMPORT, mine, job())
    await pass(SECOND)
    expect(await codeOf(first)).toBe('INTERRUPTED')
    for (const member of [a, b]) {
      expect(new Set(told(member, 's-1').map(({ epoch }) => epoch)).size).toBe(2)
      expect(isInOrder(member)).toBe(true)
    }
  })

  it('stays with whoever began it anew, also where only the end of that is heard', async () => {
    const { a, b, pass } = pair()
    const first = a.tracker.run(IMPORT, mine, job())
    await pass(SECOND)
    a.cut()
    await b.tracker.run(IMPORT, mine, () => {})
    await pass(SECOND)
    a.mend()
    await pass(10 * SECOND)
    expect(await codeOf(first)).toBe('INTERRUPTED')
    expect(await b.tracker.find('s-1')).toMatchObject({ status: 'completed' })
    expect(told(a, 's-1').at(-1)).toEqual(told(b, 's-1').at(-1))
    expect([isInOrder(a), isInOrder(b)]).toEqual([true, true])
  })

  it('stays with whoever runs it, where another one is begun by a clock that is behind', async () => {
    const { a, b, pass } = pair()
    b.clock.jump(-60 * 60 * SECOND)
    b.cut()
    void a.tracker.run(IMPORT, mine, job())
    await pass(SECOND)
    b.tracker.createSessionWithId('s-1', {}, { owner: 'ada' })
    b.mend()
    await pass(10 * SECOND)
    expect(b.tracker.getSession('s-1')).toBeNull()
    expect(a.tracker.getSession('s-1')).toMatchObject({ status: 'active' })
  })

  it('32: is newer there although the clock of that machine is an hour behind', async () => {
    const { a, b, pass } = pair()
    const done = a.tracker.run(IMPORT, mine, () => {})
    await pass(SECOND)
    await done
    b.clock.jump(-60 * 60 * SECOND)
    void b.tracker.run(IMPORT, mine, job())
    await pass(SECOND)
    for (const member of [a, b]) expect(isInOrder(member)).toBe(true)
    await pass(10 * SECOND)
    expect(await a.tracker.find('s-1')).toMatchObject({ status: 'active' })
  })

  it('100: has one owner where two processes take it on at once', async () => {
    const { a, b, pass } = pair()
    a.tracker.reserve(IMPORT, mine)
    await pass(SECOND)
    const tasks: Task[] = []
    const take = job((task) => void tasks.push(task))
    const codes = [a, b].map(({ tracker }) => codeOf(tracker.run(IMPORT, mine, take)))
    for (let step = 1; step <= 20; step++) {
      await pass(100)
      for (const task of tasks) task.update({ progress: step })
    }
    await pass(10 * SECOND)
    expect(tasks.filter(({ signal }) => !signal.aborted)).toHaveLength(1)
    expect(await Promise.race(codes)).toBe('INTERRUPTED')
    expect([isInOrder(a), isInOrder(b)]).toEqual([true, true])
    expect(told(a, 's-1').at(-1)).toEqual(told(b, 's-1').at(-1))
  })
})
