import { EventEmitter, once } from 'node:events'
import { createServer, type RequestListener, request, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { deferred } from '../recorder.test-support'
import { rig, tokenIsUser } from './http.test-support'

const servers: Server[] = []

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const HEADERS = { authorization: 'Bearer ada' }

describe('the face for node', () => {
  it('adds to what middleware before it varies by', async () => {
    const { http } = rig()
    const port = await serve((req, res) => {
      res.setHeader('Vary', ['Origin', 'Accept-Encoding'])
      http.http(req, res)
    })
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: HEADERS })
    expect(response.headers.get('vary')).toBe('Origin, Accept-Encoding, Cookie, Authorization')
  })

  it('throws at no header: what an adapter hands over may be none that HTTP allows', () => {
    const { http } = rig({ authenticate: ({ headers }) => ({ userId: headers.get('host') ?? 'nobody' }) })
    const response = Object.assign(new EventEmitter(), { getHeader: () => {}, writeHead: () => {}, end: () => {} })
    const odd = { method: 'GET', url: '/', headers: { 'x-name': '\u2603', 'not a name': 'x', ':path': '/' } }
    expect(() => http.http(odd as never, response as never)).not.toThrow()
  })

  it('writes nothing where somebody else has answered meanwhile', async () => {
    const identified = deferred()
    const { http, named } = rig({
      authenticate: async (asked) => {
        await identified.promise
        return tokenIsUser(asked)
      },
    })
    const port = await serve((req, res) => {
      http.http(req, res)
      res.end('a timeout of the app')
      identified.resolve()
    })
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: HEADERS })
    expect(await response.text()).toBe('a timeout of the app')
    expect(named('handler-failed')).toEqual([])
  })

  it('79: does nothing more for a client that went away while it was identified', async () => {
    const identified = deferred()
    const { http, named, timersLeft } = rig({
      authenticate: async (asked) => {
        await identified.promise
        return tokenIsUser(asked)
      },
    })
    const closed = deferred()
    const port = await serve((req, res) => {
      res.once('close', () => closed.resolve())
      http.http(req, res)
    })
    const asked = request({ host: '127.0.0.1', port, path: '/events?ids=a', headers: HEADERS })
    asked.on('error', () => {})
    asked.end()
    await vi.waitFor(() => expect(timersLeft()).toBe(1)) // the authenticator's 5 seconds
    asked.destroy()
    await closed.promise
    identified.resolve()
    await vi.waitFor(() => expect(timersLeft()).toBe(0))
    expect([http.openStreams, named('handler-failed')]).toEqual([0, []])
  })

  it('79: twin: for one that is still there, a stream opens', async () => {
    const identified = deferred()
    const { http, timersLeft } = rig({
      authenticate: async (asked) => {
        await identified.promise
        return tokenIsUser(asked)
      },
    })
    const port = await serve((req, res) => http.http(req, res))
    const asked = request({ host: '127.0.0.1', port, path: '/events?ids=a', headers: HEADERS })
    asked.end()
    await vi.waitFor(() => expect(timersLeft()).toBe(1))
    identified.resolve()
    await vi.waitFor(() => expect(http.openStreams).toBe(1))
    asked.on('error', () => {})
    asked.destroy()
    await vi.waitFor(() => expect(http.openStreams).toBe(0))
  })

  it.each([
    ['GET http://app.test/api/progress/unknown HTTP/1.1', 404],
    ['GET //evil.test/x HTTP/1.1', 404],
    ['GET /api/progress/../../etc/passwd HTTP/1.1', 404],
    ['GET /api/progress/%2e%2e%2fetc HTTP/1.1', 400],
    ['GET /api/progress/a#b HTTP/1.1', 404],
    ['TRACE /api/progress/a HTTP/1.1', 405],
    ['PROPFIND / HTTP/1.1', 405],
  ])('%s: %i', async (line, status) => {
    // reliability.md 44
    const { http, named } = rig()
    const port = await serve((req, res) => http.http(req, res))
    const socket = connect(port, '127.0.0.1')
    socket.write(`${line}\r\nHost: app.test\r\nAuthorization: Bearer ada\r\nConnection: close\r\n\r\n`)
    let answer = ''
    for await (const chunk of socket) answer += chunk
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain('{"error":{"code":"')
    expect(named('handler-failed')).toEqual([])
  })

  it('says at once that a stream is open, before there is anything to tell', async () => {
    const { http } = rig()
    const port = await serve((req, res) => http.http(req, res))
    const asked = request({ host: '127.0.0.1', port, path: '/events?ids=unknown', headers: HEADERS })
    asked.end()
    const [res] = await once(asked, 'response')
    expect([res.statusCode, res.headers.connection]).toEqual([200, 'keep-alive'])
    const [first] = await once(res, 'data')
    expect(String(first)).toBe('retry: 2000\n\n')
    asked.destroy()
    await vi.waitFor(() => expect(http.openStreams).toBe(0))
  })

  it('ends a stream for good when its last word is read: nothing waits to cut it off', async () => {
    const { http, timersLeft } = rig()
    const port = await serve((req, res) => http.http(req, res))
    const response = await fetch(`http://127.0.0.1:${port}/events?ids=a`, { headers: HEADERS })
    http.close()
    expect(await response.text()).toContain('event: progress-bye')
    await vi.waitFor(() => expect(timersLeft()).toBe(0))
  })

  it('goes on with the newest state when a slow reader has room again', async () => {
    // reliability.md 15
    const { http, tracker, clock } = rig()
    const metadata = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`key-${i}`, 'x'.repeat(200)]))
    const ids = Array.from({ length: 100 }, (_, i) => tracker.createSessionWithId(`s-${i}`, {}, { owner: 'ada' }))
    const answered: ServerResponse[] = []
    const port = await serve((req, res) => {
      answered.push(res)
      http.http(req, res)
    })
    const asked = request({ host: '127.0.0.1', port, path: `/events?ids=${ids.join()}`, headers: HEADERS })
    asked.end()
    const [res] = await once(asked, 'response')
    res.pause()
    for (let progress = 1; progress <= 80; progress++) {
      for (const id of ids) tracker.updateProgress(id, progress, undefined, metadata)
      await clock.advance(100)
    }
    expect(answered[0]?.writableNeedDrain).toBe(true)
    for (const id of ids) tracker.completeSession(id, 'Done')
    let text = ''
    for await (const chunk of res) {
      text += chunk
      if (text.split('event: progress-complete').length > 100 && text.endsWith('\n\n')) break
    }
    const states = [...text.matchAll(/"sessionId":"(s-\d+)".*?"progress":([\d.]+)/g)]
    expect(states.length).toBeLessThan(80 * 100) // what came between was left out
    for (const id of ids) {
      const progresses = states.flatMap(([, sessionId, progress]) => (sessionId === id ? Number(progress) : []))
      expect(progresses).toEqual([...progresses].sort((one, other) => one - other))
      expect(progresses.at(-1)).toBe(100)
    }
  })

  it('reads a cookie that is sent in two headers as one', async () => {
    const cookies: (string | null)[] = []
    const { http } = rig({
      authenticate: ({ headers }) => {
        cookies.push(headers.get('cookie'))
        return { userId: 'ada' }
      },
    })
    const port = await serve((req, res) => http.http(req, res))
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n')
    await once(socket.resume(), 'end')
    expect(cookies).toEqual(['a=1; b=2'])
  })
})
