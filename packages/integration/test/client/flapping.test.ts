// A line that comes and goes fifty times, for a client whose clock runs fifty times as fast: its waits are as long as ever.
import { describe, expect, it, vi } from 'vitest'
import { Site } from '../../support/site'

type Wire = typeof import('@progress/protocol/wire')

vi.mock('@progress/protocol/wire', async (original) => ({
  ...(await original<Wire>()),
  systemClock: (await import('../../support/fastClock')).fastClock(50),
}))
// The server's time is the machine's.
vi.mock('@progress/protocol', async (original) => ({
  ...(await original<typeof import('@progress/protocol')>()),
  systemClock: (await vi.importActual<Wire>('@progress/protocol/wire')).systemClock,
}))

const soon = { timeout: 10_000, interval: 2 }

describe('a line that comes and goes', () => {
  it('108: fifty times: what is shown only grows, nothing is lost for good, and the end comes once', {
    timeout: 60_000,
  }, async () => {
    await using site = await Site.start()
    const id = site.session()
    const recorder = site.client()
    const watch = recorder.watch(id)
    for (let round = 1; round <= 50; round++) {
      site.proxy.faults = {}
      await expect.poll(() => recorder.client.connection.status, soon).toBe('connected')
      site.tracker.updateProgress(id, round, `push ${round}`)
      // Every other round it breaks before that has come.
      if (round % 2) await expect.poll(() => watch.state.message, soon).toBe(`push ${round}`)
      site.proxy.faults = { block: 'socket.io' }
      site.proxy.resetAll('/socket.io')
      await expect.poll(() => recorder.client.connection.status, soon).toBe('polling')
      site.tracker.updateProgress(id, round, `poll ${round}`)
      await expect.poll(() => watch.state.message, soon).toBe(`poll ${round}`)
    }
    site.tracker.completeSession(id, 'done')
    expect((await watch.finished).status).toBe('completed')
    site.proxy.faults = {}
    await expect.poll(() => recorder.client.connection.status, soon).toBe('connected')
    expect(recorder.endsOf(id)).toBe(1)
    const switches = recorder.statuses.filter((status) => status === 'connected').length
    expect(switches).toBeGreaterThan(50)
  })
})
