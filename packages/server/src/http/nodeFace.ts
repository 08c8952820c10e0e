// The core behind node's own request and response, which are Express's, too. Nothing but node's members is used.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { hostOf, readerOf } from '../auth/headers'
import { authRequestOf } from '../auth/nodeRequest'
import type { Signals } from '../observe/signals'
import type { Core } from './core'
import { type Plain, type Reply, type ReplyHeaders, refuse, type Sink, type Streaming } from './reply'
import { readTarget } from './request'
import type { Visit, Visits } from './visits'

/** A handler for Express and `node:http`. It never throws, whatever the request is. */
export function nodeFace(core: Core, visits: Visits, signals: Signals, endpoint?: string) {
  return (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void): void => {
    const { path, query } = readTarget(req.url ?? '', endpoint)
    if (next && !core.serves(path)) {
      next()
      return
    }
    const visit = visits.begin()
    res.once('close', () => visit.leave())
    const { method = '', headers } = req
    const asked = { method, path, query, headers: readerOf(headers), host: hostOf(headers) }
    const request = { ...asked, auth: authRequestOf(req) }
    core
      .answer(request, visit)
      .then((reply) => send(req, res, reply, visit))
      .catch((cause: unknown) => {
        signals.tell('handler-failed', { where: 'http', cause })
        if (isGone(res) || res.headersSent) res.destroy()
        else sendPlain(req, res, refuse('HANDLER_ERROR'))
      })
  }
}

function send(req: IncomingMessage, res: ServerResponse, reply: Reply, visit: Visit): void {
  if (isGone(res) || res.headersSent) visit.leave()
  else if (reply.kind === 'plain') sendPlain(req, res, reply)
  else if (req.method === 'HEAD') sendHead(res, reply)
  else openStream(req, res, reply)
}

function sendPlain(req: IncomingMessage, res: ServerResponse, { status, headers, body }: Plain): void {
  const length = body === null ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
  writeHead(res, status, { ...headers, ...length })
  res.end(req.method === 'HEAD' || body === null ? undefined : body)
}

function sendHead(res: ServerResponse, { status, headers }: Streaming): void {
  writeHead(res, status, headers)
  res.end()
}

function openStream(req: IncomingMessage, res: ServerResponse, { status, headers, open }: Streaming): void {
  writeHead(res, status, req.httpVersionMajor === 1 ? { ...headers, Connection: 'keep-alive' } : headers)
  res.on('error', () => res.destroy()) // a socket that breaks while we write
  res.flushHeaders()
  const sink: Sink = {
    write: (text) => isGone(res) || res.write(text),
    end: () => void (isGone(res) || res.end()),
    destroy: () => void res.destroy(),
  }
  const stream = open(sink)
  res.on('drain', () => stream.drained())
}

function writeHead(res: ServerResponse, status: number, headers: ReplyHeaders): void {
  const before = [res.getHeader('Vary') ?? []].flat()
  // What middleware before us varies by stays.
  res.writeHead(status, before.length === 0 ? headers : { ...headers, Vary: [...before, headers['Vary']].join(', ') })
}

function isGone(res: ServerResponse): boolean {
  return res.destroyed || res.writableEnded
}
