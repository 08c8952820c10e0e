// Redis is away, hangs, or comes back empty: jobs and those who watch beside them notice nothing, the others catch up. An
// unhandled rejection anywhere here fails the run.
import { systemClock } from '@progress/protocol'
import { expect, it } from 'vitest'
import type { OwnRedis } from '../../support/ownRedis'
import { newPrefix } from '../../support/redisClients'
import { RedisNode, type Work } from '../../support/redisNode'
import { describeWithOwnRedis } from '../../support/redisSuite'

const OUTAGE_MS = 2_500
/** What the tracker keeps back, the throttle, the line and a busy machine. */
const ON_TIME_MS = 1_000
const within = (timeout: number) => ({ timeout, interval: 20 })
const pass = (ms: number) => new Promise<void>((resolve) => void systemClock.after(ms, resolve))

/** Two that work, each by another library, and for each one that only watches, by the other. */
async function fourNodes(redis: OwnRedis) {
  const prefix = newPrefix()
  const libraries = ['ioredis', 'node-redis', 'node-redis', 'ioredis']
  const [one, two, three, four] = await Promise.all(
    libraries.map((library) => RedisNode.start({ library, url: redis.url, prefix })),
  )
  if (!one || !two || !three || !four) throw new Error('not reached')
  return { workers: [one, two], viewers: [three, four] }
}

/** How long a report took; the slowest tenth is the machine's. */
function usual(tookMs: readonly number[]): number {
  return [...tookMs].sort((a, b) => a - b)[Math.floor(tookMs.length * 0.9)] ?? Number.NaN
}

const OUTAGES: Readonly<Record<string, { begin(redis: OwnRedis): unknown; end(redis: OwnRedis): unknown }>> = {
  '20: is killed, and comes back empty': { begin: (redis) => redis.kill(), end: (redis) => redis.revive() },
  '21: is stopped, and goes on': { begin: (redis) => redis.freeze(), end: (redis) => redis.thaw() },
}

await describeWithOwnRedis('a Redis that', (redis) => {
  for (const [name, outage] of Object.entries(OUTAGES)) {
    it(`${name}: those here are on time, the others catch up, each end comes once`, { timeout: 40_000 }, async () => {
      const { workers, viewers } = await fourNodes(redis)
      const jobs = workers.map((node, index) => node.work(`job-${index}`))
      const beside = workers.map((node, index) => watchAll(node, [`job-${index}`]))
      const elsewhere = viewers.map((node) => watchAll(node, ['job-0', 'job-1']))
      for (const { steps } of [...beside, ...elsewhere]) await expect.poll(steps, within(5_000)).not.toContain(0)

      await outage.begin(redis)
      await pass(OUTAGE_MS)
      for (const [index, job] of jobs.entries()) {
        const seen = job.step
        await expect.poll(() => beside[index]?.steps()[0], within(ON_TIME_MS)).toBeGreaterThanOrEqual(seen)
      }
      await outage.end(redis)
      const back = jobs.map(({ step }) => step)
      for (const { steps } of elsewhere) {
        await expect.poll(() => areAll(steps(), back), within(5_000)).toBe(true)
      }
      for (const [index, job] of jobs.entries()) {
        job.stop()
        workers[index]?.tracker.completeSession(job.id)
        expect(usual(job.tookMs)).toBeLessThan(2)
      }
      await endOnce([...beside, ...elsewhere])
    })
  }

  it('22: is not there at the start: jobs run, health says so, and all is there when it is', {
    timeout: 30_000,
  }, async () => {
    await redis.kill()
    const { workers, viewers } = await fourNodes(redis)
    const jobs = workers.map((node, index) => node.work(`job-${index}`))
    const beside = workers.map((node, index) => watchAll(node, [`job-${index}`]))
    for (const { steps } of beside) await expect.poll(steps, within(3_000)).not.toContain(0)
    const elsewhere = viewers.map((node) => watchAll(node, ['job-0', 'job-1']))
    for (const node of viewers) await expect.poll(() => node.health(), within(8_000)).toBe('degraded')
    await redis.revive()
    const back = jobs.map(({ step }) => step)
    for (const { steps } of elsewhere) await expect.poll(() => areAll(steps(), back), within(12_000)).toBe(true)
    for (const { recorder } of [...beside, ...elsewhere]) expect(recorder.violations).toEqual([])
  })

  it('23: comes back empty: what is silent at the time is there again, too', { timeout: 30_000 }, async () => {
    const { workers, viewers } = await fourNodes(redis)
    for (const [index, { tracker }] of workers.entries()) {
      tracker.createSessionWithId(`silent-${index}`, {}, { owner: 'ada' })
      await tracker.flush()
    }
    await redis.kill()
    await redis.revive()
    for (const { tracker } of viewers) {
      for (const id of ['silent-0', 'silent-1']) {
        const look = () => tracker.find(id).catch(() => null)
        await expect.poll(async () => (await look())?.status, within(10_000)).toBe('active')
      }
    }
  })
})

/** The steps that a page shows of each job. */
function watchAll(node: RedisNode, ids: readonly string[]) {
  const recorder = node.page()
  const watches = ids.map((id) => recorder.watch(id))
  return { recorder, ids, watches, steps: () => watches.map(({ state }) => Number(state.message ?? 0)) }
}

/** Each page is told each end, once. */
async function endOnce(pages: readonly ReturnType<typeof watchAll>[]): Promise<void> {
  for (const { recorder, ids, watches } of pages) {
    await Promise.all(watches.map((watch) => watch.finished))
    expect(ids.map((id) => recorder.endsOf(id))).toEqual(ids.map(() => 1))
    expect(recorder.violations).toEqual([])
  }
}

function areAll(steps: readonly number[], atLeast: readonly Work['step'][]): boolean {
  return atLeast.every((step, index) => (steps[index] ?? 0) >= step)
}
