// Credentials that are missing, wrong, or run out while somebody watches.
import { describe, it } from 'vitest'
import { Site } from '../../support/site'

const within = (timeout: number) => ({ timeout, interval: 10 })
const WAYS = [
  { by: 'socket', transport: ['socket'] },
  { by: 'sse', transport: ['sse'] },
  { by: 'poll', transport: ['poll'] },
  { by: 'whatever gets through', transport: ['socket', 'sse', 'poll'] },
] as const

describe.concurrent('somebody without a login', () => {
  it.for(WAYS)('S0-5: is refused by $by, is told why, and does not try again', async ({ transport }, { expect }) => {
    await using site = await Site.start()
    const { client } = site.client({ transport, auth: () => null })
    await expect(client.connect()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(client.connection).toMatchObject({ status: 'refused', refusal: { code: 'UNAUTHENTICATED' } })
    const asked = site.proxy.requests.length
    await site.quiet(2_500)
    expect(site.proxy.requests).toHaveLength(asked)
  })

  it('S0-5: may connect again once there is one', async ({ expect }) => {
    await using site = await Site.start()
    let token: string | null = null
    const recorder = site.client({ auth: () => token })
    const watch = recorder.watch(site.session())
    await expect.poll(() => recorder.client.connection.status, within(3_000)).toBe('refused')
    token = 'ada'
    await recorder.client.connect()
    await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
  })

  it('S0-53: credentials that cannot be had are a dial that failed, and are asked for again', async ({ expect }) => {
    await using site = await Site.start()
    let isThere = false
    const recorder = site.client({
      auth: () => (isThere ? Promise.resolve('ada') : Promise.reject(new Error('the login server is down'))),
    })
    const watch = recorder.watch(site.session())
    await expect(recorder.client.connect()).rejects.toThrow('the login server is down')
    expect(recorder.client.connection.status).toBe('reconnecting')
    isThere = true
    await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
  })
})

describe.concurrent('a login that runs out', () => {
  /** Tokens are `ada@` and when they end. */
  const token = (ms: number) => `ada@${Date.now() + ms}`
  const byToken = ({ token: shown = '' }: { token?: string }) => {
    const [userId = '', until] = shown.split('@')
    return until === undefined ? null : { userId, expiresAt: Number(until) }
  }

  it.for(WAYS)(
    'by $by: new credentials are asked for, and nothing that happens meanwhile is missed',
    async ({ transport }, { expect }) => {
      await using site = await Site.start({ authenticate: byToken })
      const id = site.session()
      let asked = 0
      const recorder = site.client({
        transport,
        auth: () => {
          asked += 1
          return token(asked === 1 ? 500 : 60_000)
        },
      })
      const watch = recorder.watch(id)
      await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
      const before = asked
      const work = site.work(id, 100)
      await expect.poll(() => asked, within(8_000)).toBeGreaterThan(before)
      const reached = work.step()
      await expect.poll(() => Number(watch.state.message), within(3_000)).toBeGreaterThan(reached)
      work.stop()
      site.tracker.completeSession(id)
      expect((await watch.finished).status).toBe('completed')
      expect(recorder.endsOf(id)).toBe(1)
      expect(recorder.statuses).not.toContain('refused')
    },
  )

  it('for good: the new credentials are no better, and that is a refusal', async ({ expect }) => {
    await using site = await Site.start({ authenticate: byToken })
    const stale = token(500)
    const recorder = site.client({ auth: () => stale })
    const watch = recorder.watch(site.session())
    await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
    await expect.poll(() => recorder.client.connection.status, within(5_000)).toBe('refused')
    const asked = site.proxy.requests.length
    await site.quiet(2_500)
    expect(site.proxy.requests).toHaveLength(asked)
  })
})
