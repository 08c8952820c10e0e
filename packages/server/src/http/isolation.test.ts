// Who gets what, over HTTP: each safety with a twin in which it is off, and which shows that the check would notice.
import { ERRORS, type KnownCode, Snapshot } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { type Authenticator, allowAnonymous } from '../auth/authenticate'
import { originRule } from '../auth/origin'
import { type RigOptions, rig, tokenIsUser } from './http.test-support'

/** An answer as bytes: status, headers and body. */
async function bytesOf(response: Response): Promise<string> {
  const headers = [...response.headers].filter(([name]) => name !== 'date')
  return JSON.stringify([response.status, headers, await response.text()])
}

const METHODS = ['GET', 'HEAD', 'DELETE']

describe('what is foreign', () => {
  async function check(options: RigOptions): Promise<void> {
    const { tracker, ask, listen, clock } = rig(options)
    const foreign = tracker.createSession({ secret: 1 }, { owner: 'ada' })
    const unknown = crypto.randomUUID()
    for (const method of METHODS) {
      const answers = [await ask(`/${foreign}`, 'bob', { method }), await ask(`/${unknown}`, 'bob', { method })]
      const [first, second] = await Promise.all(answers.map(bytesOf))
      expect([answers[0]?.status, first]).toEqual([404, second])
    }
    const conditional = { headers: { 'if-none-match': '*', range: 'bytes=0-10' } }
    const [first, second] = [await ask(`/${foreign}`, 'bob', conditional), await ask(`/${unknown}`, 'bob', conditional)]
    expect(await bytesOf(first)).toBe(await bytesOf(second))
    const several = await (await ask(`/?ids=${foreign}`, 'bob')).text()
    expect(several.replaceAll(foreign, unknown)).toBe(await (await ask(`/?ids=${unknown}`, 'bob')).text())
    const heard = await listen(`/events?ids=${foreign}&mine=1`, 'bob')
    for (let progress = 1; progress <= 99; progress++) {
      tracker.updateProgress(foreign, progress)
      await clock.advance(100)
    }
    tracker.completeSession(foreign)
    await clock.advance(100)
    expect(heard.news).toEqual([{ event: 'progress-batch', data: { sessions: [] } }])
  }

  it('73, 74: answers as what is unknown, byte by byte, and is never sent', () => check({}))

  it('73, 74: twin: a rule that lets everybody see is noticed', async () => {
    await expect(check({ authorize: () => true })).rejects.toThrow()
  })
})

describe('nobody', () => {
  const PATHS = ['/abc', '/', '/?ids=abc', '/events?ids=abc', '/events?mine=1', '/abc?wait=20']

  async function check(options: RigOptions): Promise<void> {
    const { tracker, ask, http, clock } = rig(options)
    tracker.createSessionWithId('abc', { secret: 1 })
    for (const path of PATHS) {
      for (const token of [null, 'nobody']) {
        const asked = ask(path, token)
        await clock.advance(20_000)
        const response = await asked
        expect(response.status).toBe(401)
        expect(await response.json()).toEqual({ error: { code: 'UNAUTHENTICATED', message: 'Log in first.' } })
      }
    }
    expect((await ask('/abc', null, { method: 'DELETE' })).status).toBe(401)
    expect((await ask('/abc?token=ada&authorization=Bearer%20ada&access_token=ada', null)).status).toBe(401)
    expect(http.openStreams).toBe(0)
  }

  it('61: gets 401, on every path', () => check({}))

  it('61: twin: without logins it is noticed', async () => {
    await expect(check({ authenticate: allowAnonymous() })).rejects.toThrow()
  })

  it('61: twin: a token in the query is noticed', async () => {
    const fromQuery: Authenticator = (request) => tokenIsUser({ ...request, token: 'ada' })
    await expect(check({ authenticate: fromQuery })).rejects.toThrow()
  })
})

