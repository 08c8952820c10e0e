import type { Snapshot } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { allowAnonymous } from '../auth/authenticate'
import { memory } from '../backend/memory'
import { deferred } from '../recorder.test-support'
import { rig } from './http.test-support'

/** Resolves to the answer's status and progress, and tells whether it is there yet. */
function watched(asked: Promise<Response>) {
  const seen: { status?: number; body?: Snapshot } = {}
  const done = asked.then(async (response) => {
    seen.status = response.status
    if (response.status === 200) seen.body = (await response.json()) as Snapshot
  })
  return { seen, done }
}

describe('a long poll', () => {
  it('answers at once where there is something newer, and where nothing is known yet', async () => {
    const { tracker, ask } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const first = await ask(`/${id}?wait=20`)
    const since = first.headers.get('etag')?.slice(1, -1)
    tracker.updateProgress(id, 5)
    const second = await ask(`/${id}?wait=20&since=${since}`)
    expect([first.status, second.status]).toEqual([200, 200])
    expect(await second.json()).toMatchObject({ progress: 5 })
  })

  it('answers with the change, when it comes', async () => {
    const { tracker, ask, clock, timersLeft } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const since = (await ask(`/${id}`)).headers.get('etag')?.slice(1, -1)
    const { seen, done } = watched(ask(`/${id}?wait=20&since=${since}`))
    await clock.advance(5_000)
    expect(seen).toEqual({})
    tracker.updateProgress(id, 70)
    await done
    expect(seen).toMatchObject({ status: 200, body: { progress: 70 } })
    await clock.advance(100)
    expect(timersLeft()).toBe(0)
  })

  it('answers with the end, at once', async () => {
    const { tracker, ask, clock } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    tracker.updateProgress(id, 50)
    const since = (await ask(`/${id}`)).headers.get('etag')?.slice(1, -1)
    const { seen, done } = watched(ask(`/${id}?wait=20&since=${since}`))
    await clock.advance(1_000)
    tracker.errorSession(id, 'No')
    await done
    expect(seen).toMatchObject({ status: 200, body: { status: 'error' } })
  })

  it('answers 304 after `wait`, and no sooner', async () => {
    const { tracker, ask, clock, timersLeft } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const since = (await ask(`/${id}`)).headers.get('etag')?.slice(1, -1)
    const { seen, done } = watched(ask(`/${id}?wait=20&since=${since}`))
    await clock.advance(19_999)
    expect(seen).toEqual({})
    await clock.advance(1)
    await done
    expect([seen.status, timersLeft()]).toEqual([304, 0])
  })

  it('waits by If-None-Match as by `since`', async () => {
    const { tracker, ask, clock } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const etag = (await ask(`/${id}`)).headers.get('etag') ?? ''
    const { seen, done } = watched(ask(`/${id}?wait=5`, 'ada', { headers: { 'if-none-match': etag } }))
    await clock.advance(4_999)
    expect(seen).toEqual({})
    tracker.updateProgress(id, 1)
    await done
    expect(seen.status).toBe(200)
  })

  it('misses no change between its first look and its listening', async () => {
    const { tracker, ask, node, clock } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const since = (await ask(`/${id}`)).headers.get('etag')?.slice(1, -1)
    const stale = await node.read(id)
    const late = deferred<typeof stale>()
    node.read = () => late.promise // what was read before the change arrives after it
    const { seen, done } = watched(ask(`/${id}?wait=20&since=${since}`))
    await clock.advance(0)
    tracker.updateProgress(id, 70)
    late.resolve(stale)
    await done
    expect(seen).toMatchObject({ status: 200, body: { progress: 70 } })
  })

  it('waits for a session that is not made yet, and answers when it is', async () => {
    const { tracker, ask, clock } = rig()
    const { seen, done } = watched(ask('/form-1?wait=20'))
    await clock.advance(3_000)
    tracker.createSessionWithId('form-1', {}, { owner: 'ada' })
    await done
    expect(seen.status).toBe(200)
  })

  it('74, 75: answers 404 for unknown and foreign ids alike, both at the end of `wait`', async () => {
    const { tracker, ask, clock } = rig()
    const foreign = tracker.createSession({}, { owner: 'bob' })
    const polls = [watched(ask('/unknown?wait=3')), watched(ask(`/${foreign}?wait=3`))]
    await clock.advance(2_999)
    tracker.updateProgress(foreign, 50)
    await clock.advance(0)
    expect(polls.map(({ seen }) => seen.status)).toEqual([undefined, undefined])
    await clock.advance(1)
    await Promise.all(polls.map(({ done }) => done))
    expect(polls.map(({ seen }) => seen.status)).toEqual([404, 404])
  })

  it('74, 75: twin: to whom may see it, it answers at once', async () => {
    const { tracker, ask, clock } = rig({ authorize: () => true })
    const foreign = tracker.createSession({}, { owner: 'bob' })
    const { seen, done } = watched(ask(`/${foreign}?wait=3`))
    await clock.advance(0)
    await done
    expect(seen.status).toBe(200)
  })

  it('73: does not show a new life of the id to whom it does not belong', async () => {
    const { tracker, ask, clock } = rig()
    tracker.createSessionWithId('a', {}, { owner: 'ada' })
    tracker.completeSession('a')
    const since = (await ask('/a')).headers.get('etag')?.slice(1, -1)
    const { seen, done } = watched(ask(`/a?wait=3&since=${since}`))
    await clock.advance(1_000)
    tracker.createSessionWithId('a', { secret: 1 }, { owner: 'bob' })
    await clock.advance(2_000)
    await done
    expect(seen.status).toBe(404)
  })

  it('73: twin: by a rule that lets everybody see, the new life is shown', async () => {
    const { tracker, ask, clock } = rig({ authorize: () => true })
    tracker.createSessionWithId('a', {}, { owner: 'ada' })
    tracker.completeSession('a')
    const since = (await ask('/a')).headers.get('etag')?.slice(1, -1)
    const asked = ask(`/a?wait=3&since=${since}`)
    await clock.advance(1_000)
    tracker.createSessionWithId('a', { secret: 1 }, { owner: 'bob' })
    await clock.advance(0)
    expect(await (await asked).text()).toContain('secret')
  })

  it('leaves nothing behind when its client goes away', async () => {
    // reliability.md 87
    const { tracker, node, http, clock, timersLeft } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const leaving = new AbortController()
    let unlistened = 0
    const { listen } = node
    node.listen = (listener) => {
      const stop = listen.call(node, listener)
      return () => {
        unlistened += 1
        stop()
      }
    }
    const headers = { authorization: 'Bearer ada', 'if-none-match': '*' }
    const asked = http.fetch(new Request(`http://app.test/${id}?wait=20`, { headers, signal: leaving.signal }))
    await clock.advance(1_000)
    expect([timersLeft(), unlistened]).toEqual([1, 0])
    leaving.abort()
    await asked
    expect([timersLeft(), unlistened]).toEqual([0, 1])
  })

  it('ends with the server, and none begins after that', async () => {
    // reliability.md 30
    const { tracker, ask, http, clock } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const polls = [ask('/unknown?wait=20'), ask(`/${id}?wait=20`, 'ada', { headers: { 'if-none-match': '*' } })]
    await clock.advance(1_000)
    http.close()
    for (const response of [...(await Promise.all(polls)), await ask('/other?wait=20')]) {
      expect([response.status, await response.json()]).toEqual([
        503,
        { error: { code: 'DRAINING', message: 'The server is restarting.' } },
      ])
      expect(response.headers.get('retry-after')).toBe('1')
    }
    expect((await ask(`/${id}`)).status).toBe(200)
  })

  it('takes no more than 100 of a user', async () => {
    const { ask, clock, http } = rig()
    const polls = Array.from({ length: 100 }, (_, i) => ask(`/id-${i}?wait=20`))
    await clock.advance(0)
    expect((await ask('/more?wait=20')).status).toBe(429)
    http.close()
    expect(new Set((await Promise.all(polls)).map(({ status }) => status))).toEqual(new Set([503]))
  })

  it('twin: everybody’s are not counted, and the 101st is taken', async () => {
    const { ask, clock, http } = rig({ authenticate: allowAnonymous() })
    const polls = Array.from({ length: 101 }, (_, i) => ask(`/id-${i}?wait=20`))
    await clock.advance(0)
    http.close()
    expect(new Set((await Promise.all(polls)).map(({ status }) => status))).toEqual(new Set([503]))
  })

  it('hears of a session that another process works on, also when the message was lost', async () => {
    // G3
    const clocks = rig()
    const backend = memory({ clock: clocks.clock })
    const { tracker, ask, clock, node } = rig({ backend: () => backend })
    const id = tracker.createSession({}, { owner: 'ada' })
    await clock.advance(0)
    const entry = await node.read(id)
    const since = (await ask(`/${id}`)).headers.get('etag')?.slice(1, -1)
    const { seen, done } = watched(ask(`/${id}?wait=20&since=${since}`))
    await clock.advance(0)
    if (!entry) throw new Error('it was just made')
    // Nobody tells; only a look finds it.
    node.read = async () => ({ ...entry, snapshot: { ...entry.snapshot, revision: entry.snapshot.revision + 1 } })
    await clock.advance(9_999)
    expect(seen).toEqual({})
    await clock.advance(1)
    await done
    expect(seen.status).toBe(200)
  })
})
