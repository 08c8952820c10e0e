// That a real Redis answers, and what happens to a suite where none is there.
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { realRedis } from '../support/redis'
import { fateOf } from '../support/redisFate'
import { describeWithRedis } from '../support/redisSuite'
import { askRedis } from '../support/resp'

describe('the fate of a suite that needs a Redis', () => {
  it.each([
    [{}, true, 'run'],
    [{ CI: 'true' }, true, 'run'],
    [{ REQUIRE_REDIS: '1' }, true, 'run'],
    [{}, false, 'skip'],
    [{ CI: '' }, false, 'skip'],
    [{ CI: 'false' }, false, 'skip'],
    [{ CI: '0', REQUIRE_REDIS: '0' }, false, 'skip'],
    [{ CI: 'true' }, false, 'fail'],
    [{ CI: '1' }, false, 'fail'],
    [{ REQUIRE_REDIS: '1' }, false, 'fail'],
    [{ CI: 'true', REQUIRE_REDIS: '0' }, false, 'fail'],
  ])('with %j and a Redis found: %s, is %s', (env, found, fate) => {
    expect(fateOf(env, found)).toBe(fate)
  })
})

describe('realRedis', () => {
  it('takes the Redis that REDIS_URL names, and does not end it', async () => {
    const redis = await realRedis({ REDIS_URL: 'redis://cache.internal:6379' })
    expect(redis).toMatchObject({ url: 'redis://cache.internal:6379' })
  })

  it('says why where there is none', async () => {
    expect(await realRedis({ PATH: '/nowhere' })).toEqual({
      missing: 'REDIS_URL is not set, and there is no redis-server on the PATH',
    })
  })
})

await describeWithRedis('a real Redis', (url) => {
  it('answers a PING', async () => {
    expect(await askRedis(url, ['PING'])).toEqual(['PONG'])
  })

  it('gives back what it was given, byte for byte', async () => {
    const key = `test:${randomUUID()}`
    const value = 'Größe: 7 €\r\n'
    expect(await askRedis(url, ['SET', key, value, 'PX', '60000'], ['GET', key], ['DEL', key], ['GET', key])).toEqual([
      'OK',
      value,
      '1',
      null,
    ])
  })

  it('refuses what is no command, in its own words', async () => {
    await expect(askRedis(url, ['NO-SUCH-COMMAND'])).rejects.toThrow(/unknown command/)
  })

  it.skipIf(process.env['REDIS_URL'])('is gone after stop, which twice is harmless', async () => {
    const own = await realRedis()
    if ('missing' in own) throw new Error(own.missing)
    expect(await askRedis(own.url, ['PING'])).toEqual(['PONG'])
    await own.stop()
    await own.stop()
    await expect(askRedis(own.url, ['PING'])).rejects.toThrow(/ECONNREFUSED/)
  })
})
