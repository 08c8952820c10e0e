// What a job passes by mistake, as a viewer sees it: over a real socket, and by polling.
import { jsonBytes, LIMITS, Snapshot } from '@progress/protocol'
import { memory, type ProgressServer, ProgressTracker, serveProgress } from '@progress/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Heard } from '../support/heard'
import { RealServer } from '../support/realServer'

const ID = 'import-1'
const ENDS = ['progress-complete', 'progress-error', 'progress-cancelled']

let server: RealServer

beforeEach(async () => {
  server = await RealServer.start()
})

afterEach(() => server.close())

/** Somebody who watches the session over a socket. */
interface Viewer {
  readonly heard: Heard
  /** All states that have arrived, the one of an open window among them. */
  shown(): Promise<Snapshot[]>
}

async function watch(): Promise<Viewer> {
  const socket = await server.connect('ada')
  const heard = new Heard(socket)
  await socket.emitWithAck('join-progress', ID, {})
  return {
    heard,
    async shown() {
      await server.clock.advance(LIMITS.throttleMs)
      await socket.emitWithAck('sync-progress', {}, {}) // behind all that was sent
      return heard.all.map(({ payload }) => Snapshot.parse(payload))
    },
  }
}

async function poll(progress: ProgressServer | undefined): Promise<Snapshot> {
  const headers = { authorization: 'Bearer ada' }
  const answer = await progress?.fetch(new Request(`http://app.test/api/progress/${ID}`, { headers }))
  return Snapshot.parse(await answer?.json())
}

function make(metadata: object = {}, options: { readonly allowRegress?: boolean } = {}): void {
  server.tracker.createSessionWithId(ID, metadata as Record<string, unknown>, { owner: 'ada', ...options })
}

describe('progress', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '50', null, {}])(
    '51: of %s is not shown, nor what came with it',
    async (odd) => {
      make()
      const viewer = await watch()
      server.tracker.updateProgress(ID, 30)
      expect(server.tracker.updateProgress(ID, odd as number, 'lost')).toBe(false)
      expect((await viewer.shown()).map(({ progress, message }) => [progress, message])).toEqual([[30, undefined]])
      expect(await poll(server.progress)).toMatchObject({ progress: 30, revision: 2 })
      expect(server.signals.filter(({ name }) => name === 'dropped')).toHaveLength(1)
    },
  )

  it.each([
    [-5, 0],
    [250, 100],
    [1e308, 100],
  ])('51: of %d is shown as %d', async (given, progress) => {
    make()
    const viewer = await watch()
    expect(server.tracker.updateProgress(ID, given, 'on')).toBe(true)
    expect((await viewer.shown()).at(-1)).toMatchObject({ progress, status: 'active' })
    expect(await poll(server.progress)).toMatchObject({ progress })
  })

  it.each([
    ['stays up', false, [10, 60, 60]],
    ['falls where that was asked for', true, [10, 40, 5]],
  ] as const)('52: that falls %s', async (_, allowRegress, expected) => {
    make({}, { allowRegress })
    const viewer = await watch()
    for (const progress of [10, 60, 20, 40]) server.tracker.updateProgress(ID, progress)
    await server.clock.advance(LIMITS.throttleMs)
    server.tracker.updateProgress(ID, 5, 'still')
    expect((await viewer.shown()).map(({ progress }) => progress)).toEqual(expected)
  })
})

describe('metadata', () => {
  const thrower = (): never => {
    throw new Error('odd')
  }
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  const odd: readonly (readonly [what: string, value: unknown])[] = [
    ['a BigInt', 7n],
    ['a symbol', Symbol('s')],
    ['a function', thrower],
    ['a circle', circular],
    ['a getter that throws', Object.defineProperty({}, 'x', { get: thrower, enumerable: true })],
    ['a proxy', new Proxy({}, { get: thrower, ownKeys: thrower, getPrototypeOf: thrower })],
    ['a toJSON that throws', { toJSON: thrower }],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['an Error', new Error('secret of /etc/passwd')],
    ['a Date', new Date(0)],
    ['a Buffer', Buffer.from('bytes')],
  ]

  it.each(odd)('53: with %s in it costs the job nothing, and its viewers only that', async (_, value) => {
    make({ before: 1, value, list: [value] })
    const viewer = await watch()
    expect(server.tracker.updateProgress(ID, 10, 'on', { after: 2, value, inner: { value } })).toBe(true)
    expect(server.tracker.errorSession(ID, 'no', { value })).toBe(true)
    const shown = await viewer.shown()
    expect(shown.at(-1)).toMatchObject({ status: 'error', metadata: { before: 1, after: 2 } })
    expect(JSON.stringify(shown)).not.toMatch(/\.ts:\d|at Object/)
    expect(await poll(server.progress)).toMatchObject({ status: 'error', metadata: { before: 1, after: 2 } })
  })

  const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { deep: nested(depth - 1) })
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}`, n]))

  it.each([
    ['a megabyte', { text: 'x'.repeat(1_000_000) }],
    ['ten thousand keys', many],
    ['a thousand levels', nested(1_000) as object],
  ])('54: of %s is cut to its bounds, and says so', async (_, metadata) => {
    make(metadata)
    const viewer = await watch()
    server.tracker.updateProgress(ID, 10)
    for (const shown of [...(await viewer.shown()), await poll(server.progress)]) {
      expect(shown.truncated).toBe(true)
      expect(jsonBytes(shown.metadata)).toBeLessThanOrEqual(LIMITS.metadataBytes)
      expect(Object.keys(shown.metadata).length).toBeLessThanOrEqual(LIMITS.metadataEntries)
    }
  })

  it('55: with keys that reach a prototype is carried without them, and touches none', async () => {
    make(JSON.parse('{"__proto__":{"polluted":1},"constructor":1,"prototype":2,"kept":{"__proto__":{"polluted":1}}}'))
    const viewer = await watch()
    server.tracker.updateProgress(ID, 10)
    expect((await viewer.shown()).at(-1)?.metadata).toEqual({ kept: {} })
    expect((await poll(server.progress)).metadata).toEqual({ kept: {} })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('text', () => {
  const HTML = '<script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1) &lt;'
  const CONTROL = 'a\r\nb\u001b[31mc\u202ed\u0000e'

  it.each([
    ['56: that is HTML', HTML],
    ['57: that steers a terminal or a log', CONTROL],
  ])('%s is carried as it is, as JSON that says what it is', async (_, text) => {
    make({ text })
    const viewer = await watch()
    server.tracker.updateProgress(ID, 10, text)
    expect((await viewer.shown()).at(-1)).toMatchObject({ message: text, metadata: { text } })
    const headers = { authorization: 'Bearer ada' }
    const answer = await server.progress?.fetch(new Request(`http://app.test/api/progress/${ID}`, { headers }))
    expect(answer?.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer?.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await answer?.json()).toMatchObject({ message: text, metadata: { text } })
  })

  it('57: breaks no frame of a stream', async () => {
    make()
    server.tracker.updateProgress(ID, 10, `${CONTROL}\n\nevent: progress-complete\ndata: {}\n\n`)
    const headers = { authorization: 'Bearer ada' }
    const leaving = new AbortController()
    const asked = new Request(`http://app.test/api/progress/events?ids=${ID}`, { headers, signal: leaving.signal })
    const reader = (await server.progress?.fetch(asked))?.body?.getReader()
    let text = ''
    while (!text.includes('data: ')) text += new TextDecoder().decode((await reader?.read())?.value)
    expect(text.match(/^event: .*$/gm)).toEqual(['event: progress-status'])
    leaving.abort()
  })
})

