import { eventSchemas, LIMITS, type Snapshot } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { Authorization } from '../auth/ownership'
import { memory } from '../backend/memory'
import { ProgressTracker } from '../progressTracker'
import { Desk } from '../viewing/desk'
import { Encoder } from './frame'
import type { HeardEvent } from './http.test-support'
import { rig } from './http.test-support'
import { Hub } from './hub'
import { Stream } from './stream'

const progressOf = ({ data }: HeardEvent): number => data.progress
const idsOf = ({ data }: HeardEvent): string[] => data.sessions.map(({ sessionId }: Snapshot) => sessionId)

describe('GET /events?ids=', () => {
  it('begins at once: headers, when to dial again, and how each session stands', async () => {
    const { tracker, listen, http } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const heard = await listen(`/events?ids=${id}`)
    expect(Object.fromEntries(heard.response.headers)).toEqual({
      'cache-control': 'no-cache, no-transform',
      'content-type': 'text/event-stream; charset=utf-8',
      vary: 'Cookie, Authorization',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    expect(heard.text.startsWith('retry: 2000\n\n')).toBe(true)
    expect(heard.names).toEqual(['progress-status'])
    expect(http.openStreams).toBe(1)
  })

  it('6: many of them, and requests beside them, ask the backend once, and not for lines where none was written', async () => {
    const clock = new ManualClock()
    const backend = memory({ clock })
    const worker = new ProgressTracker({ backend, clock })
    worker.createSessionWithId('a', {}, { owner: 'ada' })
    await worker.flush()
    const { listen, ask, node, settle } = rig({ clock, backend: () => backend })
    await settle()
    const asked: string[] = []
    const [get, readLog] = [backend.get.bind(backend), backend.readLog.bind(backend)]
    node.backend.get = (ids) => {
      asked.push('get')
      return get(ids)
    }
    node.backend.readLog = (...which) => {
      asked.push('readLog')
      return readLog(...which)
    }
    const streams = await Promise.all(Array.from({ length: 20 }, () => listen('/events?ids=a')))
    for (const { names } of streams) expect(names).toEqual(['progress-status'])
    for (let n = 0; n < 20; n++) expect((await ask('/a')).status).toBe(200)
    expect(asked).toEqual(['get'])
    // A comparison is for what may have been missed: it is asked anew.
    expect((await ask('/?ids=a')).status).toBe(200)
    expect(asked).toEqual(['get', 'get'])
    worker.updateProgress('a', 30)
    await clock.advance(200)
    expect(await (await ask('/a')).json()).toMatchObject({ progress: 30 })
    expect(asked).toEqual(['get', 'get'])
  })

  it('tells changes and the end by their names, with their places, as the protocol has them', async () => {
    // S0-28, S0-32
    const { tracker, listen, clock } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const heard = await listen(`/events?ids=${id}`)
    tracker.updateProgress(id, 40)
    await clock.advance(100)
    tracker.completeSession(id, 'Done')
    await clock.advance(0)
    expect(heard.names).toEqual(['progress-status', 'progress-update', 'progress-complete'])
    for (const { event, id: place, data } of heard.events) {
      const schema = eventSchemas[event as keyof typeof eventSchemas]
      expect(schema.parse(data)).toEqual(data)
      expect(place).toBe(`${id}@${data.epoch}.${data.revision}`)
    }
  })

  it.each([
    ['errorSession', 'progress-error'],
    ['cancelSession', 'progress-cancelled'],
  ] as const)('%s is told as %s', async (end, event) => {
    const { tracker, listen, settle } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const heard = await listen(`/events?ids=${id}`)
    tracker[end](id, 'No')
    await settle()
    expect(heard.names).toEqual(['progress-status', event])
  })

  it('carries several sessions, and nobody else hears of them', async () => {
    const { tracker, listen, settle } = rig()
    const ids = ['a', 'b', 'c']
    for (const id of ids) tracker.createSessionWithId(id, {}, { owner: 'ada' })
    const [heard, other] = [await listen('/events?ids=a,b'), await listen('/events?ids=a,b,c', 'bob')]
    for (const id of ids) tracker.updateProgress(id, 10)
    await settle()
    expect(heard.events.map(({ data }) => data.sessionId)).toEqual(['a', 'b', 'a', 'b'])
    expect(other.names).toEqual(ids.map(() => 'progress-gone'))
  })

  it('says of a session that is not made yet that it is not there, and awaits it', async () => {
    const { tracker, listen, settle } = rig()
    const heard = await listen('/events?ids=form-1')
    expect(heard.events).toEqual([{ event: 'progress-gone', data: { sessionId: 'form-1', code: 'NOT_FOUND' } }])
    tracker.createSessionWithId('form-1', {}, { owner: 'ada' })
    await settle()
    tracker.updateProgress('form-1', 3)
    await settle()
    expect(heard.news.map(({ event }) => event)).toEqual(['progress-status', 'progress-update'])
  })

  it('73: tells a new life of an id as a first state, and only to whom it belongs', async () => {
    const { tracker, listen, settle } = rig()
    tracker.createSessionWithId('a', {}, { owner: 'ada' })
    const [ada, bob] = [await listen('/events?ids=a'), await listen('/events?ids=a', 'bob')]
    tracker.completeSession('a')
    tracker.createSessionWithId('a', {}, { owner: 'bob' })
    tracker.updateProgress('a', 9)
    await settle()
    expect(ada.names).toEqual(['progress-status', 'progress-complete', 'progress-gone'])
    expect(bob.names).toEqual(['progress-gone', 'progress-status'])
    expect(bob.news.map(progressOf)).toEqual([9]) // the newest of what came while it was asked about
  })

  it('73: twin: by a rule that lets everybody see, who had the old life has the new one', async () => {
    const { tracker, listen, settle } = rig({ authorize: () => true })
    tracker.createSessionWithId('a', {}, { owner: 'ada' })
    const ada = await listen('/events?ids=a')
    tracker.completeSession('a')
    tracker.createSessionWithId('a', {}, { owner: 'bob' })
    await settle()
    expect(ada.names).toEqual(['progress-status', 'progress-complete', 'progress-status'])
  })

  it('asks the rule once per epoch and stream, however much happens', async () => {
    const asked: string[] = []
    const { tracker, listen, clock } = rig({
      authorize: ({ principal, session }) => {
        asked.push(session.sessionId)
        return principal.userId === session.owner
      },
    })
    const [id, foreign] = [tracker.createSession({}, { owner: 'ada' }), tracker.createSession({}, { owner: 'bob' })]
    await listen(`/events?ids=${id},${foreign}`)
    for (let progress = 1; progress <= 20; progress++) {
      tracker.updateProgress(id, progress)
      tracker.updateProgress(foreign, progress)
      await clock.advance(100)
    }
    expect(asked).toEqual([id, foreign])
  })

  it('misses no change between its first look and its listening', async () => {
    const { tracker, node, listen, clock } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const stale = await node.read(id)
    node.recent = () => new Promise((resolve) => clock.after(50, () => resolve(stale)))
    const heard = await listen(`/events?ids=${id}`)
    tracker.updateProgress(id, 70)
    await clock.advance(1_000)
    expect(heard.events.map(progressOf)).toEqual([70])
  })
})

describe('a reconnect', () => {
  it('sends no state again that the client has, by Last-Event-ID', async () => {
    const { tracker, listen, settle } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const before = await listen(`/events?ids=${id}`)
    const place = before.events[0]?.id ?? ''
    before.leave()
    const again = await listen(`/events?ids=${id}`, 'ada', { 'last-event-id': place })
    expect(again.names).toEqual([])
    tracker.updateProgress(id, 5)
    await settle()
    expect(again.names).toEqual(['progress-update'])
    tracker.completeSession(id)
    const late = await listen(`/events?ids=${id}`, 'ada', { 'last-event-id': place })
    expect(late.events.map(({ event, data }) => [event, data.status])).toEqual([['progress-status', 'completed']])
  })

  it('sends only what is newer than `since`, for each session', async () => {
    const { tracker, listen, ask } = rig()
    for (const id of ['a', 'b']) tracker.createSessionWithId(id, {}, { owner: 'ada' })
    const position = async (id: string) => (await ask(`/${id}`)).headers.get('etag')?.slice(1, -1)
    const query = `since=a@${await position('a')}&since=b@${await position('b')}`
    tracker.updateProgress('b', 5)
    const heard = await listen(`/events?ids=a,b&${query}`)
    expect(heard.events.map(({ data }) => data.sessionId)).toEqual(['b'])
  })

  it('says that a session is gone which the client had, and which it may see no longer', async () => {
    // G6
    const { tracker, listen, ask } = rig()
    tracker.createSessionWithId('a', {}, { owner: 'ada' })
    const position = (await ask('/a')).headers.get('etag')?.slice(1, -1)
    const heard = await listen(`/events?ids=a,unknown&since=a@${position}&since=unknown@${position}`, 'bob')
    expect(heard.events).toEqual([
      { event: 'progress-gone', data: { sessionId: 'unknown', code: 'NOT_FOUND' } },
      { event: 'progress-gone', data: { sessionId: 'a', code: 'NOT_FOUND' } },
    ])
  })

  it('passes over a Last-Event-ID that is none', async () => {
    const { tracker, listen } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const heard = await listen(`/events?ids=${id}`, 'ada', { 'last-event-id': "1'; DROP TABLE sessions" })
    expect(heard.names).toEqual(['progress-status'])
  })
})

describe('log lines', () => {
  it('come from the first that is kept, then as they are written', async () => {
    const { tracker, listen, clock } = rig()
    const run = tracker.run('import', { owner: 'ada', id: 'a' }, async (task) => {
      for (let line = 0; line < 250; line++) task.log(`line ${line}`)
      await new Promise<void>((resolve) => clock.after(1_000, resolve))
      task.log('more', 'warn')
      await new Promise<void>((resolve) => clock.after(1_000, resolve))
    })
    await clock.advance(500)
    const heard = await listen('/events?ids=a')
    await clock.advance(1_000)
    const logs = heard.events.filter(({ event }) => event === 'progress-log').map(({ data }) => data)
    for (const data of logs) expect(eventSchemas['progress-log'].parse(data)).toEqual(data)
    expect(logs[0]).toMatchObject({ sessionId: 'a', from: 50, gap: 50 })
    expect(logs[0].lines).toHaveLength(200)
    expect(logs[1]).toMatchObject({ from: 250, lines: [{ text: 'more', level: 'warn' }] })
    await clock.advance(1_000)
    await run
  })

  it('73: are not for those who may not see the session', async () => {
    const { tracker, listen, clock } = rig()
    void tracker.run('import', { owner: 'ada', id: 'a' }, async (task) => {
      task.log('secret')
      await new Promise<void>((resolve) => clock.after(500, resolve))
      task.log('secret')
    })
    const heard = await listen('/events?ids=a', 'bob')
    await clock.advance(1_000)
    expect(heard.names).toEqual(['progress-gone'])
  })

  it('73: twin: by a rule that lets everybody see, they are told', async () => {
    const { tracker, listen } = rig({ authorize: () => true })
    void tracker.run('import', { owner: 'ada', id: 'a' }, async (task) => task.log('secret'))
    const heard = await listen('/events?ids=a', 'bob')
    expect(heard.text).toContain('secret')
  })
})

describe('GET /events?mine=1', () => {
  it("tells the caller's own in one packet, also when there are none", async () => {
    const { tracker, listen } = rig()
    for (const id of ['a', 'b']) tracker.createSessionWithId(id, {}, { owner: 'ada' })
    tracker.createSessionWithId('c', {}, { owner: 'bob' })
    const [ada, cyd] = [await listen('/events?mine=1'), await listen('/events?mine=1', 'cyd')]
    expect(ada.names).toEqual(['progress-batch'])
    expect(ada.events.flatMap(idsOf).sort()).toEqual(['a', 'b'])
    expect(cyd.events).toEqual([{ event: 'progress-batch', data: { sessions: [] } }])
  })

  it('tells changes of them, those of one moment together, also of sessions made later', async () => {
    const { tracker, listen, settle } = rig()
    const heard = await listen('/events?mine=1')
    for (const id of ['a', 'b']) tracker.createSessionWithId(id, {}, { owner: 'ada' })
    tracker.createSessionWithId('c', {}, { owner: 'bob' })
    await settle()
    for (const id of ['a', 'b', 'c']) tracker.updateProgress(id, 10)
    await settle()
    expect(heard.names).toEqual(['progress-batch', 'progress-batch', 'progress-batch'])
    expect(heard.events.map(idsOf)).toEqual([[], ['a', 'b'], ['a', 'b']])
  })

  it('goes together with ids: a watched session has its own events, too', async () => {
    const { tracker, listen, settle } = rig()
    tracker.createSessionWithId('a', {}, { owner: 'ada' })
    const heard = await listen('/events?ids=a&mine=1')
    tracker.completeSession('a')
    await settle()
    expect(heard.names.filter((name) => name !== 'progress-batch')).toEqual(['progress-status', 'progress-complete'])
    expect(heard.events.filter(({ event }) => event === 'progress-batch').flatMap(idsOf)).toEqual(['a', 'a'])
  })

  it('has only those of the caller in the packet, whatever else is watched', async () => {
    const { tracker, listen, settle } = rig()
    tracker.createSessionWithId('open', {})
    const heard = await listen('/events?ids=open&mine=1')
    tracker.updateProgress('open', 10)
    await settle()
    expect(heard.events.filter(({ event }) => event === 'progress-batch').flatMap(idsOf)).toEqual([])
    expect(heard.names.filter((name) => name !== 'progress-batch')).toEqual(['progress-status', 'progress-update'])
  })

  it('tells each end, and does not grow with every session that ends', async () => {
    let asked = 0
    const { tracker, listen, clock, http } = rig({
      authorize: () => {
        asked += 1
        return true
      },
    })
    const heard = await listen('/events?mine=1')
    for (let i = 0; i < 500; i++) {
      const id = tracker.createSession({}, { owner: 'ada' })
      await clock.advance(0)
      tracker.completeSession(id)
      await clock.advance(0)
    }
    const ends = heard.events
      .flatMap(({ data }) => data.sessions)
      .filter(({ status }: Snapshot) => status === 'completed')
    expect([ends.length, asked]).toEqual([500, 500])
    await http.recheck()
    expect(asked).toBe(700) // all that it still remembers
  })
})

describe('GET /events?mine=1 of somebody with very many', () => {
  const filler = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key-${n}`, 'x'.repeat(180)]))
  const sizeOf = (heard: { readonly text: string }): number => heard.text.replaceAll(':\n\n', '').length

  function shared() {
    const clock = new ManualClock()
    const backend = memory({ clock })
    return { there: new ProgressTracker({ clock, backend }), here: rig({ backend: () => backend, clock }), clock }
  }

  function endMany(tracker: ProgressTracker, prefix: string, count: number, metadata = {}): void {
    for (let n = 0; n < count; n++) {
      tracker.createSessionWithId(`${prefix}-${n}`, metadata, { owner: 'ada' })
      tracker.completeSession(`${prefix}-${n}`)
    }
  }

  it('begins with as much as one list has', async () => {
    // G8
    const { tracker, listen } = rig()
    endMany(tracker, 'end', 200, filler)
    tracker.createSessionWithId('running', {}, { owner: 'ada' })
    const heard = await listen('/events?mine=1')
    expect(heard.events.flatMap(idsOf)[0]).toBe('running')
    expect(heard.text.length).toBeLessThan(LIMITS.listBytes + 1_000)
  })

  it('says the end of one that the client has, however many newer ones there are', async () => {
    // G4
    const { tracker, listen, ask, clock } = rig()
    tracker.createSessionWithId('old', {}, { owner: 'ada' })
    const position = (await ask('/old')).headers.get('etag')?.slice(1, -1)
    tracker.completeSession('old')
    await clock.advance(1)
    endMany(tracker, 'end', 200, filler)
    const told = async (path: string) => (await listen(path)).events.flatMap(idsOf).includes('old')
    expect([await told('/events?mine=1'), await told(`/events?mine=1&since=old@${position}`)]).toEqual([false, true])
  })

  it('says nothing again while nothing happens, whoever else names one of them', async () => {
    const { there, here, clock } = shared()
    endMany(there, 'end', 2_000)
    there.createSessionWithId('running', {}, { owner: 'ada' })
    await clock.advance(0)
    const heard = await here.listen('/events?mine=1')
    await here.listen('/events?ids=end-0,end-1999')
    const before = sizeOf(heard)
    await clock.advance(5 * LIMITS.syncIntervalMs)
    expect(sizeOf(heard)).toBe(before)
    await there.close()
  })

  it('says each of many ends that come while it is open once', async () => {
    const { there, here, clock } = shared()
    const heard = await here.listen('/events?mine=1')
    endMany(there, 'end', 2_000)
    await clock.advance(5 * LIMITS.syncIntervalMs)
    const ends = heard.events.flatMap(idsOf)
    expect([ends.length, new Set(ends).size]).toEqual([2_000, 2_000])
    await there.close()
  })

  it('says an end whose message was lost at the next look, however long ago it was', async () => {
    // G3
    const { there, here, clock } = shared()
    for (const id of ['a', 'b']) there.createSessionWithId(id, {}, { owner: 'ada' })
    await clock.advance(0)
    const heard = await here.listen('/events?mine=1')
    const { hear, backend } = here.node
    here.node.hear = () => {}
    const { put } = backend
    const late: (() => void)[] = []
    backend.put = (entry, keepMs) =>
      new Promise((resolve) => late.push(() => resolve(put.call(backend, entry, keepMs))))
    there.completeSession('a')
    await clock.advance(3 * LIMITS.syncIntervalMs)
    for (const go of late) go()
    await clock.advance(LIMITS.syncIntervalMs)
    here.node.hear = hear
    const last = heard.events.at(-1)?.data.sessions
    expect(last).toMatchObject([{ sessionId: 'a', status: 'completed' }])
    backend.put = put
    await there.close()
  })
})

describe('two processes', () => {
  it('a stream here hears what a job does there', async () => {
    // reliability.md 96
    const clock = new ManualClock()
    const backend = memory({ clock })
    const there = new ProgressTracker({ clock, backend })
    const here = rig({ backend: () => backend })
    const id = there.createSession({}, { owner: 'ada' })
    await clock.advance(0)
    const heard = await here.listen(`/events?ids=${id}`)
    there.updateProgress(id, 30)
    await clock.advance(100)
    there.completeSession(id)
    await clock.advance(0)
    await here.settle()
    expect(heard.names).toEqual(['progress-status', 'progress-update', 'progress-complete'])
    await there.close()
  })
})

describe('the end of a stream', () => {
  it('leaves nothing behind when its client goes away', async () => {
    // reliability.md 87
    const { tracker, node, listen, http, settle, timersLeft, clock } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    await clock.advance(1_000)
    const before = timersLeft()
    const unlistened: number[] = []
    const { listen: original } = node
    node.listen = (listener) => {
      const stop = original.call(node, listener)
      return () => {
        unlistened.push(1)
        stop()
      }
    }
    const streams = [await listen(`/events?ids=${id},b,c&mine=1`), await listen(`/events?ids=${id}`)]
    expect([timersLeft() - before, http.openStreams]).toEqual([2, 2])
    for (const stream of streams) stream.leave()
    await settle()
    expect([timersLeft() - before, http.openStreams, unlistened]).toEqual([0, 0, [1]])
    expect(streams.map(({ isOver }) => isOver)).toEqual([true, true])
    const said = streams[0]?.text
    tracker.completeSession(id)
    await settle()
    expect(streams[0]?.text).toBe(said)
  })

  it('is said before the server goes', async () => {
    // reliability.md 30
    const { listen, http, ask, settle, timersLeft, clock } = rig()
    const heard = await listen('/events?ids=a')
    http.close()
    await settle()
    expect(heard.news).toEqual([{ event: 'progress-bye', data: { code: 'DRAINING', retryAfterMs: 1_000 } }])
    expect(heard.isOver).toBe(true)
    await clock.advance(1_000)
    expect([http.openStreams, timersLeft()]).toEqual([0, 0])
    expect((await ask('/events?ids=a')).status).toBe(503)
  })

  it('is said when the backend fails at its beginning', async () => {
    const { listen, node, named } = rig()
    node.backend.get = () => Promise.reject(new Error('away'))
    const heard = await listen('/events?ids=a')
    expect(heard.events).toEqual([{ event: 'progress-bye', data: { code: 'UNAVAILABLE', retryAfterMs: 1_000 } }])
    expect([heard.isOver, named('store-failed').length]).toEqual([true, 1])
  })

  it('comes for a reader that takes nothing, and the memory that it holds is bounded', async () => {
    // reliability.md 17
    const { tracker, http, clock, named, timersLeft } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const headers = { authorization: 'Bearer ada' }
    const response = await http.fetch(new Request(`http://app.test/events?ids=${id}`, { headers }))
    const text = 'x'.repeat(150)
    for (let i = 0; i < 2_000 && http.openStreams > 0; i++) {
      tracker.updateProgress(id, i / 20, `${i}`, { a: text, b: text, c: text, d: text, e: text, f: text })
      await clock.advance(100)
    }
    await clock.advance(1_000)
    expect(named('slow')).toEqual([expect.objectContaining({ userId: 'ada', disconnected: true })])
    expect([http.openStreams, timersLeft()]).toEqual([0, 0])
    await expect(response.text()).rejects.toThrow('took nothing')
  })

  it('a reader that was slow for a while gets the newest state', async () => {
    // reliability.md 15
    const { tracker, http, clock } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const headers = { authorization: 'Bearer ada' }
    const response = await http.fetch(new Request(`http://app.test/events?ids=${id}`, { headers }))
    const text = 'x'.repeat(150)
    for (let i = 1; i <= 200; i++) {
      tracker.updateProgress(id, i / 4, `${i}`, { a: text, b: text, c: text, d: text, e: text, f: text })
      await clock.advance(100)
    }
    tracker.completeSession(id, 'Done')
    setImmediate(() => http.close())
    const said = await response.text()
    const revisions = [...said.matchAll(/"revision":(\d+)/g)].map(([, revision]) => Number(revision))
    expect(revisions.length).toBeLessThan(100)
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
    expect(said).toContain('event: progress-complete')
  })
})

