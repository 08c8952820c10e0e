// One viewer of ten has a very slow line: it sees less, and the others see nothing of it.
import { LIMITS } from '@progress/protocol/wire'
import { describe, expect, it } from 'vitest'
import { percentile } from '../../bench/measure'
import { FaultProxy } from '../../support/faultProxy'
import { Site } from '../../support/site'

const soon = { timeout: 10_000, interval: 10 }
/** As large as states may be: what is on the line itself is soon full. */
const BULK = Object.fromEntries(Array.from({ length: 19 }, (_, n) => [`key-${n}`, 'x'.repeat(198)]))
const IDS = Array.from({ length: 40 }, (_, n) => `job-${n}`)
const ROUNDS = 40
const PADDING = '👍'.repeat(470)

/** Sends rounds of large states of all sessions; answers how long each took to be shown to the nine. */
async function load(slowBytesPerSecond: number | undefined) {
  await using site = await Site.start()
  const slowLine = await FaultProxy.start(site.port)
  for (const id of IDS) site.tracker.createSessionWithId(id, BULK, { owner: 'ada' })
  const latencies: number[] = []
  const good = Array.from({ length: 9 }, () => site.client())
  const slow = site.client({ url: slowLine.url })
  const watches = [...good, slow].map((recorder) => IDS.map((id) => recorder.client.watch(id)))
  for (const of of watches.flat()) await expect.poll(() => of.state.status, soon).toBe('active')
  for (const { client } of good) {
    client.on('progress', ({ message }) => latencies.push(performance.now() - Number.parseFloat(message ?? '')))
  }
  let shown = 0
  slow.client.on('progress', () => {
    shown += 1
  })
  if (slowBytesPerSecond !== undefined) slowLine.faults = { shape: { bytesPerSecond: slowBytesPerSecond } }
  for (let round = 1; round <= ROUNDS; round++) {
    for (const id of IDS) site.tracker.updateProgress(id, round, `${performance.now()} ${PADDING}`)
    await site.quiet(LIMITS.throttleMs + 10)
  }
  slowLine.faults = {}
  for (const id of IDS) site.tracker.completeSession(id, 'done')
  for (const of of watches.flat()) expect((await of.finished).status).toBe('completed')
  expect(IDS.map((id) => slow.endsOf(id))).toEqual(IDS.map(() => 1))
  await slowLine.close()
  return { p99: percentile(latencies, 0.99), shown, sent: ROUNDS * IDS.length }
}

describe('ten viewers', () => {
  it('15: of which one has 1 kB/s: it is spared what its line cannot hold, and comes right; the others are as quick as ever', {
    timeout: 60_000,
  }, async () => {
    const equal = await load(undefined)
    const oneSlow = await load(1_000)
    expect(equal.shown).toBeGreaterThan(0.9 * equal.sent)
    expect(oneSlow.shown).toBeLessThan(0.9 * oneSlow.sent)
    expect(oneSlow.p99).toBeLessThan(2 * equal.p99 + 20)
  })
})
