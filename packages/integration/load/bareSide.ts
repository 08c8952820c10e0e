// Bare Socket.IO with the seed-like tracker behind it: a join is a room, an update is an emit, a poll is the whole state.
import type { Server } from 'socket.io'
import { SeedlikeTracker } from '../bench/seedlike'
import type { Side } from './side'

/** Wires a Socket.IO server as the seed's document has it. */
export function bareSide(io: Server): Side {
  const tracker = new SeedlikeTracker(io)
  io.use((socket, next) => next(socket.handshake.auth.token ? undefined : new Error('no login')))
  io.on('connection', (socket) => {
    socket.on('join-progress', (id: string, _options: unknown, answer?: (said: object) => void) => {
      void socket.join(`progress-${id}`)
      answer?.({ success: true, session: tracker.getSession(id) })
    })
    socket.on('leave-progress', (id: string) => void socket.leave(`progress-${id}`))
  })
  return {
    make: (metadata) => tracker.createSession(metadata),
    update: (id, progress, message) => tracker.updateProgress(id, progress, message),
    http(req, res) {
      const session = tracker.getSession(req.url?.split('/').at(-1) ?? '')
      res.writeHead(session ? 200 : 404, { 'Content-Type': 'application/json' }).end(JSON.stringify({ session }))
    },
  }
}
