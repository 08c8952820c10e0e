// Several servers on one Redis: what one does is seen through the others, soon and never backwards.
import { comparePositions, type Snapshot } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { ProgressTracker } from '@progress/server'
import { redis as backendOver } from '@progress/server/redis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { entry } from '../../support/entries'
import { clientOf, LIBRARIES, newBackend, newPrefix } from '../../support/redisClients'
import { RedisNode } from '../../support/redisNode'
import { describeWithRedis } from '../../support/redisSuite'
import { askRedis } from '../../support/resp'

const within = (timeout: number) => ({ timeout, interval: 10 })
const libraries = Object.keys(LIBRARIES)

await describeWithRedis('servers on one Redis', (url) => {
  const start = (library: string, prefix: string) => RedisNode.start({ library, url, prefix })

  describe.each(libraries)('by %s', (library) => {
    it('96: a job on one, a page on another: 99 of 100 states are shown within 100 ms', async () => {
      const prefix = newPrefix()
      const [worker, viewer] = [await start(library, prefix), await start(library, prefix)]
      worker.tracker.createSessionWithId('job', {}, { owner: 'ada' })
      const page = viewer.page()
      const watch = page.watch('job')
      const shown: number[] = []
      watch.subscribe(({ message }) => {
        if (message) shown.push(performance.now() - Number(message))
      })
      await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
      for (let step = 1; step <= 100; step++) {
        const before = shown.length
        // At once: what the throttle keeps back is not what is measured.
        worker.tracker['~node'].sessions.yield(report(worker, step))
        await expect.poll(() => shown.length, within(5_000)).toBeGreaterThan(before)
      }
      const p99 = [...shown].sort((a, b) => a - b)[Math.floor(shown.length * 0.99) - 1] ?? Number.NaN
      process.stdout.write(`\n96: ${library}: p99 ${p99.toFixed(1)} ms over ${shown.length} states\n`)
      expect(p99).toBeLessThan(100)
      expect(page.violations).toEqual([])
    })

    it('29: what ran in a process that is gone ends once, as INTERRUPTED', async () => {
      const prefix = newPrefix()
      const gone = clientOf(library, url)
      const worker = new ProgressTracker({ backend: backendOver(gone.client, { prefix }) })
      worker.createSessionWithId('job', {}, { owner: 'ada' })
      await worker.flush()
      gone.close()
      const { backends, trackers, beat } = others(library, prefix)
      onTestFinished(() => worker.close())
      const told: string[] = []
      for (const tracker of trackers) expect(await tracker.find('job')).toMatchObject({ status: 'active' })
      await backends[0]?.listen(
        (message) => message.kind === 'changed' && told.push(message.entry.snapshot.status),
        () => told.push('gap'),
      )
      const [entry] = (await backends[0]?.get(['job'])) ?? []
      await askRedis(url, ['DEL', `{${prefix}}:life:"${entry?.node}"`]) // its time has run out
      for (let beats = 0; beats < 10; beats++) await beat()
      for (const tracker of trackers) {
        expect(await tracker.find('job')).toMatchObject({ status: 'error', error: { code: 'INTERRUPTED' } })
      }
      expect(told).toEqual(['active', 'active', 'error']) // quiet, lost, and over
    })

    it('98: polled on a third, while it runs on the first: the same or newer, never older', async () => {
      const prefix = newPrefix()
      const nodes = await Promise.all([library, library, library].map((one) => start(one, prefix)))
      const [first, , third] = nodes
      const job = first?.work('job', 5)
      if (!job || !third) throw new Error('not reached')
      const seen: Snapshot[] = []
      await expect.poll(() => poll(third)).toBeDefined()
      let asked = 0
      for (; asked < 100 || seen.at(-1)?.revision === seen[0]?.revision; asked++) {
        const state = await poll(third)
        if (state) seen.push(state)
      }
      job.stop()
      const backwards = seen.filter((state, index) => {
        const before = seen[index - 1]
        return before !== undefined && comparePositions(state, before) < 0
      })
      expect([seen.length, backwards]).toEqual([asked, []])
      expect(seen.at(-1)?.revision).toBeGreaterThan(Number(seen[0]?.revision))
    })

    it('104: what is forged is passed over: an unknown session, an older position, an end of what has ended', async () => {
      const prefix = newPrefix()
      const [worker, viewer] = [await start(library, prefix), await start(library, prefix)]
      const forger = newBackend(library, url, { prefix })
      worker.tracker.createSessionWithId('job', {}, { owner: 'ada' })
      const page = viewer.page()
      const watch = page.watch('job')
      await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
      worker.tracker.updateProgress('job', 60, 'true')
      await expect.poll(() => watch.state.message, within(5_000)).toBe('true')
      for (const isEnded of [false, true]) {
        await forger.send({ kind: 'changed', entry: entry({ id: 'job', isEnded }) }) // of an older life
        await forger.send({ kind: 'changed', entry: entry({ id: 'unknown', isEnded }) })
        await forger.send({ kind: 'cancel', sessionId: 'unknown' })
      }
      worker.tracker.completeSession('job', 'true')
      expect(await watch.finished).toMatchObject({ status: 'completed', message: 'true' })
      await forger.send({ kind: 'changed', entry: entry({ id: 'job', isEnded: true, revision: 9_999 }) })
      expect(page.endsOf('job')).toBe(1)
      expect(page.states.map(({ message }) => message)).not.toContain('forged')
      expect(page.violations).toEqual([])
      expect((await worker.tracker.find('job'))?.message).toBe('true')
    })
  })

  /** Two that look after others, on a clock that is moved by hand. */
  function others(library: string, prefix: string) {
    const clock = new ManualClock(Date.now())
    const backends = [newBackend(library, url, { prefix }), newBackend(library, url, { prefix })]
    const trackers = backends.map((backend) => new ProgressTracker({ backend, clock }))
    onTestFinished(async () => void (await Promise.all(trackers.map((tracker) => tracker.close()))))
    /** One heartbeat, and time for Redis to answer what is asked at it. */
    const beat = async () => {
      await clock.advance(5_000)
      for (let answer = 0; answer < 10; answer++) await Promise.all(backends.map((backend) => backend.silence([])))
    }
    return { backends, trackers, beat }
  }

  it('106: three servers, of both libraries: each sees the jobs of all, cancels them, and an end comes once', async () => {
    const prefix = newPrefix()
    const nodes = await Promise.all(['ioredis', 'node-redis', 'ioredis'].map((library) => start(library, prefix)))
    const ids = nodes.map((_, index) => `job-${index}`)
    const runs = nodes.map(({ tracker }, index) =>
      tracker.run('backup', { owner: 'ada', id: String(ids[index]) }, async ({ signal }) => {
        await new Promise((_, stopped) => void signal.addEventListener('abort', () => stopped(signal.reason)))
      }),
    )
    const pages = nodes.map((node) => {
      const page = node.page()
      return { page, watches: ids.map((id) => page.watch(id)) }
    })
    for (const { watches } of pages) {
      for (const watch of watches) await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
    }
    for (const [index, id] of ids.entries()) {
      expect(await nodes[(index + 1) % 3]?.tracker.requestCancel(id, 'enough')).toEqual({ ok: true })
    }
    await Promise.allSettled(runs)
    for (const { page, watches } of pages) {
      for (const watch of watches) expect(await watch.finished).toMatchObject({ status: 'cancelled', reason: 'enough' })
      expect(ids.map((id) => page.endsOf(id))).toEqual([1, 1, 1])
      expect(page.violations).toEqual([])
    }
  })
})

/** Reports the time as a step, and gives what the session is held in. */
function report({ tracker }: RedisNode, step: number) {
  tracker.updateProgress('job', step / 2, String(performance.now()))
  const cell = tracker['~node'].sessions.get('job')
  if (!cell) throw new Error('the job is gone')
  return cell
}

async function poll({ url }: RedisNode): Promise<Snapshot | undefined> {
  const response = await fetch(`${url}/api/progress/job`)
  return response.ok ? ((await response.json()) as Snapshot) : undefined
}
