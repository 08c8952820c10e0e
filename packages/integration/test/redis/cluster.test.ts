// The contract over a Redis Cluster, as far as one server can be one. Scripts are sent as those for which it refuses keys of
// two slots, which it would do in any case where the slots are on two servers.
import { backendContract } from '@progress/server/conformance'
import { redis as backendOver } from '@progress/server/redis'
import { Cluster } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { entry, LONG_MS } from '../../support/entries'
import { freePort } from '../../support/freePort'
import { newPrefix } from '../../support/redisClients'
import { describeWithOwnRedis } from '../../support/redisSuite'
import { askRedis } from '../../support/resp'
import { rewriting } from '../../support/rewritingClient'

const BASE = '\nlocal base = KEYS[1]'

await describeWithOwnRedis(
  'a cluster',
  (redis) => {
    let cluster: Cluster
    beforeAll(async () => {
      await askRedis(redis.url, ['CLUSTER', 'ADDSLOTSRANGE', '0', '16383'])
      const isUp = async () =>
        expect(String(await askRedis(redis.url, ['CLUSTER', 'INFO']))).toContain('cluster_state:ok')
      await vi.waitFor(isUp, 5_000)
      cluster = new Cluster([{ host: '127.0.0.1', port: redis.port }])
    })
    afterAll(() => cluster.disconnect())

    describe.concurrent('keeps the contract', () => {
      const open = () => backendOver(rewriting(cluster, BASE, `#!lua${BASE}`).client, { prefix: newPrefix() })
      for (const { name, run } of backendContract(open)) it(name, run)
    })

    it('twin: without the braces around what the keys begin with, it refuses', async () => {
      const planted = rewriting(cluster, BASE, `#!lua${BASE}:sub(2, -2)`)
      await expect(backendOver(planted.client).put(entry(), LONG_MS)).rejects.toThrow('slot')
    })
  },
  ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
  // Its own choice lies where the system takes the ports from that it gives away.
  ...['--cluster-port', String(await freePort())],
)
