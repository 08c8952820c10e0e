// The server of a soak, in a process of its own: jobs of random length that end, fail and are cancelled, and what it holds.
// Argument: how many jobs there are at a time.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { memory, ProgressTracker, serveProgress, type Task } from '@progress/server'
import { Server } from 'socket.io'
import { heapUsed } from '../bench/measure'
import type { FromServer, ServerLook, ToServer } from './messages'

const JOBS = Number(process.argv[2])
const LONGEST_MS = Number(process.argv[3])
/** Ends stay for longer than any fault lasts, but not as long as an app's: what is kept is not to grow through a whole run. */
const END_KEEP_MS = 60_000
const ENDS_KEPT = 300
const TELL_MS = 500

const http = createServer()
const io = new Server(http, { serveClient: false })
const backend = Object.assign(memory({ endsKept: ENDS_KEPT }), { endKeepMs: END_KEEP_MS })
const tracker = new ProgressTracker(io, { backend })
const progress = serveProgress(tracker, {
  authenticate: ({ token }) => (token ? { userId: token } : null),
  authorize: () => true, // so that visitors may cancel
})
http.on('request', (req, res) => {
  if (req.url?.startsWith('/api/progress')) progress.http(req, res)
})

const running = new Set<string>()
let isFinishing = false
let made = 0

function tell(message: FromServer): void {
  process.send?.(message)
}

/** Works for a random time, reports at a random pace, writes a line now and then, and comes to a random end. */
async function work(task: Task): Promise<object> {
  const lengthMs = 500 + Math.random() * LONGEST_MS
  const everyMs = 20 + Math.random() * 400
  const end = performance.now() + lengthMs
  while (performance.now() < end) {
    task.signal.throwIfAborted()
    task.update({ progress: 100 * (1 - (end - performance.now()) / lengthMs), message: `step ${Math.round(everyMs)}` })
    if (Math.random() < 0.1) task.log(`a line at ${Math.round(performance.now())}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  if (Math.random() < 0.25) throw new Error('the job has failed')
  return { rows: 1 }
}

function begin(): void {
  made += 1
  const id = `job-${made}`
  running.add(id)
  const run = tracker.run('soak', { owner: null, id }, work)
  if (Math.random() < 0.1) setTimeout(() => void tracker.requestCancel(id), Math.random() * LONGEST_MS)
  run
    .catch(() => {})
    .finally(() => {
      running.delete(id)
      tell({ kind: 'ended', id, ending: tracker.getSession(id)?.status ?? 'unknown', at: Date.now() })
      if (!isFinishing) begin()
    })
}

function look(): ServerLook {
  const resources = process.getActiveResourcesInfo()
  const timers = resources.filter((resource) => resource === 'Timeout' || resource === 'Immediate').length
  return {
    kind: 'look',
    heap: heapUsed(),
    rss: process.memoryUsage().rss,
    rooms: io.sockets.adapter.rooms.size,
    sockets: io.engine.clientsCount,
    sessions: running.size,
    timers,
    handles: resources.length - timers,
  }
}

process.on('message', (ask: ToServer) => {
  if (ask.kind === 'look') tell(look())
  if (ask.kind === 'finish') isFinishing = true
  if (ask.kind === 'begin') for (let n = 0; n < JOBS; n++) begin()
})
// The parent is gone.
process.on('disconnect', () => process.exit())

setInterval(() => tell({ kind: 'jobs', ids: [...running] }), TELL_MS)
http.listen(0, '127.0.0.1')
await once(http, 'listening')
tell({ kind: 'listening', port: (http.address() as AddressInfo).port })
