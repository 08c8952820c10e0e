// The same requests to Express 5, Express 4, `node:http` and fetch: each is answered in the same way, to the byte.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { ERRORS, isKnownCode, Refusal, Snapshot } from '@progress/protocol'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Answer, type Face, httpFaces, type Sent } from '../support/httpFaces'

const LONG = 'x'.repeat(8_300)
const TOO_MANY = Array.from({ length: 101 }, (_, i) => `id-${i}`).join()
const POSITION = '0mjuohs00-00000000.1'

/** As who, or what else is sent. */
type Extra = { readonly user?: string | null; readonly headers?: Record<string, string> }
type Row = readonly [request: string, status: number, extra?: Extra]

const GOOD: readonly Row[] = [
  ['GET /mine-1', 200],
  ['GET /mine-1/', 200],
  ['HEAD /mine-1', 200],
  ['GET /mine%2D1', 200],
  ['GET /ended-1', 200],
  ['GET /failed-1', 200],
  ['GET /open-1', 200],
  ['GET /open-1', 200, { user: 'bob' }],
  ['GET /mine-1?utm_source=mail', 200],
  ['GET /mine-1?wait=0', 200],
  ['GET /mine-1?wait=20', 200],
  [`GET /mine-1?wait=20&since=${POSITION.replace('0mj', '000')}`, 200],
  ['GET /mine-1', 304, { headers: { 'if-none-match': '*' } }],
  ['GET /mine-1', 200, { headers: { 'if-none-match': '"other", W/"another"' } }],
  ['GET /mine-1', 200, { headers: { accept: 'image/png;q=0,,;=' } }],
  ['GET /mine-1', 200, { headers: { range: 'bytes=0-4' } }],
  ['GET /mine-1', 200, { headers: { origin: 'http://app.test' } }],
  ['GET /mine-1', 200, { headers: { 'sec-fetch-site': 'same-origin' } }],
  ['GET /?ids=mine-1,ended-1,foreign-1,unknown', 200],
  ['GET ?ids=mine-1', 200],
  ['GET /', 200],
  ['GET ', 200],
  ['HEAD /', 200],
  ['GET /', 200, { user: 'cyd' }],
  ['GET /health', 200, { user: null }],
  ['HEAD /health', 200, { user: null }],
  ['OPTIONS /mine-1', 204, { user: null }],
  ['OPTIONS /', 204, { user: null, headers: { origin: 'https://evil.test' } }],
  ['OPTIONS /events', 204, { user: null }],
  ['HEAD /events?ids=mine-1', 200],
]

const BAD: readonly Row[] = [
  ['GET /mine-1', 401, { user: null }],
  ['GET /mine-1', 401, { user: 'nobody' }],
  ['GET /mine-1?token=ada', 401, { user: null }],
  ['GET /', 401, { user: null }],
  ['GET /events?ids=mine-1', 401, { user: null }],
  ['DELETE /mine-1', 401, { user: null }],
  ['GET /mine-1', 403, { headers: { origin: 'https://evil.test' } }],
  ['GET /mine-1', 403, { headers: { origin: 'null' } }],
  ['GET /mine-1', 403, { headers: { origin: 'http://app.test.evil.test' } }],
  ['GET /mine-1', 403, { headers: { 'sec-fetch-site': 'cross-site' } }],
  ['DELETE /mine-1', 403, { headers: { origin: 'https://evil.test' } }],
  ['GET /unknown', 404],
  ['GET /foreign-1', 404],
  ['HEAD /foreign-1', 404],
  ['DELETE /foreign-1', 404],
  ['DELETE /unknown', 404],
  ['GET /__proto__', 400],
  ['GET /toString', 404],
  ['DELETE /ended-1', 409],
  ['DELETE /mine-1', 409],
  ['DELETE /open-1', 409],
  ['GET /%', 400],
  ['GET /%00', 400],
  ['GET /%E0%A4%A', 400],
  ['GET /a%20b', 400],
  ['GET /a%2Fb', 400],
  ['GET /%3Cscript%3E', 400],
  [`GET /${'x'.repeat(65)}`, 400],
  ['GET /mine-1?wait=21', 400],
  ['GET /mine-1?wait=-1', 400],
  ['GET /mine-1?wait=NaN', 400],
  ['GET /mine-1?wait=1&wait=2', 400],
  ['GET /mine-1?since=NaN', 400],
  ['GET /mine-1?since=-1', 400],
  ["GET /mine-1?since='1;DROP", 400],
  ['GET /mine-1?since=0mjuohs00-00000000.9007199254740992', 400],
  [`GET /mine-1?since=${POSITION}&since=${POSITION}`, 400],
  [`GET /mine-1?${LONG}`, 400],
  ['GET /?ids=', 400],
  ['GET /?ids=mine-1&ids=ended-1', 400],
  ['GET /?ids[]=mine-1&ids=', 400],
  [`GET /?ids=${TOO_MANY}`, 400],
  ['GET /events', 400],
  ['GET /events?mine=yes', 400],
  ['GET /events?ids=health', 400],
  ['GET /events?ids=mine-1&since=mine-1', 400],
  [`DELETE /mine-1?reason=${'x'.repeat(201)}`, 400],
  ['POST /mine-1', 405],
  ['PUT /mine-1', 405],
  ['PATCH /', 405],
  ['DELETE /', 405],
  ['DELETE /events?ids=mine-1', 405],
  ['POST /health', 405, { user: null }],
]

