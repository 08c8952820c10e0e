// The seed's walk, item by item, over a real socket with a plain socket.io-client that knows nothing of positions.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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
  // S0-1, S0-5
  it('refuses who has no session, and says so', async () => {
    await using app = await seedApp()
    const refusal = await connected(app.socket(undefined)).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ data: { code: 'UNAUTHENTICATED' } })
  })

  // S0-4, S0-7, S0-12
  it('loads the session that the app’s own requests have', async () => {
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
  // S0-18, S0-19, S0-17
  it('has a random UUID, stands at 0 and is active', async () => {
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
    // S0-39
    expect(app.tracker.getSession('no-such-id')).toBeNull()
  })

  // S0-22, S0-23
  it('takes an id that the front end has made, also before it is made here', async () => {
    await using app = await seedApp()
    const id = crypto.randomUUID()
    const { heard } = await watch(app, id)
    app.tracker.createSessionWithId(id, { operation: 'csv-import' })
    expect(await heard.next('progress-status')).toMatchObject({ sessionId: id, progress: 0, status: 'active' })
  })
})

describe('join-progress', () => {
  // S0-44, S0-45, S0-46
  it('gives the current state to that socket alone', async () => {
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

  // S0-21, S0-51
  it('is the only way to hear of a session', async () => {
    await using app = await seedApp()
    const bystander = await watch(app)
    const watched = app.tracker.createSession()
    const { heard } = await watch(app, watched)
    await heard.next('progress-status')
    app.tracker.updateProgress(watched, 10)
    await heard.next('progress-update')
    expect(bystander.heard.all).toEqual([])
  })

  // S0-48, S0-66
  it('ends with leave-progress', async () => {
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
    // S0-82: rooms vanish when they are empty
    expect(app.io.sockets.adapter.rooms.has(`progress-${left}`)).toBe(false)
  })
})

describe('progress-update', () => {
  // S0-25, S0-27, S0-28, S0-30
  it('carries progress, message, merged metadata and the time', async () => {
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

  // S0-26
  it.each([
    [250, 100],
    [-5, 0],
  ])('clamps %d to %d', async (given, shown) => {
    await using app = await seedApp()
    const id = app.tracker.createSession()
    app.tracker.updateProgress(id, given)
    expect(app.tracker.getSession(id)?.progress).toBe(shown)
  })

  // S0-29, S0-80; and the last value of a burst, which the seed loses
  it('goes out at most ten times a second, the first and the last value always', async () => {
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
  // S0-31, S0-32, S0-33
  it('of a completed session is told at once, at 100, with its duration', async () => {
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

  // S0-35, S0-36, S0-37, S0-78
  it('of a failed session is told at once, with code and details and without a stack', async () => {
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

  // S0-34, S0-38; and longer than any reconnect for who comes late, which the seed forgets
  it.each([
    ['completed', 5_000],
    ['error', 10_000],
  ] as const)('of a %s session leaves getSession after %d ms, and stays for who joins late', async (status, ms) => {
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

  // S0-15, S0-40, S0-41
  it('comes to a session that nobody has touched for 30 minutes, by itself', async () => {
    const clock = new ManualClock()
    await using app = await seedApp({ clock })
    const left = app.tracker.createSession()
    const alive = app.tracker.createSession()
    for (let minute = 0; minute < 61; minute++) {
      app.tracker.updateProgress(alive, 1) // S0-42: the same value is a sign of life, too
      await clock.advance(60_000)
    }
    expect(app.tracker.getSession(left)).toBeNull()
    expect(app.tracker.getSession(alive)).not.toBeNull()
  })
})

describe('polling', () => {
  // S0-69, S0-70
  it('gives the same state, and the end that it stops at', async () => {
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
  // S0-8, S0-51: what the seed claims and does not check
  it('is the owner: another user hears nothing, and is told that there is nothing', async () => {
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

  // S0-43
  it.each(['csv-import', 'backup', 'restore', 'bulk-delete'])('sees what kind of work it is: %s', async (operation) => {
    await using app = await seedApp()
    const { heard } = await watch(app, app.tracker.createSession({ operation }))
    expect(await heard.next('progress-status')).toMatchObject({ operation, metadata: { operation } })
  })
})

describe('a connection that ends', () => {
  // S0-47, S0-49, S0-50, S0-73
  it('says why, leaves nothing behind, and finds the present state when it is back', async () => {
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
  it('works with a tracker that nobody serves', async () => {
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
