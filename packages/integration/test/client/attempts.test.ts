// How often a server that nobody reaches is dialled, and when that is said. In true time.
import { describe, expect, it } from 'vitest'
import { Site } from '../../support/site'

describe('a server that nobody reaches', () => {
  it('S0-56, S0-57, S0-64: is dialled at 0, 1, 3, 7 and 15 s, then it is said', {
    timeout: 30_000,
  }, async () => {
    await using site = await Site.start()
    site.proxy.faults = { block: 'socket.io' }
    const recorder = site.client({ transport: ['socket'] })
    const failed: unknown[] = []
    let dialled = 0
    recorder.client.on('connectionFailed', (payload) => {
      failed.push(payload)
      dialled = dials().length
    })
    // Each dial tries a WebSocket first, and then to poll.
    const dials = () => site.proxy.asked('/socket.io').filter(({ isUpgrade }) => isUpgrade)
    await expect(recorder.client.connect()).rejects.toMatchObject({ code: 'NETWORK_ERROR' })
    await expect.poll(() => failed, { timeout: 25_000 }).toEqual([{}])
    expect(dialled).toBe(5)
    const waits = dials().map(({ at }, n, all) => at - (all[n - 1]?.at ?? at))
    for (const [n, ms] of [0, 1_000, 2_000, 4_000, 8_000].entries()) {
      expect(waits[n]).toBeGreaterThanOrEqual(0.79 * ms)
      expect(waits[n]).toBeLessThan(1.2 * ms + 500)
    }
    site.proxy.faults = {}
    await recorder.client.connect()
    expect(recorder.client.connection.status).toBe('connected')
    expect(failed).toHaveLength(1)
  })
})
