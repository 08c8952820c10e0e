import { defineOperation, isEnd } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { type Cluster, cluster, isInOrder, type Member, told } from './conformance/cluster.test-support'
import type { Task } from './tracker/task'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** A job that runs until its signal is aborted; what it does meanwhile is in the task. */
async function startJob({ members, pass }: Cluster, id = 's-1') {
  const [owner] = members as [Member]
  let task: Task | undefined
  const run = owner.tracker.run('import', { id, owner: 'ada' }, (given) => {
    task = given
    return new Promise((_, reject) => given.signal.addEventListener('abort', () => reject(given.signal.reason)))
  })
  const outcome = run.catch((error: { code?: string }) => error.code)
  await pass(SECOND)
  if (!task) throw new Error('the job did not start')
  return { task, outcome }
}

/** What was said of whoever works on it, and at last the code of its end. */
function words(member: Member): (string | undefined)[] {
  return told(member, 's-1').map((snapshot) => {
    if (snapshot.status === 'active') return snapshot.worker
    return snapshot.status === 'error' ? snapshot.error.code : snapshot.status
  })
}

describe('a process that is gone', () => {
  it('29: is quiet after 15 s and lost after 30 s, and its sessions end exactly once, whoever watches', async () => {
    const all = cluster(6)
    const [owner, ...others] = all.members as [Member, ...Member[]]
    await startJob(all)
    await all.pass(10 * SECOND)
    owner.kill()
    await all.pass(16 * SECOND)
    for (const other of others) expect(words(other).at(-1)).toBe('quiet')
    await all.pass(20 * SECOND)
    for (const other of others) {
      expect(words(other)).toEqual(['alive', 'quiet', 'lost', 'INTERRUPTED'])
      expect(isInOrder(other)).toBe(true)
      expect((await other.tracker.find('s-1'))?.status).toBe('error')
    }
    await all.pass(5 * MINUTE)
    for (const other of others) expect(words(other)).toHaveLength(4)
  })

  it('is noticed by one that comes later, and only reads', async () => {
    const all = cluster(3)
    const [owner, , late] = all.members as [Member, Member, Member]
    late.cut()
    await startJob(all)
    owner.kill()
    all.members[1]?.kill()
    await all.pass(HOUR)
    late.mend()
    expect((await late.tracker.find('s-1'))?.status).toBe('active')
    await all.pass(40 * SECOND)
    expect((await late.tracker.find('s-1'))?.status).toBe('error')
  })

  it('leaves what waits in a queue as it is', async () => {
    const all = cluster(2)
    const [owner, other] = all.members as [Member, Member]
    await startJob(all)
    owner.tracker.reserve(defineOperation('import'), { id: 'waits', owner: 'ada' })
    await all.pass(SECOND)
    owner.kill()
    await all.pass(5 * MINUTE)
    expect(words(other).at(-1)).toBe('INTERRUPTED')
    expect(await other.tracker.find('waits')).toMatchObject({ status: 'active', queued: true, worker: 'alive' })
  })

  it('is given up by another one where the first died over it', async () => {
    const all = cluster(3)
    const [owner, first, second] = all.members as [Member, Member, Member]
    await startJob(all)
    owner.kill()
    await all.pass(20 * SECOND)
    for (const other of [first, second]) expect(words(other).at(-1)).toBe('quiet')
    // Somebody got the claim, and was never heard of again.
    await all.store.claim(`lost:${owner.tracker['~node'].id}`, 20 * SECOND)
    await all.pass(16 * SECOND)
    expect(words(second).at(-1)).toBe('quiet')
    await all.pass(20 * SECOND)
    for (const other of [first, second]) expect(words(other)).toEqual(['alive', 'quiet', 'lost', 'INTERRUPTED'])
  })
})

