// The clients that are handed in, with their options: a backend over each, and what stays open after it.
import type { Message } from '@progress/server'
import { redis as backendOver } from '@progress/server/redis'
import { Redis } from 'ioredis'
import { expect, it, onTestFinished } from 'vitest'
import { entry, LONG_MS } from '../../support/entries'
import { clientOf, LIBRARIES, newBackend, newPrefix } from '../../support/redisClients'
import { describeWithRedis } from '../../support/redisSuite'
import { askRedis } from '../../support/resp'

await describeWithRedis('a client of an app', (url) => {
  it('another prefix of ours is another store; the keyPrefix of an app stands before it', async () => {
    const prefix = newPrefix()
    const client = new Redis(url, { keyPrefix: 'app:' })
    onTestFinished(() => client.disconnect())
    const [one, other] = [backendOver(client, { prefix }), newBackend('ioredis', url, { prefix })]
    const heard: Message[] = []
    await one.listen(
      (message) => heard.push(message),
      () => {},
    )
    await other.put(entry({ id: 'theirs' }), LONG_MS)
    await one.put(entry(), LONG_MS)
    await expect.poll(() => heard.length).toBe(1)
    expect(await one.get(['s-1', 'theirs'])).toMatchObject([entry(), null])
    expect(await other.get(['s-1', 'theirs'])).toMatchObject([null, entry({ id: 'theirs' })])
    expect(await askRedis(url, ['EXISTS', `app:{${prefix}}:session:s-1`])).toEqual(['1'])
    await one.close()
  })

  it.each([
    { enableOfflineQueue: false },
    { lazyConnect: true },
    { autoResubscribe: false },
    { enableAutoPipelining: true },
    { stringNumbers: true },
    { protocol: 2 },
    { commandTimeout: 1_000 },
  ] as const)('ioredis with %j', async (options) => {
    const client = new Redis(url, options)
    client.on('error', () => {})
    onTestFinished(() => client.disconnect())
    const backend = backendOver(client, { prefix: newPrefix() })
    const heard: Message[] = []
    const listen = () =>
      backend.listen(
        (message) => heard.push(message),
        () => {},
      )
    await expect
      .poll(() =>
        listen().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true) // who calls it tries again
    expect(await backend.put(entry(), LONG_MS)).toBe(true)
    expect(await backend.count('x', LONG_MS)).toBe(1)
    await expect.poll(() => heard.length).toBeGreaterThan(0)
    await backend.close()
  })

  it('what the app handed in stays open, what was made of it does not', async () => {
    for (const library of Object.keys(LIBRARIES)) {
      const app = clientOf(library, url)
      onTestFinished(() => app.close())
      const prefix = newPrefix()
      const backend = backendOver(app.client, { prefix })
      await backend.listen(
        () => {},
        () => {},
      )
      const listeners = async () => (await askRedis(url, ['PUBLISH', `{${prefix}}:told`, 'x']))[0]
      expect(await listeners()).toBe('1')
      await backend.close()
      await backend.close()
      await expect.poll(listeners).toBe('0')
      await expect(backend.get(['a'])).rejects.toThrow('closed')
      await expect(
        backend.listen(
          () => {},
          () => {},
        ),
      ).rejects.toThrow('closed')
      expect(app.isReady()).toBe(true)
    }
  })
})
