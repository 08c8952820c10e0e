// A server in a process of its own, to be killed or cut off: it has one session of ada's, which another process of the same
// backend writes where `elsewhere` is said, and says when it listens.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { memory, ProgressTracker, serveProgress } from '@progress/server'
import { Server } from 'socket.io'
import { counted } from './countedBackend'

/** What it says when it listens, and each time that it is asked. */
export interface HerdServerReport {
  /** Since 1970: when it began to listen, or when it cut everybody off. */
  readonly at: number
  /** Questions to the backend since the cut. */
  readonly queries: number
  /** When each connection came since then, on the same clock. */
  readonly arrivals: readonly number[]
}

const [port, id = '', where] = process.argv.slice(2)
const http = createServer()
const io = new Server(http, { serveClient: false })
const { backend, queries } = counted(memory())
const tracker = new ProgressTracker(io, { backend })
const writer = where === 'elsewhere' ? new ProgressTracker({ backend }) : tracker
const progress = serveProgress(tracker, {
  authenticate: ({ token }) => (token ? { userId: token } : null),
  limits: { connectionsPerUser: 100_000, commandsPerMinute: 1_000_000 },
})
http.on('request', (req, res) => {
  if (req.url?.startsWith('/api/progress')) progress.http(req, res)
})

const open = new Set<Socket>()
let at = 0
let arrivals: number[] = []
let asked = 0
http.on('connection', (socket: Socket) => {
  open.add(socket)
  socket.once('close', () => open.delete(socket))
})
io.on('connection', () => arrivals.push(now()))

/** Resets all connections; meanwhile the session begins a new life, so that nobody is right who has not heard of it. */
async function cut(): Promise<void> {
  at = now()
  arrivals = []
  asked = queries()
  const gone = [...open].map((socket) => once(socket.resetAndDestroy(), 'close'))
  await Promise.all(gone)
  writer.createSessionWithId(id, {}, { owner: 'ada' })
  await writer.flush()
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

function report(): void {
  process.send?.({ at, queries: queries() - asked, arrivals } satisfies HerdServerReport)
}

writer.createSessionWithId(id, {}, { owner: 'ada' })
process.on('message', (ask: 'cut' | 'report') => void (ask === 'cut' ? cut().then(report) : report()))
http.listen(Number(port), '127.0.0.1', () => {
  at = now()
  report()
})
// The parent is gone.
process.on('disconnect', () => process.exit())