describe('a process that lives', () => {
  it('is alive although its job reports nothing for an hour', async () => {
    const all = cluster(3)
    const { task } = await startJob(all)
    await all.pass(HOUR)
    for (const other of all.members.slice(1)) expect(words(other)).toEqual(['alive'])
    task.advance(1)
    await all.pass(SECOND)
    expect(words(all.members[1] as Member)).toEqual(['alive', 'alive'])
  })

  it('is alive when it begins to work after a long time without work', async () => {
    const all = cluster(3)
    await all.pass(HOUR)
    await startJob(all)
    await all.pass(MINUTE)
    for (const other of all.members.slice(1)) expect(words(other)).toEqual(['alive'])
  })

  it('goes on as alive, above what was said of it, when it was only quiet', async () => {
    const all = cluster(2)
    const [owner, other] = all.members as [Member, Member]
    const { task } = await startJob(all)
    await all.pass(5 * SECOND)
    owner.cut()
    await all.pass(20 * SECOND)
    expect(words(other)).toEqual(['alive', 'quiet'])
    owner.mend()
    await all.pass(SECOND)
    expect(words(other)).toEqual(['alive', 'quiet', 'alive'])
    task.update({ progress: 50 })
    await all.pass(SECOND)
    expect(told(other, 's-1').at(-1)).toMatchObject({ progress: 50, worker: 'alive' })
    for (const member of all.members) expect(isInOrder(member)).toBe(true)
    expect(task.signal.aborted).toBe(false)
  })

  it('gets what it counted while it was quiet to the others, also where the revisions are the same', async () => {
    const all = cluster(2)
    const [owner, other] = all.members as [Member, Member]
    const { task } = await startJob(all)
    await all.pass(5 * SECOND)
    owner.cut()
    task.update({ progress: 50 })
    await all.pass(20 * SECOND)
    expect(told(other, 's-1').at(-1)).toMatchObject({ revision: 2, progress: 0, worker: 'quiet' })
    expect(told(owner, 's-1').at(-1)).toMatchObject({ revision: 2, progress: 50, worker: 'alive' })
    owner.mend()
    await all.pass(10 * SECOND)
    expect(told(other, 's-1').at(-1)).toMatchObject({ progress: 50, worker: 'alive' })
    expect(isInOrder(owner) && isInOrder(other)).toBe(true)
  })

  it('29, 100: takes over the end when it was pronounced lost meanwhile, however far its job has counted, and stops the job', async () => {
    const all = cluster(3)
    const [owner, other] = all.members as [Member, Member]
    const { task, outcome } = await startJob(all)
    await all.pass(5 * SECOND)
    owner.cut()
    for (let step = 1; step <= 60; step++) {
      task.update({ progress: step })
      await all.pass(SECOND)
    }
    expect(words(other)).toEqual(['alive', 'quiet', 'lost', 'INTERRUPTED'])
    expect(told(owner, 's-1').at(-1)).toMatchObject({ status: 'active', progress: 60 })
    owner.mend()
    await all.pass(10 * SECOND)
    expect(await outcome).toBe('INTERRUPTED')
    expect(told(owner, 's-1').at(-1)).toMatchObject({ status: 'error', error: { code: 'INTERRUPTED' } })
    expect((await owner.tracker.find('s-1'))?.status).toBe('error')
    expect(owner.tracker.updateProgress('s-1', 99)).toBe(false)
    task.update({ progress: 100 })
    await all.pass(MINUTE)
    for (const member of all.members) {
      expect(told(member, 's-1').filter(isEnd)).toHaveLength(1)
      expect(isInOrder(member)).toBe(true)
    }
    expect(owner.signals.filter(({ name }) => name === 'ended')).toHaveLength(1)
  })

  it('29: is not taken for dead for the silence of a time without work', async () => {
    const all = cluster(2)
    const [owner, other] = all.members as [Member, Member]
    owner.tracker.createSessionWithId('s-0', {}, { owner: 'ada' })
    owner.tracker.completeSession('s-0')
    await all.pass(3 * SECOND)
    owner.tracker.createSessionWithId('s-1', {}, { owner: 'ada' })
    owner.tracker.completeSession('s-1')
    for (let idle = 1; idle <= 12; idle++) {
      await all.pass(25 * SECOND + idle * 700)
      owner.tracker.createSessionWithId('s-1', {}, { owner: 'ada' })
      await all.pass(6 * SECOND)
      owner.tracker.completeSession('s-1')
    }
    expect(new Set(words(other))).toEqual(new Set(['alive', 'completed']))
  })

  it('101: gives its end to the others, above what was said of it while it ended unheard', async () => {
    const all = cluster(2)
    const [owner, other] = all.members as [Member, Member]
    owner.tracker.createSessionWithId('s-1', {}, { owner: 'ada' })
    await all.pass(5 * SECOND)
    owner.cut()
    owner.tracker.completeSession('s-1')
    await all.pass(20 * SECOND)
    expect(words(other)).toEqual(['alive', 'quiet'])
    owner.mend()
    await all.pass(10 * SECOND)
    expect(words(other)).toEqual(['alive', 'quiet', 'completed'])
    expect(await other.tracker.find('s-1')).toMatchObject({ status: 'completed', revision: 3 })
    await all.pass(2 * MINUTE)
    expect(words(other).at(-1)).toBe('completed')
    expect(isInOrder(owner) && isInOrder(other)).toBe(true)
  })

  it('does not tell a second end where its job had ended before it heard of the first', async () => {
    const all = cluster(2)
    const [owner, other] = all.members as [Member, Member]
    owner.tracker.createSessionWithId('s-1', {}, { owner: 'ada' })
    await all.pass(5 * SECOND)
    owner.cut()
    await all.pass(40 * SECOND)
    owner.tracker.completeSession('s-1')
    owner.mend()
    await all.pass(2 * SECOND)
    expect(owner.tracker.getSession('s-1')?.status).toBe('completed')
    await all.pass(MINUTE)
    expect(owner.signals.filter(({ name }) => name === 'ended')).toHaveLength(1)
    expect(words(other).at(-1)).toBe('INTERRUPTED')
    for (const member of all.members) expect(told(member, 's-1').filter(isEnd)).toHaveLength(1)
  })

  it('101: is not given up by one that cannot hear, nor right after an outage of the store', async () => {
    const all = cluster(3)
    const { task } = await startJob(all)
    await all.pass(10 * SECOND)
    for (const member of all.members) member.cut()
    await all.pass(10 * MINUTE)
    all.members[1]?.mend()
    all.members[2]?.mend()
    await all.pass(9 * SECOND)
    all.members[0]?.mend()
    await all.pass(10 * MINUTE)
    for (const member of all.members) expect(new Set(words(member))).toEqual(new Set(['alive']))
    expect(task.signal.aborted).toBe(false)
  })
})
