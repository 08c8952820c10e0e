import type { TransportLink } from '@progress/protocol/wire'
import { describe, expect, it } from 'vitest'
import { type FakeRequest, httpRig } from './fakeFetch.test-kit'
import type { Answer, Ask, Requests } from './requests'

const NO_LINK: TransportLink = { send() {}, close() {} }

function rig(auth?: () => Promise<string | null>) {
  let requests: Requests | undefined
  const made = httpRig((parts) => {
    requests = parts.requests
    return NO_LINK
  }, auth)
  const ask = (what: Ask = { path: '/a' }, signal = new AbortController().signal): Promise<Answer> => {
    if (!requests) throw new Error('made above')
    return requests.ask(what, signal)
  }
  return { ...made, ask }
}

/** The answer to a request that was answered so. */
async function answered(respond: (request: FakeRequest) => void): Promise<Answer> {
  const { ask, settle, last, clock } = rig()
  const asked = ask()
  await settle()
  respond(last())
  const answer = await asked
  expect(clock.pending).toBe(0)
  return answer
}

function error(code: string, message = 'm') {
  return { error: { code, message } }
}

describe('112: what an answer means', () => {
  it.each<[string, (request: FakeRequest) => void, object]>([
    ['200', (r) => r.json({ a: 1 }), { type: 'ok', body: { a: 1 } }],
    ['304', (r) => r.send(null, 304), { type: 'same' }],
    ['404', (r) => r.json(error('NOT_FOUND'), { status: 404 }), { type: 'no', code: 'NOT_FOUND', message: 'm' }],
    ['410', (r) => r.json({}, { status: 410 }), { type: 'no', code: 'NOT_FOUND', message: '' }],
    ['400', (r) => r.json(error('BAD_REQUEST'), { status: 400 }), { type: 'no', code: 'BAD_REQUEST', message: 'm' }],
    [
      '409',
      (r) => r.json(error('NOT_CANCELLABLE'), { status: 409 }),
      { type: 'no', code: 'NOT_CANCELLABLE', message: 'm' },
    ],
    [
      '401',
      (r) => r.json(error('EXPIRED'), { status: 401 }),
      { type: 'failed', why: { code: 'EXPIRED', message: 'm' } },
    ],
    ['401 of a proxy', (r) => r.send('<html>', 401), { type: 'failed', why: { code: 'UNAUTHENTICATED', message: '' } }],
    [
      '403 with a code',
      (r) => r.json(error('FORBIDDEN_ORIGIN'), { status: 403 }),
      { type: 'failed', why: { code: 'FORBIDDEN_ORIGIN', message: 'm' } },
    ],
    ['403 of a proxy', (r) => r.send('<html>', 403), { type: 'failed', why: {} }],
    ['429', (r) => r.json(error('RATE_LIMITED'), { status: 429 }), { type: 'failed', why: {} }],
    [
      '429 with a wait',
      (r) => r.json(error('RATE_LIMITED'), { status: 429, headers: { 'retry-after': '7' } }),
      { type: 'failed', why: { retryAfterMs: 7_000 } },
    ],
    ['408', (r) => r.json({}, { status: 408 }), { type: 'failed', why: {} }],
    ['500', (r) => r.json(error('HANDLER_ERROR'), { status: 500 }), { type: 'failed', why: {} }],
    [
      '503 with a wait',
      (r) => r.send('', 503, { 'retry-after': '2' }),
      { type: 'failed', why: { retryAfterMs: 2_000 } },
    ],
    ['HTML with 200', (r) => r.send('<html>', 200, { 'content-type': 'text/html' }), { type: 'failed', why: {} }],
    ['HTML with 404', (r) => r.send('<html>', 404, { 'content-type': 'text/html' }), { type: 'failed', why: {} }],
    [
      'JSON that is none',
      (r) => r.send('{"a":', 200, { 'content-type': 'application/json' }),
      { type: 'failed', why: {} },
    ],
    ['no answer', (r) => r.fail(), { type: 'failed', why: { message: 'fetch failed' } }],
  ])('%s', async (_name, respond, meaning) => {
    expect(await answered(respond)).toMatchObject(meaning)
  })

  it.each([
    ['a day', '86400', 60_000],
    ['at once', '0', 0],
    ['a date', 'Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['a negative one', '-5', undefined],
    ['nonsense', 'soon', undefined],
  ])('35: Retry-After: %s', async (_name, header, ms) => {
    const answer = await answered((request) => request.send('', 503, { 'retry-after': header }))
    expect(answer).toEqual({ type: 'failed', why: ms === undefined ? {} : { retryAfterMs: ms } })
  })
})

describe('a request', () => {
  it('is given up after 5 s, or as long as it was given', async () => {
    const { ask, clock, settle, last } = rig()
    const asked = ask()
    await settle()
    await clock.advance(4_999)
    expect(last().isOpen).toBe(true)
    await clock.advance(1)
    expect((await asked).type).toBe('failed')
    const patient = ask({ path: '/a', withinMs: 25_000 })
    await clock.advance(24_999)
    expect(last().isOpen).toBe(true)
    await clock.advance(1)
    expect((await patient).type).toBe('failed')
    expect(clock.pending).toBe(0)
  })

  it('that is taken back is no failure', async () => {
    const { ask, clock, settle } = rig()
    const hungUp = new AbortController()
    const asked = ask({ path: '/a' }, hungUp.signal)
    await settle()
    hungUp.abort()
    expect([await asked, clock.pending]).toEqual([{ type: 'aborted' }, 0])
  })

  it('bears the token that `auth` gives, asked each time, and never in its address', async () => {
    let asked = 0
    const { ask, settle, requests } = rig(async () => `t${++asked}`)
    for (const _ of [1, 2]) void ask({ path: '/a', query: '?ids=a' })
    await settle()
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer t1', 'Bearer t2'])
    expect(requests.map(({ path }) => path)).toEqual(['/a?ids=a', '/a?ids=a'])
  })

  it('that no token can be had for has failed, and is no refusal', async () => {
    const { ask } = rig(async () => {
      throw new Error('offline')
    })
    expect(await ask()).toEqual({ type: 'failed', why: { message: 'offline' } })
  })

  it('is given up in time, also where `auth` never answers', async () => {
    const { ask, clock, requests } = rig(() => new Promise(() => {}))
    const asked = ask()
    await clock.advance(5_000)
    expect([await asked, requests.length, clock.pending]).toEqual([
      { type: 'failed', why: { message: 'it took too long' } },
      0,
      0,
    ])
  })

  it('35: leaves no connection behind for a page of a proxy that nobody reads', async () => {
    const { ask, settle, last } = rig()
    const asked = ask()
    await settle()
    last().send(new ReadableStream(), 502, { 'content-type': 'text/html' })
    expect([(await asked).type, last().init.signal?.aborted]).toEqual(['failed', true])
  })

  it('is never taken from a cache', async () => {
    const { ask, settle, last } = rig()
    void ask()
    await settle()
    expect(last().init).toMatchObject({ cache: 'no-store', credentials: 'include', method: 'GET' })
  })
})
