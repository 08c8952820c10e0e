// What `client.on(...)` gives, under the names of the seed.
import type {
  ActiveSnapshot,
  CancelledSnapshot,
  CompletedSnapshot,
  ErrorSnapshot,
  LogLine,
  Snapshot,
} from '@progress/protocol/wire'
import type { Connection } from './connection/status'

/** Why a connection ended: an object that prints as its reason, for the seed writes both `(reason)` and `({ reason })`. */
export interface Disconnect {
  readonly reason: string
  toString(): string
}

/** Output of a job that is new. */
export interface LogNews {
  readonly sessionId: string
  readonly lines: readonly LogLine[]
}

/** Only sessions that were joined or watched come here, never all of mine because a list of them is open. */
export interface ClientEvents {
  /** It goes on. */
  progress: [ActiveSnapshot]
  /** How it stands: after a join, after a reconnect, in a new epoch. */
  progressStatus: [Snapshot]
  /** Once for each epoch, as the other two ends. */
  progressComplete: [CompletedSnapshot]
  progressError: [ErrorSnapshot]
  progressCancelled: [CancelledSnapshot]
  progressLog: [LogNews]
  /** Push stands. */
  connect: []
  /** Push is lost; it is dialled again. */
  disconnect: [Disconnect]
  /** Five attempts failed. What is watched goes on by `endpoint`, and push is tried again in the background. */
  connectionFailed: [{ readonly [key: string]: never }]
  connectionChange: [Connection]
}
