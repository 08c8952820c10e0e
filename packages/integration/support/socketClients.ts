// Clients for tests of the handshake: real ones, and requests by hand for what no real one would send.
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Socket as NetSocket } from 'node:net'
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'

/** The orders in which clients try their transports. */
export const TRANSPORTS = [['websocket'], ['polling'], ['polling', 'websocket']] as const

/** What a refused client is told. */
export type ConnectError = Error & { readonly data?: { readonly code?: string } }

/** How a client dials. */
export interface DialOptions {
  readonly transports?: readonly string[]
  readonly cookie?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly auth?: object
  readonly namespace?: string
  readonly more?: Partial<ManagerOptions & SocketOptions>
}

/** A client that has got an answer: it is connected, or has an `error`. */
export interface Dialled extends Disposable {
  readonly socket: Socket
  readonly error?: ConnectError
}

/** Dials, and waits for the answer. */
export async function dial(url: string, options: DialOptions = {}): Promise<Dialled> {
  const { transports = ['websocket'], cookie, headers, auth = {}, namespace = '/' } = options
  const extraHeaders = { ...(cookie !== undefined && { cookie }), ...headers }
  const how = { transports: [...transports], extraHeaders, auth, forceNew: true, reconnection: false }
  const socket = io(`${url}${namespace}`, { ...how, ...options.more })
  const error = await new Promise<ConnectError | undefined>((resolve) => {
    socket.once('connect', () => resolve(undefined))
    socket.once('connect_error', resolve)
  })
  return { socket, ...(error && { error }), [Symbol.dispose]: () => void socket.disconnect() }
}

/** The next event of this name, of either side; rejects after 5 seconds without one. */
export async function heard<T = unknown>(emitter: object, event: string): Promise<T> {
  const [payload] = await once(emitter as NodeJS.EventEmitter, event, { signal: AbortSignal.timeout(5_000) })
  return payload as T
}

/** Resolves once it is so, asked at each turn of the event loop; rejects after 5 seconds. */
export async function untilTrue(isSo: () => boolean): Promise<void> {
  const tooLate = AbortSignal.timeout(5_000)
  while (!isSo()) {
    if (tooLate.aborted) throw new Error(`it never came to be that ${isSo}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** An answer to a request by hand. */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** A request to the engine, with exactly this query and these headers. */
export async function ask(
  url: string,
  query: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const sent = request(`${url}/socket.io/?${query}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    agent: false,
  })
  sent.end(body)
  return answerOf(await heard<IncomingMessage>(sent, 'response'))
}

/** The same as a WebSocket upgrade: 101 where the server went along with it, which ends there. */
export async function upgrade(url: string, query: string, headers: Record<string, string> = {}): Promise<Answer> {
  const sent = request(`${url}/socket.io/?${query}`, { headers: { ...UPGRADE, ...headers }, agent: false })
  const answer = new Promise<Answer>((resolve, reject) => {
    sent.once('upgrade', (_response: IncomingMessage, socket: NetSocket) => {
      socket.destroy()
      resolve({ status: 101, body: '' })
    })
    sent.once('response', (response: IncomingMessage) => void answerOf(response).then(resolve, reject))
    sent.once('error', () => resolve({ status: 0, body: '' }))
  })
  sent.end()
  return answer
}

/** Opens an engine connection by polling; answers its id. */
export async function openByHand(url: string, headers: Record<string, string> = {}): Promise<string> {
  const { body } = await ask(url, POLL, { headers })
  return (JSON.parse(body.slice(1)) as { sid: string }).sid
}

/** The query of a poll. */
export const POLL = 'EIO=4&transport=polling'

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  let body = ''
  for await (const chunk of response) body += chunk
  return { status: response.statusCode ?? 0, body }
}
