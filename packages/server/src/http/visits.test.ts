import { ProgressError } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { deferred } from '../recorder.test-support'
import { rig, tokenIsUser } from './http.test-support'

const bye = (code: string) => ({ event: 'progress-bye', data: { code } })

describe('a login that is withdrawn', () => {
  it('66, 68: ends the streams and long polls of it, and says why', async () => {
    const { tracker, http, ask, listen, settle } = rig()
    const id = tracker.createSession({})
    const [ada, bob] = [await listen(`/events?ids=${id}`), await listen(`/events?ids=${id}`, 'bob')]
    const polls = [ask('/unknown?wait=20'), ask('/unknown?wait=20', 'bob')]
    await settle()
    http.revoked(({ userId }) => userId === 'ada')
    tracker.updateProgress(id, 50)
    await settle()
    expect(ada.events.at(-1)).toEqual(bye('REVOKED'))
    expect(ada.names).toEqual(['progress-status', 'progress-bye'])
    expect([ada.isOver, bob.isOver, bob.names]).toEqual([true, false, ['progress-status', 'progress-update']])
    const response = await polls[0]
    expect([response?.status, await response?.json()]).toEqual([
      401,
      { error: { code: 'REVOKED', message: 'The login was ended. Log in again.' } },
    ])
  })

  it('66, 68: twin: unheard, they go on', async () => {
    const { tracker, ask, listen, settle, clock } = rig()
    const id = tracker.createSession({})
    const ada = await listen(`/events?ids=${id}`)
    const poll = ask('/later?wait=20')
    await settle()
    tracker.updateProgress(id, 50)
    tracker.createSessionWithId('later', {})
    await clock.advance(100)
    expect([ada.names, ada.isOver]).toEqual([['progress-status', 'progress-update'], false])
    expect((await poll).status).toBe(200)
  })

  it('80: gets nothing that was read before, and opens no stream that was asked for before', async () => {
    const { tracker, http, node, ask, settle } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const entry = await node.read(id)
    const reading = deferred<typeof entry>()
    node.read = node.recent = () => reading.promise
    const asked = [ask(`/${id}`), ask(`/?ids=${id}`)]
    await settle()
    http.revoked(() => true)
    reading.resolve(entry)
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([401, 401])
  })

  it('80: twin: unheard, what was read before is told', async () => {
    const { tracker, node, ask, settle } = rig()
    const id = tracker.createSession({}, { owner: 'ada' })
    const entry = await node.read(id)
    const reading = deferred<typeof entry>()
    node.read = node.recent = () => reading.promise
    const asked = [ask(`/${id}`), ask(`/?ids=${id}`)]
    await settle()
    reading.resolve(entry)
    const told = await Promise.all((await Promise.all(asked)).map((response) => response.text()))
    expect(told.map((text) => text.includes(id))).toEqual([true, true])
  })

  it('79: holds also where it was not known yet whose the request is', async () => {
    const identified = deferred()
    const { tracker, http, ask, settle } = rig({
      authenticate: async (request) => {
        await identified.promise
        return tokenIsUser(request)
      },
    })
    const id = tracker.createSession({}, { owner: 'ada' })
    const asked = [ask(`/${id}`), ask(`/events?ids=${id}`), ask('/', 'bob')]
    await settle()
    http.revoked(({ userId }) => userId === 'ada')
    identified.resolve()
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([401, 401, 200])
    expect(http.openStreams).toBe(0)
  })

  it('79: twin: unheard, who is known a moment later is served', async () => {
    const identified = deferred()
    const { tracker, http, ask, settle } = rig({
      authenticate: async (request) => {
        await identified.promise
        return tokenIsUser(request)
      },
    })
    const id = tracker.createSession({}, { owner: 'ada' })
    const asked = [ask(`/${id}`), ask(`/events?ids=${id}`)]
    await settle()
    identified.resolve()
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200])
    expect(http.openStreams).toBe(1)
    http.close()
  })
})

