// A tracker that is served elsewhere than at `/api/progress`: by Express, by a bare `node:http`, and by fetch, over real ports.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { ProgressTracker, serveProgress, tokenAuth } from '@progress/server'
import express from 'express'
import { afterEach, describe, expect, it } from 'vitest'

const headers = { authorization: 'Bearer ada' }
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A served tracker with one session; the app has said this endpoint, or none. */
function served(endpoint?: string) {
  const tracker = new ProgressTracker()
  tracker.createSessionWithId('job-1', {}, { owner: 'ada' })
  const authenticate = tokenAuth({ verify: (token) => ({ userId: token }) })
  const progress = serveProgress(tracker, { authenticate, ...(endpoint !== undefined && { endpoint }) })
  closing.push(() => progress.close())
  return progress
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** As a framework does that speaks Request and Response, without taking anything off the path. */
function framework(answer: (request: Request) => Promise<Response>): RequestListener {
  return (req, res) => {
    const request = new Request(`http://${req.headers.host}${req.url}`, { headers, method: req.method ?? 'GET' })
    void answer(request).then(({ status, headers: sent, body }) => {
      res.writeHead(status, Object.fromEntries(sent))
      if (body) Readable.fromWeb(body as never).pipe(res)
      else res.end()
    })
  }
}

/** What each place answers: a session, the caller's own, several, health. */
async function places(mount: string): Promise<unknown[]> {
  const paths = ['/job-1', '', '/', '?ids=job-1', '/health']
  return Promise.all(
    paths.map(async (path) => {
      const answer = await fetch(`${mount}${path}`, { headers })
      return answer.ok ? Object.keys((await answer.json()) as object)[0] : answer.status
    }),
  )
}

const ALL = ['sessionId', 'success', 'success', 'success', 'status']

describe.each(['/api/jobs', '/v1/work/progress', '/jobs'])('an endpoint of %s', (endpoint) => {
  it('is served by fetch', async () => {
    const url = await listen(framework(served(endpoint).fetch))
    expect(await places(`${url}${endpoint}`)).toEqual(ALL)
    expect(await places(`${url}/base${endpoint}`)).toEqual(ALL)
  })

  it('is served by a bare node:http', async () => {
    const { http } = served(endpoint)
    expect(await places(`${await listen((req, res) => http(req, res))}${endpoint}`)).toEqual(ALL)
  })

  it('is served by Express, which wants no word of it', async () => {
    for (const said of [endpoint, undefined]) {
      const app = express()
      app.use(endpoint, served(said).http)
      expect(await places(`${await listen(app)}${endpoint}`)).toEqual(ALL)
    }
  })
})

it('twin: fetch that was not told is served nowhere but at the default', async () => {
  const url = await listen(framework(served().fetch))
  expect(await places(`${url}/api/progress`)).toEqual(ALL)
  expect(await places(`${url}/api/jobs`)).not.toContain('sessionId')
})
