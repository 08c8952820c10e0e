import { ERRORS, type KnownCode, LIMITS, positionOf, Refusal, Snapshot } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { SlidingWindow } from '../guards/rateLimit'
import { rig } from './http.test-support'

const refused = (code: KnownCode) => ({ error: { code, message: ERRORS[code].sentence } })

describe('GET /:id', () => {
  it('answers the snapshot, its position as ETag, and when to ask again', async () => {
    // S0-69
    const { tracker, ask } = rig()
    const id = tracker.createSession({ operation: 'import' }, { owner: 'ada' })
    tracker.updateProgress(id, 40, 'Reading')
    const response = await ask(`/${id}`)
    const snapshot = Snapshot.parse(await response.json())
    expect(response.status).toBe(200)
    expect(snapshot).toMatchObject({ sessionId: id, progress: 40, message: 'Reading' })
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'private, no-store',
      'content-type': 'application/json; charset=utf-8',
      etag: `"${positionOf(snapshot)}"`,
      vary: 'Cookie, Authorization',
      'x-content-type-options': 'nosniff',
      'x-progress-interval': '1000',
    })
  })

  it('answers 304 to who has it, and 200 again after a change', async () => {
    // reliability.md 10
    const { tracker, ask } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const etag = (await ask(`/${id}`)).headers.get('etag') ?? ''
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await ask(`/${id}`, 'ada', { headers: { 'if-none-match': tag } })
      expect([response.status, await response.text()]).toEqual([304, ''])
      expect(response.headers.get('etag')).toBe(etag)
    }
    tracker.updateProgress(id, 1)
    expect((await ask(`/${id}`, 'ada', { headers: { 'if-none-match': etag } })).status).toBe(200)
  })

  it('answers 304 where `since` is not older than the state', async () => {
    const { tracker, ask } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const since = (await ask(`/${id}`)).headers.get('etag')?.slice(1, -1)
    expect((await ask(`/${id}?since=${since}`)).status).toBe(304)
    tracker.updateProgress(id, 1)
    expect((await ask(`/${id}?since=${since}`)).status).toBe(200)
  })

  it('answers the end as long as it is kept, longer than the tracker keeps the session', async () => {
    // S0-34, S0-70
    const { tracker, ask, clock } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    tracker.completeSession(id, 'Done')
    await clock.advance(60_000)
    expect(tracker.getSession(id)).toBeNull()
    expect(await (await ask(`/${id}`)).json()).toMatchObject({ status: 'completed', message: 'Done' })
    await clock.advance(15 * 60_000)
    expect((await ask(`/${id}`)).status).toBe(404)
  })

  it('never shows two states under one position', async () => {
    const { tracker, ask } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const seen = new Map<string | null, string>()
    for (let progress = 0; progress < 20; progress++) {
      tracker.updateProgress(id, progress)
      const response = await ask(`/${id}`)
      seen.set(response.headers.get('etag'), await response.text())
    }
    expect(seen.size).toBe(20)
  })
})

describe('GET /?ids=', () => {
  it('answers what is there, and what is gone', async () => {
    const { tracker, ask } = rig()
    const mine = tracker.createSession({}, { owner: 'ada' })
    const foreign = tracker.createSession({}, { owner: 'bob' })
    const response = await ask(`/?ids=${mine},${foreign},unknown`)
    expect(await response.json()).toEqual({
      success: true,
      snapshots: [expect.objectContaining({ sessionId: mine })],
      gone: [
        { sessionId: foreign, code: 'NOT_FOUND' },
        { sessionId: 'unknown', code: 'NOT_FOUND' },
      ],
    })
  })
})

describe('GET /', () => {
  it("answers the caller's own, and nobody else's", async () => {
    const { tracker, ask } = rig()
    const mine = [tracker.createSession({}, { owner: 'ada' }), tracker.createSession({}, { owner: 'ada' })]
    tracker.createSession({}, { owner: 'bob' })
    tracker.createSession({})
    const { success, sessions } = await (await ask('/')).json()
    expect(success).toBe(true)
    expect(sessions.map(({ sessionId }: Snapshot) => sessionId).sort()).toEqual(mine.sort())
    expect(await (await ask('', 'cyd')).json()).toEqual({ success: true, sessions: [] })
  })
})

