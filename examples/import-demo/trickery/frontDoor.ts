// What stands in front of the app, as nginx would: TLS ends here. And what breaks lines on demand, as no nginx would.
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Visitor, Visitors } from './visitors'

/** What the door is made of. */
export interface DoorParts {
  /** Absent: plain http. */
  readonly certificate?: { readonly key: string; readonly cert: string }
  /** Where the app listens now; `undefined` while there is none. */
  appPort(): number | undefined
  /** `POST /demo/NAME`: what a button asks for. */
  readonly tricks: Readonly<Record<string, (query: URLSearchParams) => Promise<void>>>
}

/** Makes the door; it does not listen yet. */
export function makeFrontDoor({ certificate, appPort, tricks }: DoorParts): Server {
  const visitors = new Visitors()
  const scheme = certificate ? 'https' : 'http'

  function serve(req: IncomingMessage, res: ServerResponse): void {
    const visitor = visitors.of(req)
    const path = req.url ?? '/'
    if (path.startsWith('/demo/')) return void play(req, res, visitor)
    if (visitor.isCutOff()) return void req.socket.destroy()
    visitor.enter(req.socket)
    const port = appPort()
    if (port === undefined || visitor.isBlocked(path, false)) return void refuse(res)
    const onward = request(
      { port, method: req.method, path, headers: forwarded(req, scheme), agent: false },
      (answer) => {
        const own = req.headers.cookie?.includes(visitor.id) ? [] : [visitors.cookieOf(visitor)]
        const cookies = [...(answer.headers['set-cookie'] ?? []), ...own]
        res.writeHead(answer.statusCode ?? 502, {
          ...answer.headers,
          ...(cookies.length > 0 && { 'set-cookie': cookies }),
        })
        res.flushHeaders() // of an event stream, which says nothing for a while
        answer.pipe(res)
        answer.once('error', () => res.destroy())
      },
    )
    onward.once('error', () => (res.headersSent ? res.destroy() : refuse(res)))
    res.once('close', () => onward.destroy())
    req.pipe(onward)
  }

  async function play(req: IncomingMessage, res: ServerResponse, visitor: Visitor): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://door')
    const name = pathname.slice('/demo/'.length)
    if (req.method !== 'POST' || req.headers['sec-fetch-site'] === 'cross-site') return void res.writeHead(403).end()
    if (name === 'cut') visitor.cut(req.socket)
    else if (name === 'offline') visitor.goOffline(Number(searchParams.get('ms')), req.socket)
    else if (name === 'block') visitor.setBlock(searchParams.get('what') ?? '', req.socket)
    else {
      try {
        await tricks[name]?.(searchParams)
      } catch (error) {
        return void res.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
      }
    }
    // The answer to `block` says what is blocked now. The line is closed: it may have been one of those to be cut.
    res.writeHead(200, { connection: 'close', 'content-type': 'text/plain' }).end(visitor.block)
  }

  function upgrade(req: IncomingMessage, line: Duplex, head: Buffer): void {
    const visitor = visitors.of(req)
    const port = appPort()
    line.on('error', () => line.destroy())
    if (port === undefined || visitor.isCutOff() || visitor.isBlocked(req.url ?? '/', true)) return void line.destroy()
    visitor.enter(line)
    const onward = connect(port, '127.0.0.1')
    const headers = Object.entries(forwarded(req, scheme)).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => `${name}: ${one}\r\n`),
    )
    onward.write(`${req.method} ${req.url} HTTP/1.1\r\n${headers.join('')}\r\n`)
    onward.write(head)
    onward.pipe(line).pipe(onward)
    onward.on('error', () => line.destroy())
    line.once('close', () => onward.destroy())
  }

  const door = certificate ? createTlsServer(certificate, serve) : createServer(serve)
  return door.on('upgrade', upgrade)
}

function forwarded({ headers, socket }: IncomingMessage, scheme: string): IncomingMessage['headers'] {
  return { ...headers, 'x-forwarded-proto': scheme, 'x-forwarded-for': socket.remoteAddress ?? '' }
}

function refuse(res: ServerResponse): void {
  res.writeHead(502, { 'content-type': 'text/plain' }).end('There is nobody behind this door just now.')
}
