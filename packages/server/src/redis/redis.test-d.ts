import type { Cluster, Redis } from 'ioredis'
import type { createClient } from 'redis'
import { describe, expectTypeOf, it } from 'vitest'
import type { Backend } from '../backend/contract'
import { redis } from './index'

declare const ioredis: Redis
declare const cluster: Cluster
declare const nodeRedis: ReturnType<typeof createClient>

describe('redis', () => {
  it('takes the clients of both libraries as they are', () => {
    expectTypeOf(redis(ioredis)).toEqualTypeOf<Backend>()
    expectTypeOf(redis(cluster)).toEqualTypeOf<Backend>()
    expectTypeOf(redis(nodeRedis, { prefix: 'app', endKeepMs: 60_000 })).toEqualTypeOf<Backend>()
  })

  it('takes no address and no options of somebody else', () => {
    // @ts-expect-error a client, not the address of a Redis
    redis('redis://localhost')
    // @ts-expect-error there is no such option
    redis(ioredis, { keyPrefix: 'a' })
  })
})
