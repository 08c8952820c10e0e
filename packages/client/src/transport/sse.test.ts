import { describe, expect, it, vi } from 'vitest'
import { state } from '../clientRig.test-kit'
import { type FakeRequest, type HttpRig, httpRig } from './fakeFetch.test-kit'
import { SseLink } from './sse'

const SSE = { 'content-type': 'text/event-stream; charset=utf-8' }

/** Answers a request with a stream, which the test writes to. */
function streamTo(request: FakeRequest) {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start(made) {
      controller = made
    },
  })
  request.init.signal?.addEventListener('abort', () => controller?.error(new DOMException('aborted', 'AbortError')))
  request.send(body, 200, SSE)
  const write = (text: string): void => controller?.enqueue(new TextEncoder().encode(text))
  return {
    write,
    say: (name: string, payload: unknown): void => write(`event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`),
    end: (): void => controller?.close(),
  }
}

function rig(): HttpRig<SseLink> {
  return httpRig((parts, listener) => new SseLink(parts, listener))
}

/** A link that follows these by a stream that stands. */
async function streaming(...ids: string[]) {
  const made = rig()
  const answer = vi.fn()
  for (const id of ids) made.link.send('join-progress', [id], answer)
  await made.settle()
  const stream = streamTo(made.last())
  stream.write('retry: 1000\n\n')
  await made.settle()
  return { ...made, answer, stream }
}

describe('one stream', () => {
  it('for all that is followed', async () => {
    const { requests, stream, answer, told, settle } = await streaming('a', 'b')
    expect(requests.map(({ path }) => path)).toEqual(['/events?ids=a,b'])
    expect(requests[0]?.headers.get('accept')).toBe('text/event-stream')
    stream.say('progress-status', state(1))
    stream.say('progress-update', state(2))
    stream.say('progress-status', state(1, { sessionId: 'b' }))
    stream.say('progress-complete', state(3, { status: 'completed' }))
    await settle()
    expect(answer.mock.calls.map(([{ status }]) => status.sessionId)).toEqual(['a', 'b'])
    expect(told).toEqual([
      ['opened'],
      ['progress-update', state(2)],
      ['progress-complete', state(3, { status: 'completed' })],
    ])
  })

  it('what is followed anew begins a new one, from where the old one was', async () => {
    const { link, requests, stream, open, settle, told } = await streaming('a')
    stream.say('progress-status', state(7))
    await settle()
    link.send('join-progress', ['b'], () => {})
    link.send('join-progress', ['c'], () => {})
    await settle()
    expect(requests.map(({ path }) => path)).toEqual(['/events?ids=a', `/events?ids=a,b,c&since=a@${state(7).epoch}.7`])
    expect([open().length, requests[0]?.init.signal?.aborted, told]).toEqual([1, true, [['opened']]])
  })

  it('G8: a query has a bound: beyond it positions are left out', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `${index}-`.padEnd(64, 'x'))
    const { link, stream, last, settle } = await streaming(...ids)
    for (const sessionId of ids) stream.say('progress-status', state(1, { sessionId }))
    await settle()
    link.send('leave-progress', [ids[0] ?? ''])
    link.send('join-progress', ['a'], () => {})
    await settle()
    const { path } = last()
    expect(path.length).toBeLessThanOrEqual(8_000 + '/events'.length)
    expect(path.match(/since=/g)?.length).toBeGreaterThan(5)
  })

  it('what is gone answers the join, or is an event; output and my own are events', async () => {
    const { link, stream, answer, told, settle } = await streaming('a')
    stream.say('progress-gone', { sessionId: 'a', code: 'NOT_FOUND' })
    stream.say('progress-gone', { sessionId: 'a', code: 'NOT_FOUND' })
    stream.say('progress-log', { sessionId: 'a', from: 0, lines: [] })
    stream.say('progress-batch', { sessions: [] })
    await settle()
    expect(answer.mock.calls).toEqual([[{ error: { code: 'NOT_FOUND', message: '' } }]])
    expect(told.map(([what]) => what)).toEqual(['opened', 'progress-gone', 'progress-log', 'progress-batch'])
    link.close()
  })

  it('35: what is no event is passed over', async () => {
    const { stream, told, answer, settle, clock } = await streaming('a')
    for (const text of ['{', 'null', '7', '"x"', '[]', '{}']) stream.write(`event: progress-status\ndata: ${text}\n\n`)
    stream.say('progress-bye', {})
    stream.say('progress-gone', { sessionId: 'a' })
    stream.say('odd', {})
    await settle()
    expect([told, answer.mock.calls]).toEqual([[['opened']], []])
    stream.end()
    await settle()
    expect(told.at(-1)).toEqual(['closed', { message: 'the stream ended' }])
    expect(clock.pending).toBe(0)
  })
})