function named(rows: readonly Row[]): [name: string, row: Row][] {
  return rows.map((row) => [`${row[0].slice(0, 60)}: ${row[1]} ${row[2] ? JSON.stringify(row[2]) : ''}`, row])
}

function sentOf([line, , { user = 'ada', headers = {} } = {}]: Row): Sent {
  const [method = '', ...path] = line.split(' ')
  return {
    method,
    path: path.join(' '),
    headers: { ...headers, ...(user !== null && { authorization: `Bearer ${user}` }) },
  }
}

describe('four faces', () => {
  let served: Awaited<ReturnType<typeof httpFaces>>

  beforeAll(async () => {
    served = await httpFaces({ limits: { commandsPerMinute: 100_000 } })
    const { tracker, clock } = served
    for (const [id, owner] of [
      ['mine-1', 'ada'],
      ['ended-1', 'ada'],
      ['failed-1', 'ada'],
      ['foreign-1', 'bob'],
      ['open-1', null],
    ] as const) {
      tracker.createSessionWithId(id, { operation: 'import', file: 'Übersicht – 2026.csv' }, { owner })
    }
    tracker.updateProgress('mine-1', 40, 'Lese …', { rows: 7 })
    tracker.completeSession('ended-1', 'Done')
    tracker.errorSession('failed-1', 'No', { code: 'SQLITE_BUSY', stack: new Error('x').stack })
    await clock.advance(60_000) // the tracker has let go of what has ended; it is read from the backend
  })
  afterAll(() => served[Symbol.asyncDispose]())

  async function all(sent: Sent, until?: string): Promise<Answer> {
    const answers = await Promise.all(Object.values(served.faces).map((face) => face(sent, until)))
    const [first, ...others] = answers
    if (!first) throw new Error('there are faces')
    for (const [index, other] of others.entries()) {
      expect([Object.keys(served.faces)[index + 1], other]).toEqual([Object.keys(served.faces)[index + 1], first])
    }
    return first
  }

  it.each(named(GOOD))('%s', async (_name, row) => {
    const { status, headers, body } = await all(sentOf(row))
    expect(status).toBe(row[1])
    if (headers.etag && body !== '') expect(Snapshot.parse(JSON.parse(body)).sessionId).toMatch(/^[a-z]+-1$/)
    expect(body).not.toContain('stack')
  })

  it.each(named(BAD))('44, 61, 64, 81: %s', async (_name, row) => {
    const { status, headers, body } = await all(sentOf(row))
    expect(status).toBe(row[1])
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers.allow !== undefined).toBe(status === 405)
    const isHead = sentOf(row).method === 'HEAD'
    expect(body === '').toBe(isHead)
    if (isHead) return
    const { error } = Refusal.parse(JSON.parse(body))
    expect(isKnownCode(error.code) && ERRORS[error.code]).toMatchObject({ httpStatus: status, sentence: error.message })
  })

  it('74: unknown and foreign ids are one answer', async () => {
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      const unknown = await all(sentOf([`${method} /unknown`, 404]))
      expect(await all(sentOf([`${method} /foreign-1`, 404]))).toEqual(unknown)
    }
  })

  it('a path that is not ours goes on to the app, where there is one', async () => {
    const bodies = await Promise.all(
      Object.entries(served.faces).map(async ([name, face]) => [name, (await face(sentOf(['GET /a/b', 404]))).body]),
    )
    expect(Object.fromEntries(bodies)).toEqual({
      'express 5': 'not ours',
      'express 4': 'not ours',
      'node:http': '{"error":{"code":"NOT_FOUND","message":"There is no such session."}}',
      fetch: '{"error":{"code":"NOT_FOUND","message":"There is no such session."}}',
    })
  })

  it('a stream begins with the same text', async () => {
    const { status, headers, body } = await all(sentOf(['GET /events?ids=mine-1&mine=0', 400]))
    expect([status, headers['content-type'], body.length > 0]).toEqual([400, 'application/json; charset=utf-8', true])
    const before = served.clock.pending
    const stream = await all(sentOf(['GET /events?ids=mine-1', 200]), 'event: progress-status\n')
    expect(stream.headers).toEqual({
      'cache-control': 'no-cache, no-transform',
      'content-type': 'text/event-stream; charset=utf-8',
      vary: 'Cookie, Authorization',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    expect(stream.body.startsWith('retry: 2000\n\nevent: progress-status\nid: mine-1@')).toBe(true)
    await vi.waitFor(() => expect(served.clock.pending).toBe(before))
  })

  it('74: a stream says of what is foreign what it says of what is not there', async () => {
    const before = served.clock.pending
    const [foreign, unknown] = [
      await all(sentOf(['GET /events?ids=foreign-1', 200]), 'NOT_FOUND'),
      await all(sentOf(['GET /events?ids=unknown-1', 200]), 'NOT_FOUND'),
    ]
    expect(foreign.body).toBe(
      'retry: 2000\n\nevent: progress-gone\ndata: {"sessionId":"foreign-1","code":"NOT_FOUND"}\n\n',
    )
    expect(foreign.body.replace('foreign-1', 'unknown-1')).toBe(unknown.body)
    await vi.waitFor(() => expect(served.clock.pending).toBe(before))
  })

  it('a long poll is answered with the change, or with nothing after `wait`', async () => {
    const { clock, tracker, faces } = served
    const before = clock.pending
    const { headers } = await all(sentOf(['GET /mine-1', 200]))
    const since = headers.etag?.slice(1, -1)
    const waiting = all(sentOf([`GET /mine-1?wait=20&since=${since}`, 200]))
    await vi.waitFor(() => expect(clock.pending).toBe(before + Object.keys(faces).length))
    tracker.updateProgress('mine-1', 50)
    await clock.advance(100)
    const answer = await waiting
    expect([answer.status, JSON.parse(answer.body).progress]).toEqual([200, 50])
    const idle = all(sentOf([`GET /mine-1?wait=20&since=${answer.headers.etag?.slice(1, -1)}`, 304]))
    await vi.waitFor(() => expect(clock.pending).toBe(before + Object.keys(faces).length))
    await clock.advance(20_000)
    expect((await idle).status).toBe(304)
    expect(clock.pending).toBe(before)
  })

  it('a cancel reaches the job, once for each', async () => {
    const { tracker, faces } = served
    for (const [name, face] of Object.entries(faces)) {
      const id = `run-${Object.keys(faces).indexOf(name)}`
      const run = tracker.run('x', { owner: 'ada', id }, (task) => {
        return new Promise((_, reject) => task.signal.addEventListener('abort', () => reject(task.signal.reason)))
      })
      const { status, body } = await face(sentOf([`DELETE /${id}?reason=enough`, 200]))
      expect([name, status, body]).toEqual([name, 200, '{"success":true}'])
      await run.catch(() => {})
      expect(tracker.getSession(id)).toMatchObject({ status: 'cancelled', reason: 'enough' })
    }
  })

  it('87: a client that goes away leaves nothing behind', async () => {
    const { clock, tracker, port, faces } = served
    const before = clock.pending
    const face = faces['node:http'] as Face
    for (let i = 0; i < 20; i++) await face(sentOf(['GET /events?ids=mine-1&mine=1', 200]), 'progress-status')
    await vi.waitFor(() => expect(clock.pending).toBe(before))
    const poll = connect(port, '127.0.0.1')
    poll.write(
      'GET /mine-1?wait=20 HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer ada\r\nIf-None-Match: *\r\n\r\n',
    )
    await vi.waitFor(() => expect(clock.pending).toBe(before + 1))
    poll.destroy()
    await vi.waitFor(() => expect(clock.pending).toBe(before))
    tracker.updateProgress('mine-1', 60)
    await clock.advance(100)
  })
})