describe('DELETE /:id', () => {
  it('asks the job to stop, with the reason', async () => {
    const { tracker, ask } = rig()
    const run = tracker.run('import', { owner: 'ada' }, (task) => {
      return new Promise((_, reject) => task.signal.addEventListener('abort', () => reject(task.signal.reason)))
    })
    const response = await ask(`/${run.id}?reason=wrong%20file`, 'ada', { method: 'DELETE' })
    expect([response.status, await response.json()]).toEqual([200, { success: true }])
    await run.catch(() => {})
    expect(tracker.getSession(run.id)?.status).toBe('cancelled')
  })

  it.each([
    ['ended', 'NOT_CANCELLABLE'],
    ['not cancellable', 'NOT_CANCELLABLE'],
    ['foreign', 'NOT_FOUND'],
    ['unknown', 'NOT_FOUND'],
  ] as const)('refuses one that is %s', async (which, code) => {
    const { tracker, ask } = rig()
    const ids = {
      ended: tracker.createSession({}, { owner: 'ada' }),
      'not cancellable': tracker.createSession({}, { owner: 'ada' }),
      foreign: tracker.createSession({}, { owner: 'bob' }),
      unknown: 'unknown',
    }
    tracker.completeSession(ids.ended)
    const response = await ask(`/${ids[which]}`, 'ada', { method: 'DELETE' })
    expect([response.status, await response.json()]).toEqual([ERRORS[code].httpStatus, refused(code)])
  })
})

describe('GET /health', () => {
  it('is for anybody, and says one word', async () => {
    const { ask, node, clock, http } = rig()
    expect(await (await ask('/health', null)).json()).toEqual({ status: 'ok' })
    node.signals.tell('store-failed', { where: 'put', cause: new Error('redis at 10.0.0.7 is away') })
    expect(await (await ask('/health', null)).json()).toEqual({ status: 'degraded' })
    await clock.advance(10_000)
    expect(await (await ask('/health', null)).json()).toEqual({ status: 'ok' })
    http.close()
    const response = await ask('/health', null)
    expect([response.status, await response.json()]).toEqual([503, { status: 'draining' }])
  })
})

describe('what is refused', () => {
  it.each([
    ['GET', '/a%20b', 'BAD_REQUEST'],
    ['GET', '/%', 'BAD_REQUEST'],
    ['GET', '/%00', 'BAD_REQUEST'],
    ['GET', '/__proto__', 'BAD_REQUEST'],
    ['GET', '/constructor', 'BAD_REQUEST'],
    ['GET', '/toString', 'NOT_FOUND'],
    ['GET', `/${'x'.repeat(65)}`, 'BAD_REQUEST'],
    ['GET', '/abc?wait=21', 'BAD_REQUEST'],
    ['GET', '/abc?since=NaN', 'BAD_REQUEST'],
    ['GET', '/?ids=', 'BAD_REQUEST'],
    ['GET', '/events', 'BAD_REQUEST'],
    ['GET', '/events?ids=a&since=b', 'BAD_REQUEST'],
    ['DELETE', `/abc?reason=${'x'.repeat(201)}`, 'BAD_REQUEST'],
    ['GET', '/a/b', 'NOT_FOUND'],
    ['POST', '/abc', 'METHOD_NOT_ALLOWED'],
    ['PUT', '/', 'METHOD_NOT_ALLOWED'],
    ['DELETE', '/events', 'METHOD_NOT_ALLOWED'],
    ['PATCH', '/health', 'METHOD_NOT_ALLOWED'],
  ] as const)('%s %s: %s', async (method, path, code) => {
    // reliability.md 44
    const { ask, signals } = rig()
    const response = await ask(path, 'ada', { method })
    const body = Refusal.parse(await response.json())
    expect([response.status, body]).toEqual([ERRORS[code].httpStatus, refused(code)])
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    if (code === 'METHOD_NOT_ALLOWED') expect(response.headers.get('allow')).toContain('GET, HEAD')
    expect(signals).toEqual([])
  })

  it('is limited per caller, and says when to come back', async () => {
    // S1-21
    const clocks = rig()
    const window = new SlidingWindow(clocks.clock, 2, 60_000)
    const { ask } = rig({ parts: { limit: ({ userId }) => window.take(userId) } })
    expect([(await ask('/')).status, (await ask('/')).status]).toEqual([200, 200])
    const response = await ask('/')
    expect([response.status, await response.json()]).toEqual([429, refused('RATE_LIMITED')])
    expect(response.headers.get('retry-after')).toBe('60')
    expect((await ask('/', 'bob')).status).toBe(200)
    expect((await ask('/health')).status).toBe(200)
  })

  it('twin: uncounted, all of them are answered', async () => {
    const { ask } = rig()
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => ask('/')))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('is one more stream than a user may have', async () => {
    const { ask, listen, http, settle } = rig({ parts: { streamsPerUser: 2 } })
    const [first] = [await listen('/events?ids=a'), await listen('/events?ids=a')]
    const response = await ask('/events?ids=a')
    expect([response.status, await response.json()]).toEqual([429, refused('LIMIT')])
    expect((await ask('/events?ids=a', 'bob')).status).toBe(200)
    first?.leave()
    await settle()
    expect((await ask('/events?ids=a')).status).toBe(200)
    expect(http.openStreams).toBe(3)
  })

  it('twin: without a bound, as many streams as are asked for', async () => {
    const { listen, http } = rig({ parts: { streamsPerUser: Number.POSITIVE_INFINITY } })
    for (let n = 0; n < 50; n++) await listen('/events?ids=a')
    expect(http.openStreams).toBe(50)
    http.close()
  })
})