describe('a stream that is over before it begins', () => {
  /** A stream of ada’s that has not begun, and what it says. */
  function early() {
    const { node } = rig()
    const hub = new Hub(node)
    const said: string[] = []
    const sink = { write: (text: string) => said.push(text) > 0, end: () => said.push('end'), destroy: () => {} }
    const desk = new Desk(node, new Authorization(undefined, node.clock, node.signals))
    const caller = { userId: 'ada', roles: [], principal: { userId: 'ada' } }
    const ask = { ids: ['a'], mine: true, held: new Map() }
    const stream = new Stream({ node, desk, hub, encoder: new Encoder() }, caller, ask, sink)
    return { hub, said, stream }
  }

  it('80: subscribes to nothing, and says why', async () => {
    const { hub, said, stream } = early()
    stream.bye('REVOKED')
    await stream.begin()
    expect([hub.size, said]).toEqual([0, ['event: progress-bye\ndata: {"code":"REVOKED"}\n\n', 'end']])
    stream.left()
  })

  it('80: twin: nobody said so, and it subscribes', async () => {
    const { hub, said, stream } = early()
    await stream.begin()
    expect(hub.size).toBe(2) // the session, and what is ada’s own
    expect(said.join('')).toContain('event: progress-batch')
    stream.left()
  })

  it('is not opened for a request that was given up before it came', async () => {
    // reliability.md 87
    const { http, timersLeft, settle } = rig()
    const headers = { authorization: 'Bearer ada' }
    const url = 'http://app.test/api/progress/events?ids=a'
    await http.fetch(new Request(url, { headers, signal: AbortSignal.abort() }))
    await settle()
    expect([http.openStreams, timersLeft()]).toEqual([0, 0])
  })
})