describe('the rate of requests', () => {
  it('S1-21: is limited in the same way', async () => {
    await using served = await httpFaces({ limits: { commandsPerMinute: 2 } })
    const answers = Object.entries(served.faces).map(async ([name, face]) => {
      const sent = sentOf(['GET /', 429, { user: name.replace(' ', '') }])
      return [await face(sent), await face(sent), await face(sent)]
    })
    for (const [first, , third] of await Promise.all(answers)) {
      expect([first?.status, third?.status, third?.headers['retry-after']]).toEqual([200, 429, '60'])
      expect(third?.body).toBe(
        '{"error":{"code":"RATE_LIMITED","message":"Too many requests. Try again in a moment."}}',
      )
    }
  })
})

describe('the end of the server', () => {
  it('30: is said on every stream, and to every long poll', async () => {
    const served = await httpFaces()
    await using _ = served
    const before = served.clock.pending
    const streams = Object.values(served.faces).map((face) => face(sentOf(['GET /events?ids=a', 200])))
    const polls = Object.values(served.faces).map((face) => face(sentOf(['GET /a?wait=20', 503])))
    await vi.waitFor(() => expect(served.clock.pending).toBe(before + 8))
    await served.progress.close()
    for (const { body } of await Promise.all(streams)) {
      expect(body.endsWith('event: progress-bye\ndata: {"code":"DRAINING","retryAfterMs":1000}\n\n')).toBe(true)
    }
    for (const { status, body } of await Promise.all(polls)) {
      expect([status, JSON.parse(body).error.code]).toEqual([503, 'DRAINING'])
    }
  })
})

