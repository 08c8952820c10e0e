// The whole protocol: schemas and types under one name each, and all that `/wire` has.

export {
  type CancelAnswer,
  type ClientToServerEvents,
  type CommandAnswer,
  type CommandArgs,
  commandSchemas,
  JoinOptions,
  ListOptions,
  Position,
  Positions,
  SyncOptions,
} from './commands'
export {
  type CustomEvent,
  type CustomEvents,
  defineEvents,
  type EventContext,
  type EventData,
  EventEnvelope,
  type EventTable,
} from './customEvents'
export { type Decoded, type DecodeError, decode } from './decode'
export { SignedEnvelope, signedBytes } from './envelope'
export { ERRORS, errorRow, isKnownCode } from './errors'
export {
  ApplicationError,
  type EventPayload,
  eventSchemas,
  LogEntry,
  type LogLine,
  ProgressBatch,
  ProgressBye,
  ProgressGone,
  ProgressLog,
  type ServerToClientEvents,
} from './events'
export { Failure, type FailureResult, failureOf, Refusal, refusal } from './failure'
export { Json, type JsonObject, type Scalar } from './json'
export { isMessageName, type MessageName, type MessagePayload, messageNames, messageSchemas } from './messages'
export { Metadata } from './metadata'
export { isCommand, isServerEvent } from './names'
export { Notification, PRIORITIES } from './notification'
export {
  type AnyOperation,
  defineOperation,
  type KindOf,
  type MetadataOf,
  type Operation,
  type OperationShape,
  type PhaseOf,
  type ResultOf,
  type StandardSchema,
  type,
} from './operation'
export { EPOCH_PATTERN, epochAt, POSITION_PATTERN, RESERVED_SESSION_IDS, SESSION_ID_PATTERN } from './position'
export { jsonBytes, type Sanitized, type SanitizeOptions, sanitizeMetadata } from './sanitize'
export {
  ActiveSnapshot,
  CancelledSnapshot,
  CompletedSnapshot,
  Epoch,
  ErrorSnapshot,
  isEnd,
  Milliseconds,
  SessionId,
  Snapshot,
} from './snapshot'
export { boundedText, cutText } from './text'
export type { Transport, TransportClose, TransportLink, TransportListener } from './transport'
export {
  type Clock,
  COMMANDS,
  type Code,
  type CommandName,
  comparePositions,
  type ErrorRow,
  isProgressError,
  isRetryable,
  isSessionId,
  type KnownCode,
  LIMITS,
  type LimitName,
  type Positioned,
  PROTOCOL_VERSION,
  ProgressError,
  type ProgressErrorOptions,
  parsePosition,
  positionOf,
  requireSessionId,
  SERVER_EVENTS,
  type ServerEventName,
  systemClock,
} from './wire'
