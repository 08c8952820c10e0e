// One served tracker behind Express 5, Express 4, `node:http` and fetch, on ports of their own, and requests as they are sent.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { ManualClock } from '@progress/protocol/testing'
import { ProgressTracker, type ServeOptions, type Signal, serveProgress } from '@progress/server'
import express from 'express'

/** A request as it goes over the wire. */
export interface Sent {
  readonly method?: string
  /** Below `/api/progress`, as it is: nothing is cleaned on the way. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What of an answer has to be the same everywhere. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends a request, and reads the whole answer, or up to a text that a stream is waited for. */
export type Face = (sent: Sent, until?: string) => Promise<Answer>

/** The headers that are ours; a server adds `Date` and the like. */
const OURS = [
  ...['content-type', 'cache-control', 'vary', 'etag', 'allow', 'retry-after', 'x-content-type-options'],
  ...['x-progress-interval', 'x-accel-buffering'],
]

/** A bearer token is the user's id. */
const authenticate: ServeOptions['authenticate'] = ({ token }) =>
  token && token !== 'nobody' ? { userId: token } : null

/** Four faces of one tracker. */
export async function httpFaces(options: Partial<ServeOptions> = {}) {
  const clock = new ManualClock()
  const signals: Signal[] = []
  const tracker = new ProgressTracker({ clock, onSignal: (one) => void signals.push(one) })
  const progress = serveProgress(tracker, { authenticate, ...options })
  const express4 = createRequire(import.meta.url)('express4') as typeof express
  const responses: ServerResponse[] = []
  const bare: RequestListener = (req, res) => {
    responses.push(res)
    progress.http(req, res)
  }
  const listeners = { 'express 5': mounted(express()), 'express 4': mounted(express4()), 'node:http': bare }
  const servers = await Promise.all(Object.values(listeners).map(listening))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  const [five = 0, four = 0, node = 0] = ports
  const faces: Readonly<Record<string, Face>> = {
    'express 5': overPort(five),
    'express 4': overPort(four),
    'node:http': overPort(node),
    fetch: byFetch(progress.fetch),
  }

  function mounted(app: express.Express): RequestListener {
    app.disable('x-powered-by')
    app.use('/api/progress', progress.http)
    app.use((_req, res) => void res.status(404).send('not ours'))
    return app
  }

  return {
    clock,
    tracker,
    progress,
    signals,
    faces,
    /** The port of `node:http`, and what it answered with. */
    port: node,
    responses,
    async [Symbol.asyncDispose]() {
      await progress.close()
      for (const server of servers) server.closeAllConnections()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

async function listening(listener: RequestListener): Promise<Server> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function overPort(port: number): Face {
  return ({ method = 'GET', path, headers = {} }, until) =>
    new Promise((resolve, reject) => {
      const host = 'app.test'
      const options = { host: '127.0.0.1', port, method, path: `/api/progress${path}`, headers: { host, ...headers } }
      const asked = request(options, (res) => {
        read(res, until).then((body) => {
          resolve({ status: res.statusCode ?? 0, headers: ours((name) => res.headers[name]), body })
          asked.destroy()
        }, reject)
      })
      asked.on('error', reject)
      asked.end()
    })
}

async function read(res: IncomingMessage, until: string | undefined): Promise<string> {
  let body = ''
  res.setEncoding('utf8')
  for await (const chunk of res) {
    body += chunk
    if (until !== undefined && body.includes(until)) break
  }
  const length = res.headers['content-length']
  if (length !== undefined && body !== '' && Number(length) !== Buffer.byteLength(body))
    throw new Error('a wrong length')
  return body
}

function byFetch(serve: (request: Request) => Promise<Response>): Face {
  return async ({ method = 'GET', path, headers = {} }, until) => {
    const response = await serve(new Request(`http://app.test/api/progress${path}`, { method, headers }))
    let body = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      body += decoder.decode(chunk, { stream: true })
      if (until !== undefined && body.includes(until)) break
    }
    return { status: response.status, headers: ours((name) => response.headers.get(name)), body }
  }
}

function ours(read: (name: string) => string | readonly string[] | null | undefined): Record<string, string> {
  return Object.fromEntries(OURS.flatMap((name) => (read(name) ? [[name, String(read(name))]] : [])))
}
