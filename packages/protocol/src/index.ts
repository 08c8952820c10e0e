// The whole protocol: schemas and types under one name each, and all that `/wire` has.

export {
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
export { cutText } from './text'
export {
  type Clock,
  COMMANDS,
  type Code,
  type CommandName,
  comparePositions,
  EPOCH_PATTERN,
  ERRORS,
  epochAt,
  errorRow,
  isCommand,
  isKnownCode,
  isProgressError,
  isServerEvent,
  isSessionId,
  type KnownCode,
  LIMITS,
  type LimitName,
  POSITION_PATTERN,
  type Positioned,
  PROTOCOL_VERSION,
  ProgressError,
  type ProgressErrorOptions,
  parsePosition,
  positionOf,
  RESERVED_SESSION_IDS,
  SERVER_EVENTS,
  SESSION_ID_PATTERN,
  type ServerEventName,
  systemClock,
} from './wire'
