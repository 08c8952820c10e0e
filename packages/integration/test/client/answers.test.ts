// Answers in the server's place: proxies that are full, broken or strict, and refusals that are meant. No socket gets through.
import { describe, it } from 'vitest'
import type { Faults, ProxyAnswer } from '../../support/faultProxy'
import { Site } from '../../support/site'

const within = (timeout: number) => ({ timeout, interval: 10 })
const HTML = { 'Content-Type': 'text/html' }
const JSON_TYPE = { 'Content-Type': 'application/json' }
const PAGE = '<html><body>status: completed, progress: 100</body></html>'

const json = (status: number, code: string): ProxyAnswer => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify({ error: { code, message: 'no' } }),
})

/** All of the endpoint answers so; nothing of Socket.IO gets through. */
function allAnswer(answer: ProxyAnswer): Faults {
  return { block: 'socket.io', answer: ({ path }) => (path.startsWith('/api/progress') ? answer : undefined) }
}

describe.concurrent('somebody on the way', () => {
  const answers = [
    ['a 502 in HTML', { status: 502, headers: HTML, body: PAGE }],
    ['a 413 in HTML', { status: 413, headers: HTML, body: PAGE }],
    ['a 200 in HTML, as a login page is', { status: 200, headers: HTML, body: PAGE }],
    ['a 404 in HTML, which is nobody’s last word', { status: 404, headers: HTML, body: PAGE }],
    ['a 500 in JSON', json(500, 'HANDLER_ERROR')],
    ['HTML that claims to be JSON', { status: 200, headers: JSON_TYPE, body: PAGE }],
    ['HTML that claims to be a stream', { status: 200, headers: { 'Content-Type': 'text/event-stream' }, body: PAGE }],
  ] as const
  it.for(answers)(
    '35, 112: %s is no state and no end; the client says reconnecting',
    async ([, answer], { expect }) => {
      await using site = await Site.start()
      const id = site.session()
      site.proxy.faults = allAnswer(answer)
      const recorder = site.client()
      const watch = recorder.watch(id, { awaitMs: 100 })
      await expect.poll(() => site.proxy.asked('/api/progress').length, within(5_000)).toBeGreaterThan(2)
      expect(recorder.client.connection.status).toBe('reconnecting')
      expect(watch.state.status).toBe('waiting')
      site.proxy.faults = { block: 'socket.io' }
      await expect.poll(() => watch.state.status, within(8_000)).toBe('active')
      site.tracker.completeSession(id)
      expect((await watch.finished).status).toBe('completed')
      expect(recorder.endsOf(id)).toBe(1)
    },
  )

  it.for(['sse', 'poll'] as const)(
    '35, 112: a 429 is not asked again by %s before its time',
    async (way, { expect }) => {
      await using site = await Site.start()
      const id = site.session()
      const busy = { status: 429, headers: { ...HTML, 'Retry-After': '2' }, body: PAGE }
      site.proxy.faults = allAnswer(busy)
      const recorder = site.client({ transport: [way] })
      const watch = recorder.watch(id)
      await expect.poll(() => site.proxy.asked('/api/progress').length, within(5_000)).toBe(2)
      site.proxy.faults = {}
      await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
      const [first, second, third] = site.proxy.asked('/api/progress').map(({ at }) => at)
      expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(1_990)
      expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(1_990)
    },
  )
})

describe.concurrent('an answer that is meant', () => {
  const final = [
    ['a 404', json(404, 'NOT_FOUND')],
    ['a 410', json(410, 'GONE')],
  ] as const
  it.for(final)(
    '112: %s is final once the state was seen, and is never asked for again',
    async ([, answer], { expect }) => {
      await using site = await Site.start()
      const id = site.session()
      const recorder = site.client({ transport: ['poll'] })
      const watch = recorder.watch(id)
      await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
      site.proxy.faults = allAnswer(answer)
      site.proxy.resetAll() // or the request that waits for news would wait on
      expect(await watch.finished).toMatchObject({ status: 'gone', code: 'NOT_FOUND' })
      const asked = site.proxy.asked(`/api/progress/${id}`).length
      await site.quiet(1_500)
      expect(site.proxy.asked(`/api/progress/${id}`)).toHaveLength(asked)
    },
  )

  it.for(final)('112: %s is waited for as long as nothing was seen, and then final', async ([, answer], { expect }) => {
    await using site = await Site.start()
    site.proxy.faults = allAnswer(answer)
    const recorder = site.client({ transport: ['poll'] })
    const watch = recorder.watch('job', { awaitMs: 1_500 })
    await expect.poll(() => site.proxy.asked('/api/progress/job').length, within(3_000)).toBeGreaterThan(1)
    expect(watch.state.status).toBe('waiting')
    expect(await watch.finished).toMatchObject({ status: 'gone', code: 'NOT_FOUND' })
    const asked = site.proxy.asked('/api/progress/job').length
    await site.quiet(1_500)
    expect(site.proxy.asked('/api/progress/job')).toHaveLength(asked)
  })

  it('S0-70: nothing is asked for any more after the end', async ({ expect }) => {
    await using site = await Site.start()
    const id = site.session()
    const watch = site.client({ transport: ['poll'] }).watch(id)
    await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
    site.tracker.completeSession(id)
    await watch.finished
    const asked = site.proxy.requests.length
    await site.quiet(1_500)
    expect(site.proxy.requests).toHaveLength(asked)
  })

  it('112: a 401 that says EXPIRED asks for new credentials once, and goes on', async ({ expect }) => {
    const valid = new Set(['new'])
    await using site = await Site.start({
      authenticate: ({ token }) => (valid.has(token ?? '') ? { userId: 'ada' } : null),
    })
    const id = site.session()
    const tokens = ['old', 'new']
    let asked = 0
    site.proxy.faults = { answer: () => (asked === 1 ? json(401, 'EXPIRED') : undefined) }
    const recorder = site.client({ transport: ['poll'], auth: () => tokens[Math.min(asked++, 1)] ?? null })
    const watch = recorder.watch(id)
    await expect.poll(() => watch.state.status, within(3_000)).toBe('active')
    expect(site.proxy.requests.length).toBeGreaterThan(1)
    expect(recorder.statuses).not.toContain('refused')
  })

  it('112: a 401 for good is a refusal, and nothing is asked any more', async ({ expect }) => {
    await using site = await Site.start()
    site.proxy.faults = allAnswer(json(401, 'UNAUTHENTICATED'))
    const recorder = site.client()
    const watch = recorder.watch(site.session())
    await expect.poll(() => recorder.client.connection.status, within(5_000)).toBe('refused')
    expect(recorder.client.connection.refusal).toEqual({ code: 'UNAUTHENTICATED', message: 'no' })
    const asked = site.proxy.requests.length
    await site.quiet(1_500)
    expect(site.proxy.requests).toHaveLength(asked)
    expect(watch.state.status).toBe('waiting')
  })
})
