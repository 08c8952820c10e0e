// What a browser needs of the protocol without carrying a schema library: names, numbers, codes, positions and types.
export { type Clock, systemClock } from './clock'
export type {
  CancelAnswer,
  ClientToServerEvents,
  CommandAnswer,
  CommandArgs,
  JoinOptions,
  ListOptions,
  Positions,
  SyncOptions,
} from './commands'
export type { Decoded, DecodeError } from './decode'
export type { Code, ErrorRow, KnownCode } from './errors'
export type {
  ApplicationError,
  EventPayload,
  LogEntry,
  LogLine,
  ProgressBatch,
  ProgressBye,
  ProgressGone,
  ProgressLog,
  ServerToClientEvents,
} from './events'
export type { Failure, Refusal } from './failure'
export type { Json, JsonObject, Scalar } from './json'
export { LIMITS, type LimitName, PROTOCOL_VERSION } from './limits'
export type { MessageName, MessagePayload } from './messages'
export { COMMANDS, type CommandName, SERVER_EVENTS, type ServerEventName } from './names'
export type {
  AnyOperation,
  KindOf,
  Metadata,
  MetadataOf,
  Operation,
  OperationShape,
  PhaseOf,
  ResultOf,
  StandardSchema,
} from './operation'
export {
  comparePositions,
  EPOCH_PATTERN,
  isSessionId,
  type Positioned,
  parsePosition,
  positionOf,
  requireSessionId,
} from './position'
export { isProgressError, ProgressError, type ProgressErrorOptions } from './progressError'
export { isRetryable } from './retryable'
export type { ActiveSnapshot, CancelledSnapshot, CompletedSnapshot, ErrorSnapshot, Snapshot } from './snapshot'
export type { Transport, TransportClose, TransportLink, TransportListener } from './transport'