describe('calls that come too late', () => {
  it('58: change nothing, and nobody hears a second end', async () => {
    make()
    const viewer = await watch()
    const { tracker } = server
    expect(tracker.completeSession(ID, 'first')).toBe(true)
    const late = [
      tracker.completeSession(ID, 'second'),
      tracker.errorSession(ID, 'no'),
      tracker.cancelSession(ID),
      tracker.updateProgress(ID, 5, 'late'),
      tracker.completeSession('unknown'),
    ]
    expect(late).toEqual([false, false, false, false, false])
    await viewer.shown()
    const ends = viewer.heard.all.filter(({ event }) => ENDS.includes(event))
    expect(ends.map(({ payload }) => payload['message'])).toEqual(['first'])
    expect(await poll(server.progress)).toMatchObject({ status: 'completed', message: 'first', progress: 100 })
  })
})

describe('an id that is taken', () => {
  it('59: by another’s live session is refused, and its viewers see nothing of it', async () => {
    make({ mine: 1 })
    const viewer = await watch()
    expect(() => server.tracker.createSessionWithId(ID, {}, { owner: 'ben' })).toThrow('another owner')
    server.tracker.updateProgress(ID, 10)
    expect((await viewer.shown()).map(({ metadata }) => metadata)).toEqual([{ mine: 1 }])
  })

  it.each([
    ['the same owner’s', false],
    ['an ended one’s', true],
  ])('59: %s begins a new life, which the timers of the old one leave alone', async (_, isEnded) => {
    make({ life: 1 })
    const viewer = await watch()
    if (isEnded) server.tracker.completeSession(ID)
    make({ life: 2 })
    server.tracker.updateProgress(ID, 10)
    await server.clock.advance(60_000) // longer than an ended session is kept
    server.tracker.updateProgress(ID, 20)
    expect((await viewer.shown()).at(-1)).toMatchObject({ status: 'active', progress: 20, metadata: { life: 2 } })
    expect(await poll(server.progress)).toMatchObject({ status: 'active', progress: 20, metadata: { life: 2 } })
  })
})

describe('a thousand updates at once', () => {
  it('60: from fifty branches arrive in order, and the last of them last', async () => {
    make()
    const viewer = await watch()
    let done = 0
    const branch = async (number: number): Promise<void> => {
      for (let turn = 0; turn < 20; turn++) {
        await new Promise<void>((resolve) => server.clock.after((number * 7 + turn * 31) % 90, resolve))
        done += 1
        server.tracker.updateProgress(ID, done / 10, `${done}`)
      }
    }
    const branches = Array.from({ length: 50 }, (_, number) => branch(number))
    await server.clock.advance(5_000)
    await Promise.all(branches)
    const shown = await viewer.shown()
    const revisions = shown.map(({ revision }) => revision)
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
    expect(shown.at(-1)).toMatchObject({ progress: 100, message: '1000' })
  })

  it('60: of one id by two processes end as one of them, the same for whoever asks either', async () => {
    const { clock } = server
    const backend = memory({ clock })
    const nodes = [0, 1].map(() => new ProgressTracker({ backend, clock }))
    const faces = nodes.map((tracker) => serveProgress(tracker, { authenticate: () => ({ userId: 'ada' }) }))
    for (const tracker of nodes) tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    for (let n = 1; n <= 500; n++) {
      for (const tracker of nodes) tracker.updateProgress(ID, n / 10, `${n}`)
      if (n % 50 === 0) await clock.advance(LIMITS.throttleMs)
    }
    for (const tracker of nodes) tracker.completeSession(ID)
    await clock.advance(1_000)
    const [one, other] = await Promise.all(faces.map((face) => poll(face)))
    expect(one).toMatchObject({ status: 'completed', progress: 100 })
    expect(other).toEqual(one)
    for (const face of faces) await face.close()
  })
})
