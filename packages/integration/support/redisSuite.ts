// Whether tests that need a Redis run, are skipped or fail: never silently absent.
import { afterAll, describe, it } from 'vitest'
import { OwnRedis } from './ownRedis'
import { type NoRedis, realRedis } from './redis'
import { fateOf } from './redisFate'

/**
 * Declares a suite over a real Redis, which ends after it. To be awaited at the top of a test file.
 * @example
 * await describeWithRedis('the Redis store', (url) => {
 *   it('keeps a session', async () => { ... })
 * })
 */
export async function describeWithRedis(name: string, suite: (url: string) => void): Promise<void> {
  const redis = await realRedis()
  declareSuite(name, redis, (found) => suite(found?.url ?? 'redis://none'))
}

/** The same over one that can be killed, stopped and started again: never the one that `REDIS_URL` names. */
export async function describeWithOwnRedis(
  name: string,
  suite: (redis: OwnRedis) => void,
  ...options: readonly string[]
): Promise<void> {
  declareSuite(name, await OwnRedis.start(...options), (found) => suite(found as OwnRedis)) // where it is missing, no test runs
}

function declareSuite<R extends { stop(): Promise<void> }>(
  name: string,
  redis: R | NoRedis,
  suite: (redis: R | undefined) => void,
): void {
  const fate = fateOf(process.env, !('missing' in redis))
  if (!('missing' in redis)) {
    describe(name, () => {
      afterAll(() => redis.stop())
      suite(redis)
    })
  } else if (fate === 'fail') {
    describe(name, () => {
      it('has a Redis', () => {
        throw new Error(`${redis.missing}. Install redis-server, or set REDIS_URL`)
      })
    })
  } else {
    process.stderr.write(`\nSKIPPED: ${name}: ${redis.missing}\n`)
    describe.skip(`${name} (${redis.missing})`, () => suite(undefined)) // declared, so that each test counts as skipped
  }
}
