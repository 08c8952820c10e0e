// Our server, as an app has it; a client's token is the name of its user, and only the limits for one user are out of the way.
import { ProgressTracker, serveProgress, tokenAuth } from '@progress/server'
import type { Server } from 'socket.io'
import { fastClock } from '../support/fastClock'
import type { Side } from './side'

/** Serves a tracker over a Socket.IO server. */
export function ourSide(io: Server, speed: number): Side {
  const tracker = new ProgressTracker(io, speed === 1 ? {} : { clock: fastClock(speed) })
  const progress = serveProgress(tracker, {
    authenticate: tokenAuth({ verify: (token) => ({ userId: token }) }),
    limits: { connectionsPerUser: 100_000, commandsPerMinute: 1_000_000 },
  })
  return {
    // Nobody's own: whoever is logged in may see it.
    make: (metadata) => tracker.createSession(metadata, { owner: null }),
    update: (id, progressNow, message) => tracker.updateProgress(id, progressNow, message),
    http: (req, res) => progress.http(req, res),
  }
}
