// "Not there" and "not yours" take equally long: 10,000 of each in turns, medians beside each other.
import { ProgressTracker, type ServeOptions, serveProgress } from '@progress/server'
import { describe, expect, it } from 'vitest'
import { median } from '../bench/measure'
import { RealServer } from '../support/realServer'

const SAMPLES = 10_000
const NOT_MORE_MS = 0.2
const NOT_MORE = 0.05

/** Asks for both in turns; answers how far apart the medians are, in milliseconds and as a share. */
async function apart(ask: (id: string) => Promise<unknown>, samples = SAMPLES): Promise<{ ms: number; share: number }> {
  const times: Record<'foreign' | 'unknown', number[]> = { foreign: [], unknown: [] }
  for (let n = 0; n < samples + 500; n++) {
    for (const id of n % 2 ? (['foreign', 'unknown'] as const) : (['unknown', 'foreign'] as const)) {
      const start = performance.now()
      await ask(id)
      if (n >= 500) times[id].push(performance.now() - start) // the first ones only warm up
    }
  }
  const ms = Math.abs(median(times.foreign) - median(times.unknown))
  return { ms, share: ms / median(times.unknown) }
}

function isAlike({ ms, share }: { ms: number; share: number }): boolean {
  return ms < NOT_MORE_MS || share < NOT_MORE
}

function polled(options: Partial<ServeOptions> = {}) {
  const tracker = new ProgressTracker()
  tracker.createSessionWithId('foreign', {}, { owner: 'ada' })
  const limits = { commandsPerMinute: 1_000_000 }
  return serveProgress(tracker, { authenticate: () => ({ userId: 'bob' }), limits, ...options })
}

describe('75: whether an id is somebody’s', () => {
  it('cannot be told from the time of a poll', async () => {
    await using progress = polled()
    const ask = async (id: string) => (await progress.fetch(new Request(`http://host/api/progress/${id}`))).text()
    expect(isAlike(await apart(ask))).toBe(true)
  }, 60_000)

  it('cannot be told from the time of a join', async () => {
    const server = await RealServer.start({ limits: { commandsPerMinute: 1_000_000 } })
    server.tracker.createSessionWithId('foreign', {}, { owner: 'ada' })
    const bob = await server.connect('bob')
    expect(isAlike(await apart((id) => bob.emitWithAck('join-progress', id, {})))).toBe(true)
    await server.close()
  }, 60_000)

  it('could be told where a rule dawdled over what is there', async () => {
    const dawdle = (): boolean => {
      for (const end = performance.now() + 1; performance.now() < end; );
      return false
    }
    await using progress = polled({ authorize: dawdle })
    const ask = async (id: string) => (await progress.fetch(new Request(`http://host/api/progress/${id}`))).text()
    expect(isAlike(await apart(ask, 500))).toBe(false)
  })
})
