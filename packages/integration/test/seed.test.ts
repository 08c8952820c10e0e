// The seed's walk, item by item, over a real socket with a plain socket.io-client that knows nothing of positions.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ManualClock } from '@progress/protocol/testing'
import { ProgressTracker } from '@progress/server'
import { Server } from 'socket.io'
import { io as connect } from 'socket.io-client'
import { describe, expect, it } from 'vitest'
import { connected, Heard } from '../support/heard'
import { seedApp } from '../support/seedApp'

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** A watcher of the seed: connects, joins by the bare event, and listens. */
async function watch(app: Awaited<ReturnType<typeof seedApp>>, sessionId?: string) {
  const socket = app.socket(await app.login('ada'))
  const heard = new Heard(socket)
  await connected(socket)
  if (sessionId !== undefined) socket.emit('join-progress', sessionId)
  return { socket, heard }
}

describe('the handshake', () => {
  it('S0-1, S0-5: refuses who has no session, and says so', async () => {
    await using app = await seedApp()
    const refusal = await connected(app.socket(undefined)).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ data: { code: 'UNAUTHENTICATED' } })
  })

  it('S0-4, S0-7, S0-12: loads the session that the app’s own requests have', async () => {
    await using app = await seedApp()
    const cookie = await app.login('ada')
    const seen = new Promise((resolve) => {
      app.io.on('connection', ({ request }) => resolve((request as { session?: { userId?: unknown } }).session?.userId))
    })
    await connected(app.socket(cookie))
    expect(await seen).toBe('ada')
    const status = await fetch(`${app.url}/api/auth/status`, { headers: { cookie } })
    expect(await status.json()).toEqual({ authenticated: true })
  })
})

describe('a session', () => {
  it('S0-17, S0-18, S0-19, S0-39: has a random UUID, stands at 0 and is active', async () => {
    await using app = await seedApp()
    const id = app.tracker.createSession({ operation: 'csv-import', filename: 'vulnerabilities.csv', totalRows: 5000 })
    expect(id).toMatch(UUID_V4)
    expect(app.tracker.getSession(id)).toMatchObject({
      id,
      progress: 0,
      status: 'active',
      metadata: { operation: 'csv-import', filename: 'vulnerabilities.csv', totalRows: 5000 },
      lastUpdate: expect.any(Number),
      createdAt: expect.any(Number),
    })
    expect(app.tracker.getSession('no-such-id')).toBeNull()
  })

  it('S0-22, S0-23: takes an id that the front end has made, also before it is made here', async () => {
    await using app = await seedApp()
    const id = crypto.randomUUID()
    const { heard } = await watch(app, id)
    app.tracker.createSessionWithId(id, { operation: 'csv-import' })
    expect(await heard.next('progress-status')).toMatchObject({ sessionId: id, progress: 0, status: 'active' })
  })

  it('S0-16: stands beside all others, each found by its id', async () => {
    await using app = await seedApp()
    const ids = Array.from({ length: 1_000 }, (_, n) => app.tracker.createSession({ n }))
    for (const [n, id] of ids.entries()) app.tracker.updateProgress(id, n / 10)
    app.tracker.completeSession(ids[0] ?? '')
    expect(new Set(ids).size).toBe(1_000)
    expect(ids.map((id) => app.tracker.getSession(id)?.metadata['n'])).toEqual(ids.map((_, n) => n))
    expect(app.tracker.getSession(ids[500] ?? '')).toMatchObject({ status: 'active', progress: 50 })
  })

  it.each([
    ['as it is', {}, { rows: 5_000, note: 'x'.repeat(200) }],
    ['as text, as the seed has it', { metadata: 'strings' }, { rows: '5000', note: 'x'.repeat(200) }],
  ] as const)('S0-20, S0-77: keeps metadata within its bounds, %s', async (_, options, kept) => {
    await using app = await seedApp(options)
    const given = { rows: 5_000, note: 'x'.repeat(300), ['k'.repeat(51)]: 'left out' }
    const id = app.tracker.createSession(given)
    expect(app.tracker.getSession(id)?.metadata).toEqual(kept)
    const { heard } = await watch(app, id)
    expect(await heard.next('progress-status')).toMatchObject({ metadata: kept, truncated: true })
  })

  // The seed overwrites whatever has the id, and the old one's timer then removes the new one.
  it('S0-24: begins anew under an id that its owner has used, and never under that of another', async () => {
    const clock = new ManualClock()
    await using app = await seedApp({ clock })
    const id = app.tracker.createSessionWithId('form-7', { attempt: 1 }, { owner: 'ada' })
    app.tracker.updateProgress(id, 80)
    app.tracker.completeSession(id)
    app.tracker.createSessionWithId(id, { attempt: 2 }, { owner: 'ada' })
    const { heard } = await watch(app, id)
    expect(await heard.next('progress-status')).toMatchObject({ progress: 0, metadata: { attempt: 2 } })
    await clock.advance(5_000)
    expect(app.tracker.getSession(id)).toMatchObject({ status: 'active', metadata: { attempt: 2 } })
    expect(() => app.tracker.createSessionWithId(id, {}, { owner: 'bob' })).toThrow('another owner')
    expect(app.tracker.getSession(id)).toMatchObject({ metadata: { attempt: 2 } })
  })

  // `npm run bench` holds it to 1,024 bytes.
  it('S0-81: takes about a kilobyte', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const clock = new ManualClock()
    const tracker = new ProgressTracker({ clock })
    const heap = (): number => {
      for (let round = 0; round < 3; round++) collect()
      return process.memoryUsage().heapUsed
    }
    const some = async (count: number) => {
      const ids = Array.from({ length: count }, () => tracker.createSession({ operation: 'csv-import' }))
      await Promise.all([tracker.flush(), clock.advance(1_000)])
      return ids
    }
    await some(1_000) // what is made once
    const before = heap()
    const ids = await some(20_000)
    const each = (heap() - before) / ids.length
    expect(each).toBeGreaterThan(100)
    expect(each).toBeLessThan(1_536)
    await tracker.close()
  })
})