describe('recheck', () => {
  it('66: reads the login anew: what the request carried when it came does not count', async () => {
    const asked: (true | undefined)[] = []
    const { http, listen, settle } = rig({
      authenticate: (request) => {
        asked.push(request.fresh)
        return request.fresh ? null : tokenIsUser(request) // logged out since
      },
    })
    const heard = await listen('/events?ids=a')
    await http.recheck()
    await settle()
    expect(asked).toEqual([undefined, true])
    expect([heard.news, heard.isOver]).toEqual([[bye('REVOKED')], true])
  })

  it('66: twin: by what the request carried when it came, who has logged out goes on', async () => {
    const { http, listen, settle } = rig({ authenticate: ({ fresh: _, ...request }) => tokenIsUser(request) })
    const heard = await listen('/events?ids=a')
    await http.recheck()
    await settle()
    expect([heard.news, heard.isOver]).toEqual([[], false])
  })

  it('65: asks to come back where the login could not be read, and sends nobody to the login page', async () => {
    const { http, listen, settle } = rig({
      authenticate: (request) => {
        if (request.fresh) throw new ProgressError('UNAVAILABLE', 'the session store is away')
        return tokenIsUser(request)
      },
    })
    const heard = await listen('/events?ids=a')
    await http.recheck()
    await settle()
    expect(heard.news).toEqual([{ event: 'progress-bye', data: { code: 'UNAVAILABLE', retryAfterMs: 1_000 } }])
  })

  it.each([
    ['EXPIRED', { userId: 'ada', expiresAt: Date.UTC(2026, 0, 1) + 10_000 }, null],
    ['REVOKED', { userId: 'ada' }, null],
    ['REVOKED', { userId: 'ada' }, { userId: 'bob' }],
  ])('66, 67: ends a stream as %s where %j has become %j', async (code, before, after) => {
    const logins = { current: before as { userId: string } | null }
    const { http, listen, clock, settle, ask } = rig({ authenticate: () => logins.current })
    const heard = await listen('/events?ids=a')
    const poll = ask('/a?wait=20')
    await clock.advance(10_000)
    await http.recheck()
    if (code !== 'EXPIRED') expect(heard.isOver).toBe(false)
    logins.current = after
    await http.recheck()
    await settle()
    expect([heard.events.at(-1), heard.isOver]).toEqual([bye(code), true])
    expect((await poll).status).toBe(401)
  })

  it('66, 67: twin: unless somebody looks, a stream goes on though nobody or somebody else is logged in', async () => {
    for (const after of [null, { userId: 'bob' }]) {
      const logins = { current: { userId: 'ada' } as { userId: string } | null }
      const { tracker, listen, clock } = rig({ authenticate: () => logins.current })
      const id = tracker.createSession({}, { owner: 'ada' })
      const heard = await listen(`/events?ids=${id}`)
      logins.current = after
      tracker.updateProgress(id, 50)
      await clock.advance(60_000)
      expect([heard.names, heard.isOver]).toEqual([['progress-status', 'progress-update'], false])
    }
  })

  it('67: comes in the moment at which a login says that it ends, and again where that has moved', async () => {
    const begin = Date.UTC(2026, 0, 1)
    const logins = { expiresAt: begin + 10_000 }
    const { tracker, listen, ask, clock, timersLeft } = rig({
      authenticate: () => ({ userId: 'ada', expiresAt: logins.expiresAt }),
    })
    const id = tracker.createSession()
    const heard = await listen(`/events?ids=${id}`)
    await clock.advance(5_000)
    logins.expiresAt = begin + 20_000
    await clock.advance(14_999)
    const poll = ask('/unknown?wait=20')
    await clock.advance(0)
    expect([heard.names, heard.isOver]).toEqual([['progress-status'], false])
    await clock.advance(1)
    tracker.updateProgress(id, 50)
    await clock.advance(0)
    expect([heard.names, heard.events.at(-1)]).toEqual([['progress-status', 'progress-bye'], bye('EXPIRED')])
    expect((await poll).status).toBe(401)
    await tracker.close()
    expect(timersLeft()).toBeLessThanOrEqual(0)
  })

  it('67: twin: a login that does not say when it ends goes on past that moment', async () => {
    const { tracker, listen, clock } = rig()
    const id = tracker.createSession()
    const heard = await listen(`/events?ids=${id}`)
    await clock.advance(20_000)
    tracker.updateProgress(id, 50)
    await clock.advance(0)
    expect([heard.names, heard.isOver]).toEqual([['progress-status', 'progress-update'], false])
  })

  it('leaves alone what still holds', async () => {
    const { http, listen, settle } = rig()
    const heard = await listen('/events?ids=a')
    await http.recheck()
    await settle()
    expect([heard.news, heard.isOver]).toEqual([[], false])
  })

  it('69: takes a right to one session away, and the stream stays', async () => {
    const rights = { shared: true }
    const { tracker, http, listen, clock } = rig({
      authorize: ({ principal, session }) =>
        session.owner === principal.userId || (rights.shared && session.sessionId === 'b'),
    })
    tracker.createSessionWithId('a', {}, { owner: 'ada' })
    tracker.createSessionWithId('b', {}, { owner: 'bob' })
    const heard = await listen('/events?ids=a,b')
    rights.shared = false
    await http.recheck()
    for (const id of ['a', 'b']) tracker.updateProgress(id, 10)
    await clock.advance(100)
    expect(heard.events.map(({ event, data }) => [event, data.sessionId])).toEqual([
      ['progress-status', 'a'],
      ['progress-status', 'b'],
      ['progress-gone', 'b'],
      ['progress-update', 'a'],
    ])
    expect(heard.events[2]?.data.code).toBe('NOT_FOUND')
    rights.shared = true
    await http.recheck()
    await clock.advance(0)
    expect(heard.events.at(-1)).toMatchObject({ event: 'progress-status', data: { sessionId: 'b', progress: 10 } })
  })

  it('69: twin: unless somebody looks, a stream and a long poll go on telling of it', async () => {
    const rights = { shared: true }
    const { tracker, listen, ask, clock } = rig({ authorize: () => rights.shared })
    tracker.createSessionWithId('b', {}, { owner: 'bob' })
    const heard = await listen('/events?ids=b')
    const poll = ask('/b?wait=5', 'ada', { headers: { 'if-none-match': '*' } })
    await clock.advance(1_000)
    rights.shared = false
    tracker.updateProgress('b', 10)
    await clock.advance(4_000)
    expect(heard.names).toEqual(['progress-status', 'progress-update'])
    expect((await poll).status).toBe(304) // it says that it is there
  })

  it('69: takes a right away from a long poll, which then answers as for an unknown id', async () => {
    const rights = { shared: true }
    const { tracker, http, ask, clock } = rig({ authorize: () => rights.shared })
    tracker.createSessionWithId('b', {}, { owner: 'bob' })
    const poll = ask('/b?wait=5', 'ada', { headers: { 'if-none-match': '*' } })
    await clock.advance(1_000)
    rights.shared = false
    await http.recheck()
    tracker.updateProgress('b', 10)
    await clock.advance(4_000)
    expect((await poll).status).toBe(404)
  })

  it('65: twin: an authenticator that takes its own failure for a yes lets everybody stay', async () => {
    const store = { works: true }
    const { http, listen, settle } = rig({
      authenticate: (request) => {
        if (!store.works) return { userId: request.token ?? '' }
        return tokenIsUser(request)
      },
    })
    const heard = await listen('/events?ids=a', 'ada')
    store.works = false
    await http.recheck()
    await settle()
    expect([heard.news, heard.isOver]).toEqual([[], false])
  })

  it('65: closes what cannot be looked at: an authenticator that fails lets nobody stay', async () => {
    const store = { works: true }
    const { http, listen, settle } = rig({
      authenticate: (request) => {
        if (!store.works) throw new Error('the session store is away')
        return tokenIsUser(request)
      },
    })
    const heard = await listen('/events?ids=a')
    store.works = false
    await http.recheck()
    await settle()
    expect(heard.news).toEqual([bye('REVOKED')])
  })
})