describe('a backend that fails', () => {
  it('25, 81: makes the answer 503, a signal, and nothing else', async () => {
    const { ask, node, named } = rig()
    const cause = new Error('READONLY You can not write against a read only replica at /var/lib/redis')
    node.backend.get = () => Promise.reject(cause)
    node.backend.listByOwner = () => Promise.reject(cause)
    for (const path of ['/abc', '/abc?wait=1', '/?ids=a,b', '/']) {
      const response = await ask(path)
      expect([path, response.status, await response.json()]).toEqual([path, 503, refused('UNAVAILABLE')])
      expect(response.headers.get('retry-after')).toBe('1')
    }
    expect((await ask('/abc', 'ada', { method: 'DELETE' })).status).toBe(503)
    expect(named('store-failed')).toHaveLength(5)
    expect(named('store-failed')[0]).toMatchObject({ cause })
  })

  it('makes it 503 after 2 seconds where it hangs', async () => {
    const { ask, node, clock, timersLeft } = rig()
    node.backend.get = () => new Promise(() => {})
    const asked = ask('/abc')
    await clock.advance(2_000)
    expect((await asked).status).toBe(503)
    expect(timersLeft()).toBe(0)
  })
})

describe('what the app passed in', () => {
  it('81: may throw: the answer is a plain refusal, and the cause stays here', async () => {
    const cause = new Error('no such table: sessions')
    const { ask, named } = rig({
      parts: {
        isAllowed: () => {
          throw cause
        },
      },
    })
    const response = await ask('/abc')
    expect([response.status, await response.json()]).toEqual([500, refused('HANDLER_ERROR')])
    expect(named('handler-failed')).toEqual([{ name: 'handler-failed', where: 'http', cause }])
  })
})

describe('HEAD and OPTIONS', () => {
  it('HEAD answers as GET does, without a body', async () => {
    const { tracker, ask, http } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    for (const path of [`/${id}`, '/unknown', '/', '/health', `/?ids=${id}`]) {
      const [head, get] = [await ask(path, 'ada', { method: 'HEAD' }), await ask(path)]
      expect([head.status, Object.fromEntries(head.headers)]).toEqual([get.status, Object.fromEntries(get.headers)])
      expect(await head.text()).toBe('')
    }
    const events = await ask('/events?ids=a', 'ada', { method: 'HEAD' })
    expect([events.status, events.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect([await events.text(), http.openStreams]).toEqual(['', 0])
  })

  it('64: OPTIONS says what is served, and nothing of CORS', async () => {
    const { ask } = rig()
    const allowed = async (path: string) => (await ask(path, null, { method: 'OPTIONS' })).headers.get('allow')
    expect(await allowed('/abc')).toBe('GET, HEAD, DELETE, OPTIONS')
    expect(await allowed('/')).toBe('GET, HEAD, OPTIONS')
    const response = await ask('/abc', null, { method: 'OPTIONS', headers: { origin: 'https://evil.test' } })
    expect(response.status).toBe(204)
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

it('the interval that is suggested is the one of the protocol', () => {
  expect(LIMITS.pollIntervalMs).toBe(1_000)
})
