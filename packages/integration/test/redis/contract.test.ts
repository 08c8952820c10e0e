// The contract over a real Redis, by both client libraries, and that it catches bugs in what is asked of Redis.
import { backendContract, type Fact } from '@progress/server/conformance'
import { redis } from '@progress/server/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppClient, clientOf, LIBRARIES, newPrefix } from '../../support/redisClients'
import { describeWithRedis } from '../../support/redisSuite'
import { rewriting } from '../../support/rewritingClient'

type Open = () => AppClient['client']

/** The contract, each fact under a prefix of its own; with `peer`, over two clients. */
function contractOf(one: Open, peer?: Open): readonly Fact[] {
  const prefixes: string[] = [] // facts that run at once ask for their peers in the order in which they began
  const make = () => {
    const prefix = newPrefix()
    if (peer) prefixes.push(prefix)
    return redis(one(), { prefix })
  }
  return backendContract(make, peer ? { peer: () => redis(peer(), { prefix: String(prefixes.shift()) }) } : {})
}

/** A client for all tests of a suite. */
function suiteClient(library: string, url: string): Open {
  let app: AppClient | undefined
  beforeAll(() => {
    app = clientOf(library, url)
  })
  afterAll(() => app?.close())
  return () => {
    if (!app) throw new Error('not before the tests begin')
    return app.client
  }
}

/** The first sentence that does not hold; `undefined` where all do. */
async function broken(facts: readonly Fact[]): Promise<string | undefined> {
  const all = facts.map(async ({ run }) => {
    const sentence = await run().catch((error: Error) => error.message)
    if (sentence === undefined) throw new Error('it holds')
    return sentence
  })
  return Promise.any(all).catch(() => undefined)
}

/** Bugs in what is asked of Redis: what stands in a script, and what stands there instead. */
const IN_LUA: Readonly<Record<string, readonly [string, string]>> = {
  'a state is written without a look at the stored one': ['if old[1] and tonumber(old[2]) then', 'if false then'],
  'revisions are compared as text': ['tonumber(revision) <= tonumber(old[2])', 'revision <= old[2]'],
  'an end is overwritten': ["or old[3] == '1' then", 'then'],
  'an older epoch is stored': ['elseif isBefore(epoch, old[1]) then', 'elseif false then'],
  'a live session is taken by another owner': ["old[3] == '0' and owner ~= old[4]", 'false'],
  'nobody is told': ["redis.call('PUBLISH', told,", "tostring('x',"],
  'what was passed over is told': ['local old = redis', 'tell(ARGV[9] .. snapshot .. ARGV[10]) local old = redis'],
  'nothing is ever forgotten': ["redis.call('PEXPIRE', session, ms)", ''],
  'a heartbeat keeps nothing on': ['elseif left < ms then', 'elseif false then'],
  'a heartbeat forgets the lines': ["redis.call('PEXPIRE', linesKey(id, row[2]), 2 * ms)", ''],
  'a heartbeat shortens': ['elseif left < ms then', 'elseif true then'],
  'lines are never trimmed': ["redis.call('ZREMRANGEBYRANK', lines, 0, -most - 1)", ''],
  'a line is kept twice': ['if tonumber(ARGV[at]) > last then', 'if true then'],
  'lines are renumbered over a hole': ["~= last + 1 then redis.call('DEL', lines)", "~= last + 1 then tostring('x')"],
  'late lines of an old epoch are kept': ['if known and isBefore(epoch, known) then return end', ''],
  'the old epoch keeps its lines': [
    "if old[1] and epoch ~= old[1] then redis.call('DEL'",
    "if false then redis.call('DEL'",
  ],
  'a state denies its lines': ["redis.call('EXISTS', linesKey(id, row[2]))", '0'],
  'many get a claim': ["'NX', 'PX', ARGV[2])", "'PX', ARGV[2])"],
  'a claim never runs out': ["'NX', 'PX', ARGV[2])", "'NX')"],
  'a counter never begins anew': ["if count == 1 then redis.call('PEXPIRE'", "if false then redis.call('PEXPIRE'"],
  'each count opens a new window': ["if count == 1 then redis.call('PEXPIRE'", "if true then redis.call('PEXPIRE'"],
  'a process never runs out': ["string.format('%.0f', now()), 'PX', ARGV[2])", "string.format('%.0f', now()))"],
}

await describeWithRedis('the contract over Redis', (url) => {
  for (const library of Object.keys(LIBRARIES)) {
    const [one, two] = [suiteClient(library, url), suiteClient(library, url)]
    describe.concurrent(`${library}, one handle`, () => {
      for (const { name, run } of contractOf(one)) it(name, run)
    })
    describe.concurrent(`${library}, two handles`, () => {
      for (const { name, run } of contractOf(one, two)) it(name, run)
    })
  }

  describe('106: one handle by ioredis, the other by node-redis', () => {
    const [one, two] = [suiteClient('ioredis', url), suiteClient('node-redis', url)]
    it('keep it together', async () => {
      expect(await broken(contractOf(one, two))).toBeUndefined()
      expect(await broken(contractOf(two, one))).toBeUndefined()
    })
  })

  describe.concurrent('backendContract over redis catches a script by which', () => {
    const open = suiteClient('ioredis', url)
    for (const [name, [from, to]] of Object.entries(IN_LUA)) {
      it(name, async () => {
        const { client, rewritten } = rewriting(open(), from, to)
        expect(await broken(contractOf(() => client))).toBeDefined()
        expect(rewritten()).toBeGreaterThan(0)
      })
    }
  })
})