describe('pages of other sites', () => {
  const FOREIGN = [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: 'http://app.test.evil.test' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  const OWN = [{}, { origin: 'http://app.test' }, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }]

  async function check(options: RigOptions): Promise<void> {
    const { tracker, ask, http } = rig(options)
    tracker.createSessionWithId('abc', { secret: 1 }, { owner: 'ada' })
    for (const headers of FOREIGN) {
      for (const path of ['/abc', '/', '/events?ids=abc', '/abc?wait=20']) {
        const response = await ask(path, 'ada', { headers: { ...headers } as Record<string, string> })
        expect([path, response.status]).toEqual([path, 403])
        expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
        expect(await response.text()).not.toContain('secret')
      }
    }
    const run = tracker.run('x', { owner: 'ada', id: 'r' }, () => new Promise(() => {}))
    const cancel = await ask(`/${run.id}`, 'ada', { method: 'DELETE', headers: { origin: 'https://evil.test' } })
    expect([cancel.status, tracker.getSession('r')?.status]).toEqual([403, 'active'])
    for (const headers of OWN) {
      expect((await ask('/abc', 'ada', { headers: { ...headers } as Record<string, string> })).status).toBe(200)
    }
    expect(http.openStreams).toBe(0)
  }

  it('62, 64: get 403 and nothing else, though the login is good', () => check({ parts: { isAllowed: originRule() } }))

  it('62, 64: twin: without the rule it is noticed', async () => {
    await expect(check({ parts: { isAllowed: () => true } })).rejects.toThrow()
  })
})

describe('an authenticator that misbehaves', () => {
  const ODD: readonly (readonly [string, Authenticator, KnownCode])[] = [
    [
      'throws',
      () => {
        throw new Error('/etc/passwd')
      },
      'UNAUTHENTICATED',
    ],
    ['rejects', () => Promise.reject(new Error('SELECT * FROM users')), 'UNAUTHENTICATED'],
    ['hangs', () => new Promise(() => {}), 'UNAVAILABLE'],
    ['answers undefined', () => undefined as never, 'UNAUTHENTICATED'],
    ['answers a text', () => 'ada' as never, 'UNAUTHENTICATED'],
    ['answers nobody by name', () => ({ userId: '' }), 'UNAUTHENTICATED'],
    ['answers an object as the id', () => ({ userId: {} as never }), 'UNAUTHENTICATED'],
    ['answers somebody who has expired', () => ({ userId: 'ada', expiresAt: 1 }), 'EXPIRED'],
  ]

  async function check(parts: RigOptions['parts'], authenticate: Authenticator, code: KnownCode): Promise<void> {
    const { tracker, ask, clock, timersLeft } = rig({ authenticate, ...(parts && { parts }) })
    tracker.createSessionWithId('abc', {})
    const asked = ask('/abc')
    await clock.advance(5_000)
    const response = await Promise.race([asked, clock.advance(0).then(() => undefined)])
    expect(response?.status).toBe(ERRORS[code].httpStatus)
    expect(await response?.json()).toEqual({ error: { code, message: ERRORS[code].sentence } })
    expect(timersLeft()).toBe(0)
  }

  it.each(ODD)('65: one that %s lets nobody in, within 5 seconds', async (_what, authenticate, code) => {
    await check(undefined, authenticate, code)
  })

  it.each(ODD)('65: twin: taken at its word, one that %s is noticed', async (_what, authenticate, code) => {
    const naive = {
      async judge(request: Parameters<Authenticator>[0]) {
        const principal = await authenticate(request)
        return { roles: [], ...(principal as object), principal: principal as never, userId: 'ada' }
      },
    }
    await expect(check({ authentication: naive as never }, authenticate, code)).rejects.toThrow()
  })
})

