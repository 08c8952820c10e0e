// A Socket.IO server comes in, and is served as an app would: what is not asked for stays as it is by default.
import type { Clock } from '@progress/protocol'
import { type Authenticator, type ProgressServer, ProgressTracker, type Signal, serveProgress } from '@progress/server'
import type { Server } from 'socket.io'

/** What tests of logins differ in. */
export interface ServeLoginOptions {
  readonly authenticate: Authenticator | readonly Authenticator[]
  readonly onSignal: (signal: Signal) => void
  readonly origins?: readonly string[]
  readonly limits?: { readonly connectionsPerUser?: number }
  readonly clock?: Clock
}

/** A tracker of its own, served. */
export function serveLogin(io: Server, { onSignal, clock, ...options }: ServeLoginOptions): ProgressServer {
  return serveProgress(new ProgressTracker(io, { onSignal, ...(clock && { clock }) }), options)
}
