// What a page imports.

export type {
  ActiveSnapshot,
  AnyOperation,
  CancelAnswer,
  CancelledSnapshot,
  Code,
  CompletedSnapshot,
  ErrorSnapshot,
  Failure,
  LogLine,
  Snapshot,
  Transport,
} from '@progress/protocol/wire'
export { isProgressError, ProgressError } from '@progress/protocol/wire'
export { WebSocketClient } from './client'
export type { Connection } from './connection/status'
export type { EventName, Listener } from './emitter'
export type { ClientEvents, Disconnect, LogNews } from './events'
export type { ClientOptions, WatchOptions, WayName } from './options'
export type { MyState, MyWatch, Watch } from './sessions/watches'
export type { End, Gone, LogItem, Waiting, WatchState } from './sessions/watchState'
export type { Socket } from './transport/socket'