describe('what is said', () => {
  const FIELDS = [
    ...[
      'sessionId',
      'operation',
      'epoch',
      'revision',
      'progress',
      'indeterminate',
      'current',
      'total',
      'unit',
      'phase',
    ],
    ...['message', 'metadata', 'attempt', 'createdAt', 'timestamp', 'truncated', 'status', 'queued', 'ratePerSecond'],
    ...['etaMs', 'worker', 'cancellable', 'cancelRequested', 'duration', 'result', 'error', 'reason'],
  ]
  const CANARIES = ['owner-canary', 'stack', process.cwd(), 'node_modules', 'SELECT', 'TypeError', 'canary-cause']

  /** A twin says more of the second session than it should, before it is looked at. */
  async function check(leak: (id: string, rigged: ReturnType<typeof rig>) => void = () => {}): Promise<void> {
    const rigged = rig({ authorize: () => true })
    const { tracker, ask, listen, clock } = rigged
    const failing = tracker.run('import', { owner: 'owner-canary', id: 'a', total: 10, unit: 'rows' }, async (task) => {
      task.advance()
      task.log('reading')
      throw new TypeError('canary-cause: SELECT * FROM users')
    })
    await failing.catch(() => {})
    tracker.createSessionWithId('b', { operation: 'x' }, { owner: 'owner-canary' })
    const heard = await listen('/events?ids=a,b&mine=1')
    leak('b', rigged)
    tracker.errorSession('b', 'No', { code: 'SQLITE_BUSY', stack: new Error('x').stack })
    await clock.advance(100)
    const texts = [heard.text]
    for (const path of ['/a', '/b', '/?ids=a,b', '/', '/unknown', '/%', '/health']) {
      const response = await ask(path)
      const text = await response.text()
      texts.push(text, JSON.stringify([...response.headers]))
      const body = JSON.parse(text)
      const snapshots = [body.snapshots ?? [], body.sessions ?? [], body.epoch ? body : []].flat()
      for (const snapshot of snapshots) {
        expect(Object.keys(snapshot).filter((field) => !FIELDS.includes(field))).toEqual([])
        expect(Snapshot.parse(snapshot)).toEqual(snapshot)
      }
    }
    for (const canary of CANARIES) expect(texts.join('\n')).not.toContain(canary)
    expect(texts.join('\n')).toContain('OPERATION_FAILED')
  }

  it('81, 82: has only the fields of the protocol, and nothing of the server', () => check())

  it('81: twin: an app that says the words of a foreign error is noticed', async () => {
    const words = 'TypeError: canary-cause: SELECT * FROM users'
    await expect(check((id, { tracker }) => tracker.errorSession(id, words))).rejects.toThrow('SELECT')
  })

  it('82: twin: a snapshot with a field of the server is noticed', async () => {
    const leaking = check((_, { node }) => {
      const { read } = node
      node.read = async (id) => {
        const entry = await read.call(node, id)
        return entry && { ...entry, snapshot: { ...entry.snapshot, owner: entry.owner } }
      }
    })
    await expect(leaking).rejects.toThrow('owner')
  })

  it('81: names the reference of a foreign error, under which the signals have its cause', async () => {
    const { tracker, ask, named } = rig()
    const cause = new Error('canary-cause')
    await tracker.run('import', { owner: 'ada', id: 'a' }, () => Promise.reject(cause)).catch(() => {})
    const { error } = await (await ask('/a')).json()
    expect(Object.keys(error).sort()).toEqual(['code', 'message', 'reference', 'retryable'])
    expect(named('job-failed')).toEqual([{ name: 'job-failed', sessionId: 'a', reference: error.reference, cause }])
  })
})

describe('many users, many sessions', () => {
  async function check(options: RigOptions = {}): Promise<void> {
    const { tracker, listen, clock } = rig({ parts: { streamsPerUser: 100 }, ...options })
    const users = Array.from({ length: 30 }, (_, i) => `user-${i}`)
    const ids = users.flatMap((owner) =>
      [0, 1, 2].map((i) => tracker.createSessionWithId(`${owner}:${i}`, {}, { owner })),
    )
    const streams = await Promise.all(
      users.map(async (user, i) => ({
        user,
        heard: await listen(`/events?mine=1&ids=${ids.slice(i, i + 60).join()}`, user),
      })),
    )
    for (const id of ids) tracker.updateProgress(id, 50)
    await clock.advance(100)
    for (const id of ids) tracker.completeSession(id)
    await clock.advance(100)
    for (const { user, heard } of streams) {
      const told = heard.news.flatMap(({ data }) => data.sessions ?? [data]).map(({ sessionId }: Snapshot) => sessionId)
      expect(new Set(told.map((id: string) => id.split(':')[0]))).toEqual(new Set([user]))
    }
  }

  it('76: nobody hears of what is not theirs', () => check())

  it('76: twin: a rule that lets everybody see is noticed', async () => {
    await expect(check({ authorize: () => true })).rejects.toThrow()
  })

  it('76: twin: users who are taken for one another are noticed', async () => {
    const neighbour: Authenticator = ({ token }) => ({ userId: token === 'user-7' ? 'user-8' : (token ?? '') })
    await expect(check({ authenticate: neighbour })).rejects.toThrow('user-8')
  })
})
