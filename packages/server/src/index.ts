// What an app imports on its server.

export type { Failure, Operation, Snapshot } from '@progress/protocol'
export { defineOperation, ProgressError, type } from '@progress/protocol'
export { type Authenticator, type AuthRequest, allowAnonymous } from './auth/authenticate'
export type { Authorize, Verb } from './auth/ownership'
export type { Principal } from './auth/principal'
export { sessionAuth } from './auth/sessionAuth'
export { type TokenAuthOptions, tokenAuth } from './auth/tokenAuth'
export type { Backend, Entry, Message, StoredEntry, StoredLog } from './backend/contract'
export { type MemoryOptions, memory } from './backend/memory'
export type { Logger } from './observe/logger'
export type { Signal, SignalName, SignalSource, SignalTable } from './observe/signals'
export {
  type LocalSession,
  ProgressTracker,
  type Returned,
  type Run,
  type SessionOptions,
  type StartOptions,
  type TrackerOptions,
} from './progressTracker'
export { type Limits, type ProgressServer, type ServeOptions, serveProgress, type Whose } from './serve'
export type { SocketServerLike } from './socket/socketLike'
export { currentTask, track } from './tracker/ambient'
export type { Attempt, UserId } from './tracker/checks'
export type { TrackOptions } from './tracker/iterate'
export type { Task, TaskUpdate, Track } from './tracker/task'
