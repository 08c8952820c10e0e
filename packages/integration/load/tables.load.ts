// 95: tables with a bound, each given far more keys than that: how many it still knows, asked from the newest to the oldest until
// it has forgotten one, beside a Map that never forgets. Time is in our hands.
import { createFakeProgress } from '@progress/client/testing'
import { epochAt } from '@progress/protocol'
import { buildSnapshot, ManualClock } from '@progress/protocol/testing'
import { memory, ProgressTracker, serveProgress, tokenAuth } from '@progress/server'
import { heapUsed } from '../bench/measure'
import { pick } from '../bench/short'
import { figure, printTable, type Row } from '../bench/table'

const GIVEN = pick(50_000, 11_000)
const GIVEN_TO_A_PAGE = pick(10_000, 1_200)
const clock = new ManualClock()

/** Gives a table so many keys, the oldest first. Answers how many of the newest it knows. */
async function known(given: number, give: (key: string) => unknown, knows: (key: string) => unknown): Promise<number> {
  for (let n = 0; n < given; n++) await give(`key-${n}`)
  let count = 0
  while (count < given && (await knows(`key-${given - 1 - count}`))) count += 1
  return count
}

/** The same of a Map. */
function inMap(given: number): Promise<number> {
  const map = new Map<string, number>()
  return known(
    given,
    (key) => map.set(key, 1),
    (key) => map.has(key),
  )
}

async function row(what: string, bound: number, given: number, ours: number): Promise<Row> {
  const kept = await inMap(given)
  return {
    what: `${what}, of ${figure(given)}`,
    ours: figure(ours),
    baseline: `a Map ${figure(kept)}`,
    bound: figure(bound),
    holds: ours === bound && kept > bound,
  }
}

/** Who may ask once a minute, and has: refused where that is remembered. */
async function callers(): Promise<number> {
  const tracker = new ProgressTracker({ clock })
  const authenticate = tokenAuth({ verify: (userId) => ({ userId }) })
  await using progress = serveProgress(tracker, { authenticate, limits: { commandsPerMinute: 1 } })
  const ask = async (key: string) => {
    const headers = { authorization: `Bearer ${key}` }
    const { status } = await progress.fetch(new Request('http://127.0.0.1/api/progress/none', { headers }))
    return status
  }
  return await known(GIVEN, ask, async (key) => (await ask(key)) === 429)
}

/** What other processes have told: told on where it is forgotten that it was. */
async function heardEnds(): Promise<number> {
  await using tracker = new ProgressTracker({ clock })
  const node = tracker['~node']
  let news = 0
  node.listen({
    made() {
      news += 1
    },
  })
  const hear = (sessionId: string) => {
    const snapshot = buildSnapshot('completed', { sessionId, epoch: epochAt(clock.now(), () => 0) })
    node.hear({ kind: 'changed', entry: { snapshot, owner: 'ada', node: 'another' } })
    return news
  }
  return await known(GIVEN, hear, (key) => news === hear(key))
}

/** Ends in the memory of a process that has no other backend. */
async function storedEnds(): Promise<number> {
  await using tracker = new ProgressTracker({ clock })
  const end = async (key: string) => {
    tracker.completeSession(tracker.createSessionWithId(key, {}, { owner: 'ada' }))
    if (tracker['~node'].sessions.size >= 1_000) await clock.advance(5_000) // the process itself lets go of them
    await tracker.flush()
  }
  return await known(GIVEN, end, (key) => tracker.find(key))
}

/** Ends that a page was told: told again where that is forgotten. */
async function toldEnds(): Promise<number> {
  const fake = createFakeProgress()
  const told = async (id: string) => {
    let times = 0
    const watch = fake.client.watch(id)
    watch.onEnd(() => {
      times += 1
    })
    await fake.clock.advance(0)
    watch.leave()
    return times
  }
  const give = (id: string) => {
    fake.session('load', { id }).complete(undefined)
    return told(id)
  }
  const count = await known(GIVEN_TO_A_PAGE, give, async (id) => (await told(id)) === 0)
  fake.client.close()
  return count
}

/** Names that are claimed for a second each, a thousand in each second: the heap that is left of them. */
async function claims(): Promise<number> {
  const backend = memory({ clock })
  const before = heapUsed()
  for (let n = 0; n < GIVEN; n++) {
    await backend.claim(`claim-${n}`, 1_000)
    if (n % 1_000 === 0) clock.jump(1_000)
  }
  const grown = heapUsed() - before
  await backend.close()
  return grown
}

await claims() // until the code is warm
const grown = await claims()
const beforeMap = heapUsed()
const map = new Map(Array.from({ length: GIVEN }, (_, n) => [`claim-${n}`, { until: n }]))
const mapGrown = heapUsed() - beforeMap
printTable('95: tables with a bound, and how many keys they know', [
  await row('callers with a limit', 10_000, GIVEN, await callers()),
  await row('ends that other processes have told', 10_000, GIVEN, await heardEnds()),
  await row('ends in the memory backend', 10_000, GIVEN, await storedEnds()),
  await row('ends that a page was told', 1_000, GIVEN_TO_A_PAGE, await toldEnds()),
  {
    what: `heap of ${figure(GIVEN)} claims, each of which lasts a second`,
    ours: figure(grown / 1_024, 'kB'),
    baseline: `a Map of ${figure(map.size)} ${figure(mapGrown / 1_024, 'kB')}`,
    bound: 'under 1,024 kB, and more in the Map',
    holds: grown < 2 ** 20 && mapGrown > 2 ** 20,
  },
])
