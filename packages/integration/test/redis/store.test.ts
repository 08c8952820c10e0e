// What stands in Redis, seen from beside: odd data, lists that are long, and scripts that were forgotten.
import type { Message } from '@progress/server'
import { redis as backendOver } from '@progress/server/redis'
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { entry, epoch, LONG_MS } from '../../support/entries'
import { clientOf, LIBRARIES, newBackend, newPrefix } from '../../support/redisClients'
import { describeWithRedis } from '../../support/redisSuite'
import { askRedis } from '../../support/resp'
import { rewriting } from '../../support/rewritingClient'

const SHORT_MS = 100

await describeWithRedis('what stands in Redis', (url) => {
  /** A backend, the beginning of its keys, and all that it tells. */
  async function open(library = 'ioredis') {
    const prefix = newPrefix()
    const backend = newBackend(library, url, { prefix })
    const heard: (Message | 'gap')[] = []
    await backend.listen(
      (message) => heard.push(message),
      () => heard.push('gap'),
    )
    return { backend, base: `{${prefix}}`, heard, prefix }
  }

  describe.each(Object.keys(LIBRARIES))('by %s', (library) => {
    it('104: garbage on the channel is a gap, and nothing is thrown', async () => {
      const { backend, base, heard } = await open(library)
      await backend.send({ kind: 'cancel', sessionId: 'first' })
      await expect.poll(() => heard.length).toBe(1)
      const told = `${base}:told`
      const [number] = await askRedis(url, ['GET', told])
      const next = (ahead: number, text: string) => `${Number(number) + ahead} ${text}`
      const garbage = [
        '',
        'x',
        '{}',
        next(1, '{"kind":"changed"'),
        next(2, '{"kind":"changed","entry":{}}'),
        next(3, '7'),
      ]
      for (const text of garbage) await askRedis(url, ['PUBLISH', told, text])
      await expect.poll(() => heard.slice(1)).toEqual(garbage.map(() => 'gap'))
      await askRedis(url, ['INCRBY', told, '3'])
      await backend.send({ kind: 'cancel', sessionId: 'last' })
      await expect.poll(() => heard.at(-1)).toEqual({ kind: 'cancel', sessionId: 'last' })
      expect(heard.length).toBe(2 + garbage.length)
    })

    it('104: a hole in the numbers is a gap', async () => {
      const { backend, base, heard } = await open(library)
      await backend.send({ kind: 'cancel', sessionId: 'first' })
      await askRedis(url, ['INCR', `${base}:told`])
      await backend.send({ kind: 'cancel', sessionId: 'last' })
      await expect.poll(() => heard.map((one) => (one === 'gap' ? one : one.kind))).toEqual(['cancel', 'gap', 'cancel'])
    })

    it('a damaged state is none, hides no other, and makes way for the next one', async () => {
      const { backend, base } = await open(library)
      for (const id of ['a', 'b', 'c']) await backend.put(entry({ id }), LONG_MS)
      await askRedis(url, ['HSET', `${base}:session:a`, 'snapshot', '{"sessionId"'])
      await askRedis(url, ['DEL', `${base}:session:b`], ['SET', `${base}:session:b`, 'somebody else'])
      expect(await backend.get(['a', 'b', 'c'])).toEqual([null, null, { ...entry({ id: 'c' }), hasLog: false }])
      expect(await backend.listByOwner('ada')).toEqual([entry({ id: 'c' })])
      expect(await backend.put(entry({ id: 'a', revision: 2 }), LONG_MS)).toBe(true)
      expect(await backend.get(['a'])).toMatchObject([entry({ id: 'a', revision: 2 })])
      await expect(backend.put(entry({ id: 'b', revision: 2 }), LONG_MS)).rejects.toThrow('WRONGTYPE')
    })

    it('what is damaged, or another one’s by now, keeps no other from being kept on', async () => {
      const { backend, base } = await open(library)
      for (const id of ['a', 'b', 'c', 'd']) await backend.put(entry({ id }), SHORT_MS * 5)
      await backend.put(entry({ id: 'c', revision: 2, node: 'node-2' }), SHORT_MS * 5)
      await askRedis(url, ['DEL', `${base}:session:a`], ['SET', `${base}:session:a`, 'somebody else'])
      await askRedis(
        url,
        ['HDEL', `${base}:session:b`, 'epoch'],
        ['ZADD', `${base}:node:"node-1"`, '9000000000000', 'c'],
      )
      await backend.heartbeat('node-1', LONG_MS, LONG_MS)
      await expect.poll(async () => (await backend.get(['c']))[0]).toBe(null)
      expect(await backend.get(['d'])).toMatchObject([entry({ id: 'd' })])
    })

    it('damaged lines are left out', async () => {
      const { backend, base } = await open(library)
      const line = (number: number) => ({ line: number, text: 'x', level: 'info', at: 0 }) as const
      await backend.appendLog('a', epoch(0), [line(0), line(1)], 'node-1')
      await askRedis(
        url,
        ['ZADD', `${base}:lines:${epoch(0)}:a`, '2', '{"line":'],
        ['ZADD', `${base}:lines:${epoch(0)}:a`, '3', '[]'],
      )
      expect(await backend.readLog('a', epoch(0), 0)).toEqual({ lines: [line(1)], gap: 0 })
      await backend.put(entry({ id: 'a' }), LONG_MS)
      expect(await backend.get(['a'])).toEqual([{ ...entry({ id: 'a' }), hasLog: true }])
    })

    it('a Redis that has forgotten its scripts is told them again', async () => {
      const { backend, heard } = await open(library)
      await backend.put(entry(), LONG_MS)
      await askRedis(url, ['SCRIPT', 'FLUSH'])
      expect(await backend.put(entry({ revision: 2 }), LONG_MS)).toBe(true)
      await expect.poll(() => heard.length).toBe(2)
    })

    it('the same state again is stored already: it is said so, and not told', async () => {
      const { backend, heard } = await open(library)
      const puts = [entry(), entry(), { ...entry(), node: 'node-2' }]
      const answers = []
      for (const put of puts) answers.push(await backend.put(put, LONG_MS))
      await backend.send({ kind: 'cancel', sessionId: 'last' })
      await expect.poll(() => heard.length).toBe(2)
      expect(answers).toEqual([true, true, false])
    })

    it('a thousand of an owner and a node are listed and kept on, page by page', async () => {
      const { backend } = await open(library)
      const ids = Array.from({ length: 1_000 }, (_, index) => `id-${index}`)
      await Promise.all(ids.map((id) => backend.put(entry({ id }), 2_000)))
      await backend.heartbeat('node-1', LONG_MS, LONG_MS)
      const sorted = (entries: readonly { snapshot: { sessionId: string } }[]) =>
        entries.map(({ snapshot }) => snapshot.sessionId).sort()
      expect(sorted(await backend.listByOwner('ada'))).toEqual([...ids].sort())
      expect(sorted(await backend.listActiveByNode('node-1'))).toEqual([...ids].sort())
      expect((await backend.get(ids)).filter((one) => one === null)).toEqual([])
    })
  })

  it('all keys begin alike, and go: those of what has ended and run out leave nothing behind', async () => {
    const { backend, base } = await open()
    await backend.put(entry({ id: 'a' }), SHORT_MS)
    await backend.appendLog('a', epoch(0), [{ line: 0, text: 'x', level: 'info', at: 0 }], 'node-1')
    await backend.put(entry({ id: 'a', revision: 2, isEnded: true }), SHORT_MS)
    expect(await askRedis(url, ['EXISTS', `${base}:node:"node-1"`])).toEqual(['0'])
    await backend.heartbeat('node-1', SHORT_MS, SHORT_MS)
    await backend.claim('x', SHORT_MS)
    await backend.count('x', SHORT_MS)
    const keys = (await keysOf(url)).filter((key) => key.startsWith(base))
    expect(keys.length).toBeGreaterThan(5)
    await expect.poll(async () => (await keysOf(url)).filter((key) => key.startsWith(base))).toEqual([`${base}:told`])
  })

  /** What the owner of an id that has run out is given when another has taken it: with a bug, what stands in his list. */
  async function listedAfterwards(bug: (client: { duplicate(): unknown }) => { duplicate(): unknown }) {
    const app = clientOf('ioredis', url)
    onTestFinished(() => app.close())
    const prefix = newPrefix()
    const backend = backendOver(bug(app.client), { prefix })
    await backend.put(entry({ owner: 'ada' }), SHORT_MS)
    await expect.poll(async () => (await backend.get(['s-1']))[0]).toBe(null)
    await askRedis(url, ['ZADD', `{${prefix}}:owner:"ada"`, '9000000000000', 's-1']) // clocks differ by a millisecond
    await backend.put(entry({ owner: 'bob' }), LONG_MS)
    return backend.listByOwner('ada')
  }

  it('nobody is given what has become another owner’s', async () => {
    expect(await listedAfterwards((client) => client)).toEqual([])
  })

  it('twin: by his list alone, he is', async () => {
    const trusting = (client: { duplicate(): unknown }) => rewriting(client, 'row[4] == name', 'true').client
    expect(await listedAfterwards(trusting)).toEqual([entry({ owner: 'bob' })])
  })
})

/** All keys of a Redis. */
async function keysOf(url: string): Promise<string[]> {
  const client = new Redis(url)
  try {
    return await client.keys('*')
  } finally {
    client.disconnect()
  }
}