describe('join-progress', () => {
  it('S0-44, S0-45, S0-46: gives the current state to that socket alone', async () => {
    await using app = await seedApp()
    const id = app.tracker.createSession({ operation: 'csv-import', currentBatch: 2, totalBatches: 5 })
    app.tracker.updateProgress(id, 45, 'Processing batch 2/5')
    const first = await watch(app, id)
    await first.heard.next('progress-status')
    const second = await watch(app, id)
    expect(await second.heard.next('progress-status')).toMatchObject({
      sessionId: id,
      progress: 45,
      status: 'active',
      message: 'Processing batch 2/5',
      metadata: { operation: 'csv-import', currentBatch: 2, totalBatches: 5 },
    })
    expect(first.heard.of('progress-status')).toHaveLength(1)
  })

  it('S0-21, S0-51: is the only way to hear of a session', async () => {
    await using app = await seedApp()
    const bystander = await watch(app)
    const watched = app.tracker.createSession()
    const { heard } = await watch(app, watched)
    await heard.next('progress-status')
    app.tracker.updateProgress(watched, 10)
    await heard.next('progress-update')
    expect(bystander.heard.all).toEqual([])
  })

  it('S0-48, S0-66, S0-82: ends with leave-progress, and the room that nobody is in any more is gone', async () => {
    await using app = await seedApp()
    const [left, kept] = [app.tracker.createSession(), app.tracker.createSession()]
    const { socket, heard } = await watch(app, left)
    await heard.next('progress-status')
    socket.emit('leave-progress', left)
    socket.emit('join-progress', kept)
    await heard.next('progress-status')
    app.tracker.updateProgress(left, 50)
    app.tracker.updateProgress(kept, 50)
    expect(await heard.next('progress-update')).toMatchObject({ sessionId: kept })
    expect(heard.of('progress-update')).toHaveLength(1)
    expect(app.io.sockets.adapter.rooms.has(`progress-${left}`)).toBe(false)
  })
})

describe('progress-update', () => {
  it('S0-25, S0-27, S0-28, S0-30: carries progress, message, merged metadata and the time', async () => {
    await using app = await seedApp()
    const id = app.tracker.createSession({ operation: 'csv-import' })
    const { heard } = await watch(app, id)
    await heard.next('progress-status')
    const before = Date.now()
    expect(app.tracker.updateProgress(id, 60, 'Processing batch 3/10', { currentStep: 3, batch: 10 })).toBe(true)
    const update = await heard.next('progress-update')
    expect(update).toMatchObject({
      sessionId: id,
      progress: 60,
      message: 'Processing batch 3/10',
      metadata: { operation: 'csv-import', currentStep: 3, batch: 10 },
    })
    expect(update['timestamp']).toBeGreaterThanOrEqual(before)
  })

  it.each([
    [250, 100],
    [-5, 0],
  ])('S0-26: clamps %d to %d', async (given, shown) => {
    await using app = await seedApp()
    const id = app.tracker.createSession()
    app.tracker.updateProgress(id, given)
    expect(app.tracker.getSession(id)?.progress).toBe(shown)
  })

  // The last value of a burst is what the seed loses.
  it('S0-14, S0-29, S0-80: goes out at most ten times a second, the first and the last value always', async () => {
    const clock = new ManualClock()
    await using app = await seedApp({ clock })
    const id = app.tracker.createSession()
    const { socket, heard } = await watch(app, id)
    await heard.next('progress-status')
    for (let ms = 0; ms < 1_000; ms++) {
      app.tracker.updateProgress(id, ms / 10, String(ms))
      await clock.advance(1)
    }
    await clock.advance(100)
    await socket.emitWithAck('join-progress', id, {}) // what was sent before it has arrived
    const updates = heard.of('progress-update')
    expect(updates.length).toBeLessThanOrEqual(11)
    expect(updates[0]).toMatchObject({ progress: 0, message: '0' })
    expect(updates.at(-1)).toMatchObject({ progress: 99.9, message: '999' })
  })
})

