// A server in a process of its own, ours or bare Socket.IO: it does what it is asked, and says what it holds.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket as NetSocket } from 'node:net'
import { Server } from 'socket.io'
import { heapUsed } from '../bench/measure'
import { paced } from '../bench/paced'
import { heldFor } from '../support/held'
import { bareSide } from './bareSide'
import { ourSide } from './ourSide'

/** Which server, and how it is set up. */
export interface HostOptions {
  readonly kind: 'ours' | 'bare'
  readonly pingInterval?: number
  /** So many seconds of our server's own pass within one; Socket.IO's are the machine's. Default 1. */
  readonly speed?: number
}

/** What a host is asked. */
export type HostAsk =
  | { readonly kind: 'look' }
  /** The same without running the collector, which takes time of its own. */
  | { readonly kind: 'glance' }
  /** So many sessions, each with this much metadata. */
  | { readonly kind: 'make'; readonly count: number; readonly bytes: number }
  /** All of them report this often, the time being their message, until `rest`. */
  | { readonly kind: 'offer'; readonly everyMs: number }
  | { readonly kind: 'rest' }
  /** All connections are reset. */
  | { readonly kind: 'cut' }
  /** Ends the process. */
  | { readonly kind: 'end' }

/** What it answers, always. */
export interface Look {
  readonly port: number
  readonly rss: number
  /** After `look` that of what is alive, else with what the collector has not found yet. */
  readonly heap: number
  /** Processor time so far, in milliseconds. */
  readonly cpuMs: number
  /** Connections of the engine, whether they have said who they are or not. */
  readonly engines: number
  readonly sockets: number
  readonly rooms: number
  readonly sids: number
  /** Bytes held for the connection for which most are held. */
  readonly held: number
  /** What keeps the event loop: timers and handles by their kind. */
  readonly resources: Readonly<Record<string, number>>
  /** Sockets that have ever come. */
  readonly entered: number
  /** When each socket came since all were cut off, in milliseconds since then. */
  readonly arrivals: readonly number[]
  /** Ids of the sessions that were made. */
  readonly ids: readonly string[]
}

const { kind, speed = 1, ...options } = JSON.parse(process.argv[2] ?? '{}') as HostOptions
const http = createServer()
const io = new Server(http, { serveClient: false, ...options })
const side = kind === 'ours' ? ourSide(io, speed) : bareSide(io)
http.on('request', (req, res) => {
  if (req.url?.startsWith('/api/progress')) side.http(req, res)
})

const open = new Set<NetSocket>()
http.on('connection', (socket: NetSocket) => {
  open.add(socket)
  socket.once('close', () => open.delete(socket))
})
let entered = 0
let arrivals: number[] = []
let cutAt = 0
io.on('connection', () => {
  entered += 1
  if (cutAt > 0) arrivals.push(performance.now()) // what is kept here would count as the server's own
})

const ids: string[] = []
let isOffering = false

async function offer(everyMs: number): Promise<void> {
  isOffering = true
  for (let step = 0; isOffering; step++) {
    const progress = step % 100
    await paced({ count: ids.length, everyMs, seconds: everyMs / 1_000 }, (index, stamp) =>
      side.update(ids[index] ?? '', progress, stamp),
    )
  }
}

function cut(): void {
  arrivals = []
  cutAt = performance.now()
  for (const socket of open) socket.resetAndDestroy()
}

function look(collects: boolean): Look {
  const { user, system } = process.cpuUsage()
  const resources: Record<string, number> = {}
  for (const each of process.getActiveResourcesInfo()) resources[each] = (resources[each] ?? 0) + 1
  const { rooms, sids } = io.sockets.adapter
  const heap = collects ? heapUsed() : process.memoryUsage().heapUsed
  return {
    port: (http.address() as AddressInfo).port,
    rss: process.memoryUsage().rss,
    heap,
    cpuMs: (user + system) / 1_000,
    engines: io.engine.clientsCount,
    sockets: io.sockets.sockets.size,
    rooms: rooms.size,
    sids: sids.size,
    held: Math.max(0, ...[...io.sockets.sockets.values()].map(({ conn }) => heldFor(conn))),
    resources,
    entered,
    arrivals: arrivals.map((at) => at - cutAt),
    ids,
  }
}

http.listen(0, '127.0.0.1')
await once(http, 'listening')

process.on('message', (ask: HostAsk) => {
  if (ask.kind === 'make') {
    const metadata = Object.fromEntries(
      Array.from({ length: Math.ceil(ask.bytes / 200) }, (_, n) => [`key-${n}`, 'x'.repeat(190)]),
    )
    for (let made = 0; made < ask.count; made++) ids.push(side.make(metadata))
  }
  if (ask.kind === 'offer') void offer(ask.everyMs)
  if (ask.kind === 'rest') isOffering = false
  if (ask.kind === 'cut') cut()
  process.send?.(look(ask.kind === 'look'))
  if (ask.kind === 'end') process.exit()
})
// The parent is gone.
process.on('disconnect', () => process.exit())
