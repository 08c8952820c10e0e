// A server in a process of its own, to be killed: it has one session of ada's, and says when it listens.
import { createServer } from 'node:http'
import { ProgressTracker, serveProgress } from '@progress/server'
import { Server } from 'socket.io'

const [port, id = ''] = process.argv.slice(2)
const http = createServer()
const io = new Server(http, { serveClient: false })
const tracker = new ProgressTracker(io)
const progress = serveProgress(tracker, {
  authenticate: ({ token }) => (token ? { userId: token } : null),
  limits: { connectionsPerUser: 100_000, commandsPerMinute: 1_000_000 },
})
http.on('request', (req, res) => {
  if (req.url?.startsWith('/api/progress')) progress.http(req, res)
})
tracker.createSessionWithId(id, {}, { owner: 'ada' })
http.listen(Number(port), '127.0.0.1', () => process.send?.({ at: performance.timeOrigin + performance.now() }))
// The parent is gone.
process.on('disconnect', () => process.exit())