describe('the end', () => {
  it('S0-31, S0-32, S0-33: of a completed session is told at once, at 100, with its duration', async () => {
    const clock = new ManualClock()
    await using app = await seedApp({ clock })
    const id = app.tracker.createSession({ operation: 'csv-import' })
    const { heard } = await watch(app, id)
    await heard.next('progress-status')
    app.tracker.updateProgress(id, 10)
    await clock.advance(45_000)
    app.tracker.completeSession(id, 'Import completed successfully', { rowsProcessed: 5000, duplicatesRemoved: 42 })
    expect(await heard.next('progress-complete')).toMatchObject({
      sessionId: id,
      progress: 100,
      status: 'completed',
      message: 'Import completed successfully',
      metadata: { rowsProcessed: 5000, duplicatesRemoved: 42 },
      duration: 45_000,
    })
  })

  it('S0-35, S0-36, S0-37, S0-78: of a failed session is told at once, with code and details and without a stack', async () => {
    await using app = await seedApp()
    const id = app.tracker.createSession({ operation: 'csv-import' })
    const { heard } = await watch(app, id)
    await heard.next('progress-status')
    app.tracker.updateProgress(id, 30, 'Inserting', { rowsProcessed: 1500 })
    const error = new Error('database is locked')
    app.tracker.errorSession(id, 'Failed to import CSV', {
      code: 'SQLITE_BUSY',
      sqliteError: error.message,
      stack: error.stack,
    })
    const told = await heard.next('progress-error')
    expect(told).toMatchObject({
      sessionId: id,
      status: 'error',
      progress: 30,
      message: 'Failed to import CSV',
      metadata: { operation: 'csv-import', rowsProcessed: 1500, sqliteError: 'database is locked' },
      error: { code: 'SQLITE_BUSY', message: 'Failed to import CSV', sqliteError: 'database is locked' },
    })
    expect(JSON.stringify(told)).not.toContain('.ts:')
  })

  it.each([
    ['SQLITE_BUSY', true, {}],
    ['VALIDATION_FAILED', false, { fields: ['row 7: no date', 'row 9: no host'] }],
    ['PARSE_ERROR', false, { line: 12 }],
    ['MY_OWN_CODE', false, {}],
  ])('S0-78, S0-79: of %s says whether to try again, and what to show', async (code, retryable, details) => {
    await using app = await seedApp()
    const id = app.tracker.createSession({ operation: 'csv-import' })
    const { heard } = await watch(app, id)
    await heard.next('progress-status')
    app.tracker.errorSession(id, 'It failed', { code, ...details })
    expect(await heard.next('progress-error')).toMatchObject({
      error: { code, message: 'It failed', retryable, ...details },
    })
  })

  // Longer than any reconnect for who comes late, which the seed forgets.
  it.each([
    ['completed', 5_000],
    ['error', 10_000],
  ] as const)('S0-34, S0-38: of a %s one leaves memory after %d ms, and stays for who is late', async (status, ms) => {
    const clock = new ManualClock()
    await using app = await seedApp({ clock })
    const id = app.tracker.createSession()
    if (status === 'completed') app.tracker.completeSession(id)
    else app.tracker.errorSession(id, 'no')
    await clock.advance(ms - 1)
    expect(app.tracker.getSession(id)).toMatchObject({ status })
    await clock.advance(1)
    expect(app.tracker.getSession(id)).toBeNull()
    const { heard } = await watch(app, id)
    expect(await heard.next('progress-status')).toMatchObject({ sessionId: id, status })
  })

  it('S0-15, S0-40, S0-41, S0-42, S0-85: comes to a session that nobody has touched for 30 minutes, by itself', async () => {
    const clock = new ManualClock()
    await using app = await seedApp({ clock })
    const left = app.tracker.createSession()
    const alive = app.tracker.createSession()
    for (let minute = 0; minute < 61; minute++) {
      app.tracker.updateProgress(alive, 1) // the same value is a sign of life, too
      await clock.advance(60_000)
    }
    expect(app.tracker.getSession(left)).toBeNull()
    expect(app.tracker.getSession(alive)).not.toBeNull()
  })
})