describe('the end of a stream', () => {
  it('says what the server said last', async () => {
    const { stream, told, settle } = await streaming('a')
    stream.say('progress-bye', { code: 'DRAINING', retryAfterMs: 1_000 })
    stream.end()
    await settle()
    expect(told.at(-1)).toEqual(['closed', { code: 'DRAINING', retryAfterMs: 1_000 }])
  })

  it('12: comes after 35 s without any word; a heartbeat is one', async () => {
    const { stream, told, clock, settle, open } = await streaming('a')
    for (let count = 0; count < 5; count++) {
      await clock.advance(34_999)
      stream.write(': beat\n\n')
      await settle()
    }
    expect(told).toEqual([['opened']])
    await clock.advance(35_000)
    expect(told.at(-1)).toEqual(['closed', { message: 'the stream is silent' }])
    expect([clock.pending, open().length]).toEqual([0, 0])
  })

  it('is none where everything was left: the link stands, and nothing waits', async () => {
    const { link, told, clock, settle, requests } = await streaming('a')
    link.send('leave-progress', ['a'])
    await clock.advance(600_000)
    expect([told, clock.pending, requests[0]?.init.signal?.aborted]).toEqual([[['opened']], 0, true])
    link.send('join-progress', ['b'], () => {})
    await settle()
    expect(requests.at(-1)?.path).toBe('/events?ids=b')
  })

  it('is none where a word was under way when all was left', async () => {
    for (let turns = 0; turns < 30; turns++) {
      const { link, stream, told, clock, settle } = await streaming('a')
      stream.write(': beat\n\n')
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      link.send('leave-progress', ['a'])
      await settle()
      expect([told, clock.pending]).toEqual([[['opened']], 0])
    }
  })

  it('is none where my own were left', async () => {
    const { link, told, clock, settle, last, requests } = rig()
    link.send('list-progress', [{ watch: true }], () => {})
    await settle()
    const stream = streamTo(requests.find(({ path }) => path === '/events?mine=1') ?? last())
    stream.write(':\n\n')
    requests.find(({ path }) => path === '')?.json({ sessions: [] })
    await settle()
    link.send('list-progress', [{ watch: false }], () => {})
    await clock.advance(600_000)
    expect([told, clock.pending]).toEqual([[['opened']], 0])
  })

  it('109: what comes after hanging up is not heard', async () => {
    const { link, stream, told, answer, settle, clock } = await streaming('a')
    link.close()
    try {
      stream.say('progress-status', state(1))
    } catch {
      // the stream was cut
    }
    await settle()
    expect([told, answer.mock.calls, clock.pending]).toEqual([[['opened']], [], 0])
  })
})

describe('what is no stream', () => {
  it.each<[string, (request: FakeRequest) => void, object]>([
    ['HTML', (r) => r.send('<html>', 200, { 'content-type': 'text/html' }), {}],
    ['JSON', (r) => r.json({}), { message: 'the endpoint serves no stream' }],
    [
      '404',
      (r) => r.json({ error: { code: 'NOT_FOUND', message: '' } }, { status: 404 }),
      { message: 'the endpoint serves no stream' },
    ],
    [
      '401',
      (r) => r.json({ error: { code: 'EXPIRED', message: 'm' } }, { status: 401 }),
      { code: 'EXPIRED', message: 'm' },
    ],
    ['429', (r) => r.json({}, { status: 429, headers: { 'retry-after': '3' } }), { retryAfterMs: 3_000 }],
    ['502 of a proxy', (r) => r.send('<html>', 502), {}],
    [
      'a line without an end',
      (r) => r.send('x'.repeat(1_000_001), 200, SSE),
      { message: 'the endpoint serves no stream' },
    ],
    ['no answer', (r) => r.fail(), { message: 'fetch failed' }],
  ])('35, 112: %s closes the link', async (_name, respond, why) => {
    const { link, last, settle, told, clock } = rig()
    link.send('join-progress', ['a'], () => {})
    await settle()
    respond(last())
    await settle()
    expect([told.at(-1), clock.pending]).toEqual([['closed', why], 0])
  })
})

describe('questions beside the stream', () => {
  it('go one after the other', async () => {
    const { link, open, last, settle } = await streaming('a')
    const answer = vi.fn()
    link.send('cancel-progress', ['a', 'why'], answer)
    link.send('sync-progress', [{ a: 'p' }, { mine: true }], answer)
    await settle()
    expect([open().length, last().method, last().path]).toEqual([1, 'DELETE', '/a?reason=why'])
    last().json({ success: true })
    await settle()
    expect([open().length, last().path]).toEqual([1, '?ids=a'])
    last().json({ snapshots: [state(1)], gone: [{ sessionId: 'b', code: 'NOT_FOUND' }, null] })
    await settle()
    last().json({ sessions: [state(2)] })
    await settle()
    expect(answer.mock.calls).toEqual([
      [{ success: true }],
      [{ success: true, snapshots: [state(1), state(2)], gone: [{ sessionId: 'b', code: 'NOT_FOUND' }] }],
    ])
  })

  it('a refusal of one is its answer', async () => {
    const { link, last, settle, told } = await streaming('a')
    const answer = vi.fn()
    link.send('cancel-progress', ['a'], answer)
    await settle()
    last().json({ error: { code: 'NOT_CANCELLABLE', message: 'No.' } }, { status: 409 })
    await settle()
    expect([answer.mock.calls, told]).toEqual([
      [[{ error: { code: 'NOT_CANCELLABLE', message: 'No.' } }]],
      [['opened']],
    ])
  })

  it('where nothing is followed it knocks once, and stands', async () => {
    const { requests, last, settle, told, clock } = rig()
    await settle()
    last().json({ snapshots: [], gone: [] })
    await settle()
    expect([told, requests.length, clock.pending]).toEqual([[['opened']], 1, 0])
  })
})
