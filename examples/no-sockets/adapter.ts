// `node:http` for a function from Request to Response. Frameworks bring this along; it is here so that the recipe runs alone.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

/** An HTTP server that answers by `handle`. A reader that goes away aborts the request's `signal`. */
export function serve(handle: (request: Request) => Promise<Response>): Server {
  return createServer(async (req, res) => {
    const gone = new AbortController()
    res.once('close', () => gone.abort())
    const response = await handle(requestOf(req, gone.signal))
    res.writeHead(response.status, Object.fromEntries(response.headers))
    if (!response.body) return void res.end()
    await pipeline(Readable.fromWeb(response.body as ReadableStream), res).catch(() => {}) // the reader is gone
  })
}

function requestOf(req: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headersDistinct))
    for (const one of value ?? []) headers.append(name, one)
  return new Request(`http://${req.headers.host}${req.url}`, { method: req.method ?? 'GET', headers, signal })
}