describe('polling', () => {
  it('S0-69, S0-70: gives the same state, and the end that it stops at', async () => {
    await using app = await seedApp()
    const cookie = await app.login('ada')
    const id = app.tracker.createSession()
    const poll = async () => (await fetch(`${app.url}/api/progress/${id}`, { headers: { cookie } })).json()
    app.tracker.updateProgress(id, 45, 'half')
    expect(await poll()).toMatchObject({ sessionId: id, progress: 45, status: 'active', message: 'half' })
    app.tracker.completeSession(id)
    expect(await poll()).toMatchObject({ sessionId: id, progress: 100, status: 'completed' })
  })
})

describe('who may watch', () => {
  // What the seed claims, and does not check.
  it('S0-8, S0-51: is the owner: another user hears nothing, and is told that there is nothing', async () => {
    await using app = await seedApp()
    const id = app.tracker.createSession({ operation: 'csv-import' }, { owner: 'ada' })
    const mine = await watch(app, id)
    await mine.heard.next('progress-status')
    const cookie = await app.login('bob')
    const bob = app.socket(cookie)
    const heard = new Heard(bob)
    await connected(bob)
    expect(await bob.emitWithAck('join-progress', id, {})).toMatchObject({ error: { code: 'NOT_FOUND' } })
    app.tracker.updateProgress(id, 50)
    app.tracker.completeSession(id)
    await mine.heard.next('progress-complete')
    await bob.emitWithAck('leave-progress', id)
    expect(heard.all).toEqual([])
    expect((await fetch(`${app.url}/api/progress/${id}`, { headers: { cookie } })).status).toBe(404)
  })

  it.each(['csv-import', 'backup', 'restore', 'bulk-delete'])('S0-43: sees the kind of work: %s', async (operation) => {
    await using app = await seedApp()
    const { heard } = await watch(app, app.tracker.createSession({ operation }))
    expect(await heard.next('progress-status')).toMatchObject({ operation, metadata: { operation } })
  })
})

describe('a connection that ends', () => {
  it('S0-47, S0-49, S0-50, S0-73: says why, leaves nothing behind, and finds the present state when it is back', async () => {
    const reasons: unknown[] = []
    await using app = await seedApp({
      onSignal: (signal) => void (signal.name === 'disconnected' && reasons.push(signal.reason)),
    })
    const id = app.tracker.createSession({ operation: 'csv-import' })
    const { socket, heard } = await watch(app, id)
    await heard.next('progress-status')
    app.io.disconnectSockets(true)
    await new Promise<void>((resolve) => socket.once('disconnect', () => resolve()))
    expect(app.io.sockets.adapter.rooms.size).toBe(0)
    app.tracker.updateProgress(id, 70, 'went on')
    socket.connect()
    await connected(socket)
    socket.emit('join-progress', id)
    expect(await heard.next('progress-status')).toMatchObject({ progress: 70, message: 'went on' })
    expect(reasons).toEqual(['server namespace disconnect'])
  })
})

describe('the seed’s own wiring', () => {
  // design.md: a hand-written join handler over getSession and `new ProgressTracker(io)` alone keeps working
  it('S0-13, S0-44: works with a tracker that nobody serves', async () => {
    const http = createServer()
    const io = new Server(http)
    const tracker = new ProgressTracker(io)
    io.on('connection', (socket) => {
      socket.on('join-progress', (sessionId: string) => {
        void socket.join(`progress-${sessionId}`)
        const session = tracker.getSession(sessionId)
        if (!session) return
        const { progress, status, message, metadata } = session
        socket.emit('progress-status', { sessionId, progress, status, message, metadata })
      })
      socket.on('leave-progress', (sessionId: string) => void socket.leave(`progress-${sessionId}`))
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const socket = connect(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { transports: ['websocket'] })
    try {
      const heard = new Heard(socket)
      const id = tracker.createSession({ operation: 'restore' })
      socket.emit('join-progress', id)
      expect(await heard.next('progress-status')).toMatchObject({ sessionId: id, progress: 0 })
      tracker.updateProgress(id, 60, 'Processing')
      expect(await heard.next('progress-update')).toMatchObject({ sessionId: id, progress: 60, message: 'Processing' })
      tracker.completeSession(id, 'ok', { rowsProcessed: 5000 })
      expect(await heard.next('progress-complete')).toMatchObject({ metadata: { rowsProcessed: 5000 } })
    } finally {
      socket.close()
      await io.close()
      await tracker.close()
    }
  })
})
