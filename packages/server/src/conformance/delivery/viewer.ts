// What a viewer is to the model: it watches, leaves and is hurried; what it shows, it says. And what it is given to reach
// the server by. The reference viewer is one; the real client, in the contract of this repository, is another.
import type { Clock, Snapshot } from '@progress/protocol'
import type { FakeListener } from '../../testing/fakeClient'
import type { SocketEnd } from './wire'

/** Where a viewer is: its ways to the server, and who listens to what it shows. */
export interface ViewerPlace {
  readonly name: string
  readonly clock: Clock
  /** What it shows to be let in; another one after each login. */
  token(): string
  /** A socket to whichever process it is sent to, with this `auth`. What becomes of it is told, and never before this returns. */
  dial(listener: FakeListener, auth: unknown): SocketEnd
  /** A request to whichever process it is sent to; `path` begins behind the host. Rejects as `fetch` does. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Said by the viewer: it has applied a state of what it watches. */
  shown(snapshot: Snapshot): void
  /** Said by the viewer: its terminal callback was called. */
  ended(sessionId: string, epoch: string): void
  /** Said by the viewer: the last word is that it is not there. */
  gone(sessionId: string): void
}

/** Someone who looks on. */
export interface Viewer {
  /** Begins to watch. An id that is not there yet is waited for, `LIMITS.awaitMs` at most. */
  watch(sessionId: string): void
  /** One watch of an id takes the place of another, as when a component is mounted anew. */
  remount(sessionId: string): void
  leave(sessionId: string): void
  /** Asks for a cancel, as a button does. */
  cancel(sessionId: string): void
  /** Dials now, whatever it is waiting for: somebody asks, a network is back, new credentials are there. */
  hurry(): void
  /** How it is connected just now: is it told, by rooms or by a stream of what it asked for, or does it ask again and again? */
  stands(): 'told' | 'streams' | 'asks' | null
  /** Ends it: no timer and no line is left. */
  close(): void
}
