// Whether tests that need a Redis run, are skipped or fail: never silently absent.
import { afterAll, describe, it } from 'vitest'
import { type NoRedis, type RealRedis, realRedis } from './redis'

/** What becomes of a suite. */
export type Fate = 'run' | 'skip' | 'fail'

/**
 * Without a Redis a suite is skipped at a desk, and fails where its absence would let a gate pass on nothing: with `CI`
 * or `REQUIRE_REDIS`. `''`, `0` and `false` are no.
 */
export function fateOf(env: Readonly<Record<string, string | undefined>>, found: boolean): Fate {
  if (found) return 'run'
  return isYes(env['CI']) || isYes(env['REQUIRE_REDIS']) ? 'fail' : 'skip'
}

function isYes(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase())
}

/**
 * Declares a suite over a real Redis, which ends after it. To be awaited at the top of a test file.
 * @example
 * await describeWithRedis('the Redis store', (url) => {
 *   it('keeps a session', async () => { ... })
 * })
 */
export async function describeWithRedis(name: string, suite: (url: string) => void): Promise<void> {
  const redis = await realRedis()
  declareSuite(name, redis, fateOf(process.env, 'url' in redis), suite)
}

function declareSuite(name: string, redis: RealRedis | NoRedis, fate: Fate, suite: (url: string) => void): void {
  if ('url' in redis) {
    describe(name, () => {
      afterAll(() => redis.stop())
      suite(redis.url)
    })
  } else if (fate === 'fail') {
    describe(name, () => {
      it('has a Redis', () => {
        throw new Error(`${redis.missing}. Install redis-server, or set REDIS_URL`)
      })
    })
  } else {
    process.stderr.write(`\nSKIPPED: ${name}: ${redis.missing}\n`)
    describe.skip(`${name} (${redis.missing})`, () => suite('redis://none')) // declared, so that each test counts as skipped
  }
}
