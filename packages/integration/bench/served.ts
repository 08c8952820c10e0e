// A served tracker on a free port of this process, as the benches want it: nothing but the limits for one user out of the way.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ProgressTracker, serveProgress, tokenAuth } from '@progress/server'
import { Server } from 'socket.io'

/** The server. A client's token is the name of its user. */
export interface Served extends AsyncDisposable {
  readonly io: Server
  readonly tracker: ProgressTracker
  readonly url: string
}

/** Starts one. */
export async function served(throttleMs: number): Promise<Served> {
  const http = createServer()
  const io = new Server(http)
  const tracker = new ProgressTracker(io, { throttleMs })
  const progress = serveProgress(tracker, {
    authenticate: tokenAuth({ verify: (token) => ({ userId: token }) }),
    limits: { connectionsPerUser: 10_000, commandsPerMinute: 100_000 },
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    io,
    tracker,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      await progress.close()
      await io.close()
    },
  }
}