describe('a reader that takes nothing', () => {
  const metadata = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`key-${i}`, 'x'.repeat(200)]))

  /** A connection that asks, and never reads. */
  async function stalled(port: number) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.pause()
    socket.write('GET /events?ids=big HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer ada\r\n\r\n')
    return socket
  }

  it('16, 17, G8: is held with less than 1 MB, and given up', async () => {
    await using served = await httpFaces()
    const { clock, tracker, port, responses, signals } = served
    tracker.createSessionWithId('big', {}, { owner: 'ada' })
    const before = clock.pending
    const socket = await stalled(port)
    await vi.waitFor(() => expect(clock.pending).toBeGreaterThan(before))
    let most = 0
    for (let i = 0; i < 4_000; i++) {
      tracker.updateProgress('big', i / 50, `${i}`, metadata)
      await clock.advance(100)
      most = Math.max(most, responses[0]?.writableLength ?? 0)
    }
    await vi.waitFor(() => expect(responses[0]?.destroyed).toBe(true))
    expect(most).toBeLessThan(1_048_576)
    expect(signals.filter(({ name }) => name === 'slow')).toEqual([expect.objectContaining({ userId: 'ada' })])
    socket.destroy()
  })

  it('twin: a stream that writes without looking is noticed', async () => {
    let held = 0
    const naive = createServer((_req, res) => {
      for (let i = 0; i < 4_000; i++) res.write(`data: ${JSON.stringify(metadata)}\n\n`)
      held = res.writableLength
    })
    await new Promise<void>((resolve) => naive.listen(0, '127.0.0.1', resolve))
    const socket = await stalled((naive.address() as AddressInfo).port)
    await vi.waitFor(() => expect(held).toBeGreaterThan(1_048_576))
    socket.destroy()
    naive.close()
  })
})
