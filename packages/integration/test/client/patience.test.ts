// What takes a client its own time: to notice that a line is silent, and that messages are missing. In true time, all at once.
import { isServerEvent, type Snapshot } from '@progress/protocol'
import { io } from 'socket.io-client'
import { describe, it } from 'vitest'
import { Ledger } from '../../support/ledger'
import { Site } from '../../support/site'

const within = (timeout: number) => ({ timeout, interval: 20 })
/** The next comparison comes within 10 s, its answer is waited for 2 s, and a request takes a moment. */
const NOTICED_MS = 13_000
const TEST_MS = 40_000

describe.concurrent('a socket on which nothing arrives any more', () => {
  const holes = [
    ['12', 'both'],
    ['13', 'down'],
    ['13', 'up'],
  ] as const
  it.for(holes)(
    '%s: where bytes vanish (%s), another way is in use within 13 s, and a socket again after it',
    { timeout: TEST_MS },
    async ([, direction], { expect }) => {
      await using site = await Site.start()
      const id = site.session()
      const recorder = site.client()
      const watch = recorder.watch(id)
      await expect.poll(() => recorder.client.connection.status, within(5_000)).toBe('connected')
      await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
      // Beside it, without comparisons: a bare socket.io-client.
      const bare = io(site.url, { transports: ['websocket'], auth: { token: 'ada' }, forceNew: true })
      let heard: unknown
      bare.on('progress-update', ({ message }: Snapshot) => {
        heard = message
      })
      await bare.timeout(5_000).emitWithAck('join-progress', id, {})
      site.proxy.faults = { hole: { direction, path: '/socket.io' } }
      site.tracker.updateProgress(id, 10, 'into the hole')
      // Up alone: what is pushed still comes, but nobody can join or cancel.
      await expect.poll(() => recorder.client.connection.status, within(NOTICED_MS)).toBe('polling')
      await expect.poll(() => watch.state.message, within(3_000)).toBe('into the hole')
      if (direction !== 'up') expect([bare.connected, heard]).toEqual([true, undefined])
      bare.close()
      site.tracker.completeSession(id, 'done')
      expect((await watch.finished).status).toBe('completed')

      // What the hole held arrives now, late.
      const later = site.session()
      const next = recorder.watch(later)
      site.proxy.faults = {}
      await expect.poll(() => recorder.client.connection.status, within(15_000)).toBe('connected')
      await expect.poll(() => next.state.status, within(3_000)).toBe('active')
      expect(recorder.endsOf(id)).toBe(1)
    },
  )
})

describe.concurrent('a socket that hears, and is not heard', () => {
  it('13: is given up although states go on coming: what is asked for is not answered', { timeout: TEST_MS }, async ({
    expect,
  }) => {
    await using site = await Site.start()
    const [id, other] = [site.session(), site.session()]
    const recorder = site.client()
    const watch = recorder.watch(id)
    await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
    site.work(id, 200)
    site.proxy.faults = { hole: { direction: 'up', path: '/socket.io' } }
    const next = recorder.watch(other)
    // Two comparisons: the first is asked, and not answered before the second is due.
    await expect.poll(() => next.state.status, within(2 * NOTICED_MS)).toBe('active')
    expect(recorder.client.connection.status).toBe('polling')
  })
})

describe.concurrent('messages that come twice, out of order, or not at all', () => {
  const IDS = Array.from({ length: 20 }, (_, n) => `job-${n}`)
  it('18: are put right within the sync interval, with one end each', { timeout: TEST_MS }, async ({ expect }) => {
    // A heartbeat lets out what is held back to be overtaken.
    await using site = await Site.start({ io: { pingInterval: 500 } }, 18)
    site.proxy.faults = { mangle: { duplicate: true, reorder: true, dropShare: 0.2 } }
    for (const id of IDS) site.session(id)
    const recorder = site.client()
    const watches = IDS.map((id) => recorder.watch(id))
    await expect.poll(() => recorder.client.connection.status, within(5_000)).toBe('connected')
    const bare = new Ledger()
    recorder.client.socket.onAny((name: string, payload: Snapshot) => {
      if (isServerEvent(name) && 'epoch' in payload) bare.state(payload)
    })
    for (let step = 1; step <= 8; step++) {
      for (const id of IDS) site.tracker.updateProgress(id, step * 10, `step ${step}`)
      await new Promise((resolve) => setTimeout(resolve, 110)) // longer than the throttle: each is sent
    }
    for (const id of IDS) site.tracker.completeSession(id, 'done')
    await expect
      .poll(() => watches.map(({ state }) => state.message), within(NOTICED_MS))
      .toEqual(IDS.map(() => 'done'))
    expect(IDS.map((id) => recorder.endsOf(id))).toEqual(IDS.map(() => 1))
    expect(site.proxy.dropped).toBeGreaterThan(10)
    // Whoever takes what comes as it comes is shown old states.
    expect(bare.violations.length).toBeGreaterThan(10)
    expect(recorder.client.connection.status).toBe('connected')
  })
})
