// A connection that listens looks well and hears nothing, as one to a replica that was cut off: it is found, and replaced.
import { ManualClock } from '@progress/protocol/testing'
import type { Message } from '@progress/server'
import { redis as backendOver } from '@progress/server/redis'
import { expect, it, onTestFinished } from 'vitest'
import { entry, LONG_MS } from '../../support/entries'
import { OwnRedis } from '../../support/ownRedis'
import { clientOf, LIBRARIES, newBackend, newPrefix } from '../../support/redisClients'
import { describeWithOwnRedis } from '../../support/redisSuite'

/** Twice the time between two heartbeats. */
const NOTICED_MS = 10_000

await describeWithOwnRedis('a connection to another Redis', (redis) => {
  /** A backend whose first connection to listen by leads to a Redis that nobody tells anything. */
  async function starving(library: string) {
    const cutOff = await OwnRedis.start()
    if ('missing' in cutOff) throw new Error(cutOff.missing)
    const [app, wrong] = [clientOf(library, redis.url), clientOf(library, cutOff.url)]
    const prefix = newPrefix()
    const clock = new ManualClock()
    const backend = backendOver(firstDuplicate(app.client, wrong.client), { prefix, clock })
    const teller = newBackend(library, redis.url, { prefix })
    const heard: (Message['kind'] | 'gap')[] = []
    await backend.listen(
      ({ kind }) => heard.push(kind),
      () => heard.push('gap'),
    )
    onTestFinished(async () => {
      await backend.close()
      app.close()
      wrong.close()
      await cutOff.stop()
    })
    return { clock, teller, heard }
  }

  it.for(Object.keys(LIBRARIES))('26: is noticed within two heartbeats, and replaced (%s)', async (library) => {
    const { clock, teller, heard } = await starving(library)
    await clock.advance(5_000)
    await teller.put(entry(), LONG_MS)
    expect(heard).toEqual([])
    for (let passed = 0; passed < NOTICED_MS && !heard.includes('gap'); passed += 1_000) {
      await clock.advance(1_000)
      await teller.silence([]) // Redis has answered what was asked before
    }
    await expect.poll(() => heard).toEqual(['gap', 'gap']) // when it was found, and when it was over
    await teller.put(entry({ revision: 2 }), LONG_MS)
    await expect.poll(() => heard).toEqual(['gap', 'gap', 'changed'])
  })

  it('26: twin: where nobody looks, it starves', async () => {
    const { teller, heard } = await starving('ioredis')
    for (let revision = 1; revision < 100; revision++) await teller.put(entry({ revision }), LONG_MS)
    expect(heard).toEqual([])
  })

  it('is not taken for one as long as all is heard', async () => {
    const clock = new ManualClock()
    const prefix = newPrefix()
    const backend = newBackend('ioredis', redis.url, { prefix, clock })
    const heard: string[] = []
    await backend.listen(
      ({ kind }) => heard.push(kind),
      () => heard.push('gap'),
    )
    for (let revision = 1; revision <= 20; revision++) {
      await backend.put(entry({ revision }), LONG_MS)
      await clock.advance(5_000)
    }
    await expect.poll(() => heard).toEqual(Array.from({ length: 20 }, () => 'changed'))
  })
})

/** The client, whose first duplicate is one of another. */
function firstDuplicate<C extends { duplicate(): unknown }>(client: C, wrong: C): C {
  let isFirst = true
  return new Proxy(client, {
    get(target, name) {
      if (name === 'duplicate') {
        return () => {
          const from = isFirst ? wrong : target
          isFirst = false
          return from.duplicate()
        }
      }
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
