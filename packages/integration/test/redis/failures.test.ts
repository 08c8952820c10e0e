// Redis answers, but not what was asked: it refuses to write, its answer is lost, it is slow, or it cannot be reached from one
// server only. An unhandled rejection anywhere here fails the run.
import type { Message } from '@progress/server'
import { redis as backendOver } from '@progress/server/redis'
import { expect, it, onTestFinished } from 'vitest'
import { entry, LONG_MS } from '../../support/entries'
import { clientOf, newPrefix } from '../../support/redisClients'
import { RedisNode } from '../../support/redisNode'
import { describeWithOwnRedis } from '../../support/redisSuite'
import { askRedis } from '../../support/resp'
import { rewriting } from '../../support/rewritingClient'
import { TcpLine } from '../../support/tcpLine'

const within = (timeout: number) => ({ timeout, interval: 20 })
const LIBRARIES = ['ioredis', 'node-redis']

await describeWithOwnRedis('a Redis that', (redis) => {
  /** What goes wrong, how it is ended, and the word of Redis for it. */
  const REFUSALS: Readonly<Record<string, readonly [begin: string[][], end: string[][], word: string]>> = {
    'has no memory left': [
      [
        ['CONFIG', 'SET', 'maxmemory', '1'],
        ['CONFIG', 'SET', 'maxmemory-policy', 'noeviction'],
      ],
      [['CONFIG', 'SET', 'maxmemory', '0']],
      'OOM',
    ],
    'has become a replica': [[['REPLICAOF', '127.0.0.1', '1']], [['REPLICAOF', 'NO', 'ONE']], 'READONLY'],
    'allows nothing any more': [
      [['ACL', 'SETUSER', 'worker', '-@all', '+info', '+hello', '+client']],
      [['ACL', 'SETUSER', 'worker', '+@all']],
      'NOPERM',
    ],
  }

  for (const [name, [begin, end, word]] of Object.entries(REFUSALS)) {
    it.for(LIBRARIES)(
      `25: ${name}: no job fails, health says so, and all is stored when it can be (%s)`,
      async (library) => {
        await askRedis(redis.url, ['ACL', 'SETUSER', 'worker', 'on', '>secret', '~*', '&*', '+@all'])
        const url = redis.url.replace('//', '//worker:secret@')
        const node = await RedisNode.start({ library, url, prefix: newPrefix() })
        await node.backend.put(entry(), LONG_MS)
        await askRedis(redis.url, ...begin)
        const job = node.tracker.run('backup', { owner: 'ada' }, (task) => task.update({ progress: 50 }))
        await job
        await expect.poll(() => node.failures.join(), within(5_000)).toContain(word)
        expect(await node.health()).toBe('degraded')
        await askRedis(redis.url, ...end)
        await node.tracker.flush()
        expect((await node.backend.get([job.id]))[0]?.snapshot.status).toBe('completed')
      },
    )
  }

  it.for(LIBRARIES)('24: is asked in one script: a state is stored and told, or neither (%s)', async (library) => {
    expect(await afterNoPublish(library, false)).toEqual({ stored: false, told: false })
  })

  it('24: twin: where it is stored first, it stays untold', async () => {
    expect(await afterNoPublish('ioredis', true)).toEqual({
      stored: true,
      told: false,
    })
  })

  /** What becomes of a state whose writer may not publish. */
  async function afterNoPublish(library: string, isToldLast: boolean) {
    await askRedis(redis.url, ['ACL', 'SETUSER', 'mute', 'reset', 'on', '>secret', '~*', '+@all', 'resetchannels'])
    const [mute, free] = [clientOf(library, redis.url.replace('//', '//mute:secret@')), clientOf(library, redis.url)]
    const prefix = newPrefix()
    const client = isToldLast ? tellingLast(mute.client) : mute.client
    const [writer, reader] = [backendOver(client, { prefix }), backendOver(free.client, { prefix })]
    onTestFinished(async () => {
      await Promise.all([writer.close(), reader.close()])
      mute.close()
      free.close()
    })
    const told: Message[] = []
    await reader.listen(
      (message) => told.push(message),
      () => {},
    )
    await expect(writer.put(entry(), LONG_MS)).rejects.toThrow(/can't publish/)
    const [stored] = await reader.get(['s-1'])
    await reader.send({ kind: 'cancel', sessionId: 'last' })
    await expect.poll(() => told.length).toBeGreaterThan(0)
    return { stored: stored !== null, told: told.some(({ kind }) => kind === 'changed') }
  }

  function tellingLast(client: { duplicate(): unknown }) {
    const call = 'tell(ARGV[9] .. snapshot .. ARGV[10])'
    const without = rewriting(client, call, '').client
    return rewriting(without, "if ended == '0' then list('node', node, id, ms) end", call).client
  }

  it('24: loses the answer to an end: it is told once, here and elsewhere', { timeout: 15_000 }, async () => {
    const prefix = newPrefix()
    let lost = 0
    const losing = (client: { duplicate(): unknown }) => losingAnswers(client, () => ++lost <= 3)
    const worker = await RedisNode.start({ library: 'ioredis', url: redis.url, prefix, instead: losing })
    const viewer = await RedisNode.start({ library: 'node-redis', url: redis.url, prefix })
    worker.tracker.createSessionWithId('job', {}, { owner: 'ada' })
    await worker.tracker.flush()
    const pages = [worker.page(), viewer.page()]
    const watches = pages.map((page) => page.watch('job'))
    for (const watch of watches) await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
    worker.tracker.completeSession('job', 'done')
    await worker.tracker.flush()
    for (const watch of watches) expect((await watch.finished).status).toBe('completed')
    expect(lost).toBeGreaterThan(3)
    expect(pages.map((page) => page.endsOf('job'))).toEqual([1, 1])
    expect(pages.flatMap(({ violations }) => violations)).toEqual([])
  })

  it.for(LIBRARIES)('27: ends the connections that listen: what was told meanwhile is shown (%s)', async (library) => {
    const [worker, viewer] = await pair(library, redis.url, redis.url)
    worker.tracker.createSessionWithId('job', {}, { owner: 'ada' })
    const page = viewer.page()
    const watch = page.watch('job')
    await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
    await askRedis(redis.url, ['CLIENT', 'KILL', 'TYPE', 'pubsub'])
    worker.tracker.updateProgress('job', 50, 'meanwhile') // and nothing after it
    await expect.poll(() => watch.state.message, within(5_000)).toBe('meanwhile')
    expect(page.violations).toEqual([])
  })

  it.for(LIBRARIES)(
    '28: takes 2 s: a report takes none of it, nothing blocks, a join is answered in time (%s)',
    {
      timeout: 20_000,
    },
    async (library) => {
      const line = await TcpLine.start(redis.port)
      onTestFinished(() => line.close())
      const [node, other] = await pair(library, `redis://127.0.0.1:${line.port}`, redis.url)
      other.tracker.createSessionWithId('elsewhere', {}, { owner: 'ada' })
      await Promise.all([other.tracker.flush(), node.tracker.flush()])
      line.latencyMs = 1_000 // in each direction
      const job = node.work('job', 20)
      const beside = node.page().watch('job')
      const asked = performance.now()
      const answer = await fetch(`${node.url}/api/progress/elsewhere`)
      expect(answer.status).toBe(503)
      expect(performance.now() - asked).toBeLessThan(3_000)
      expect(await node.health()).toBe('degraded')
      await expect.poll(() => Number(beside.state.message), within(2_000)).toBeGreaterThan(20)
      job.stop()
      expect([...job.tookMs].sort((a, b) => a - b)[Math.floor(job.tookMs.length * 0.9)]).toBeLessThan(1)
      line.latencyMs = 0
      await node.tracker.flush()
      expect((await other.tracker.find('job'))?.message).toBe(String(job.step))
    },
  )

  it.for(LIBRARIES)(
    '101: one server cannot reach: those beside it are served, and it comes back to the others (%s)',
    {
      timeout: 20_000,
    },
    async (library) => {
      const line = await TcpLine.start(redis.port)
      onTestFinished(() => line.close())
      const [cut, other] = await pair(library, `redis://127.0.0.1:${line.port}`, redis.url)
      const [here, there] = [cut.work('here'), other.work('there')]
      const [beside, far] = [cut.page(), other.page()]
      const seen = { local: beside.watch('here'), cut: beside.watch('there'), far: far.watch('here') }
      for (const watch of Object.values(seen)) await expect.poll(() => watch.state.message, within(5_000)).toBeDefined()
      line.isSilent = true
      const before = here.step
      await expect.poll(() => here.step, within(10_000)).toBeGreaterThan(before + 20)
      const during = here.step
      await expect.poll(() => Number(seen.local.state.message), within(1_000)).toBeGreaterThanOrEqual(during)
      expect(Number(seen.far.state.message)).toBeLessThan(during - 10)
      line.isSilent = false
      await expect.poll(() => Number(seen.far.state.message), within(5_000)).toBeGreaterThanOrEqual(during)
      const now = there.step
      await expect.poll(() => Number(seen.cut.state.message), within(5_000)).toBeGreaterThanOrEqual(now)
      expect([...beside.violations, ...far.violations]).toEqual([])
    },
  )
})

async function pair(library: string, one: string, two: string): Promise<[RedisNode, RedisNode]> {
  const prefix = newPrefix()
  return [await RedisNode.start({ library, url: one, prefix }), await RedisNode.start({ library, url: two, prefix })]
}

/** A client whose answers to the writing of an end do not arrive, as long as they are said to be lost. */
function losingAnswers(client: { duplicate(): unknown }, isLost: () => boolean) {
  const good = client as unknown as { call(...command: string[]): Promise<unknown> } & Record<string, unknown>
  return new Proxy(good, {
    get(target, name) {
      if (name !== 'call') {
        const member = Reflect.get(target, name)
        return typeof member === 'function' ? member.bind(target) : member
      }
      return async (...command: string[]) => {
        const answer = await good.call(...command)
        if (command.some((word) => word.includes('"status":"completed"')) && isLost()) throw new Error('the line broke')
        return answer
      }
    },
  }) as unknown as { duplicate(): unknown }
}
