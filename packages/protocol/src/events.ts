// What the server sends: one schema per event, and Socket.IO's map of them.
import * as z from 'zod'
import type { Code } from './errors'
import { LIMITS } from './limits'
import type { ServerEventName } from './names'
import {
  ActiveSnapshot,
  CancelledSnapshot,
  CompletedSnapshot,
  Epoch,
  ErrorSnapshot,
  Milliseconds,
  SessionId,
  Snapshot,
} from './snapshot'
import { text } from './text'

const code: z.ZodType<Code> = text(LIMITS.codeChars, 1)

const logEntry = z.object({
  text: text(LIMITS.logLineChars),
  level: z.enum(['info', 'warn', 'error']),
  at: Milliseconds,
})
/** One line of a job's output, as it travels: its number follows from its place. */
export const LogEntry: z.ZodType<LogEntry> = logEntry.meta({ id: 'LogEntry' })
/** One line of a job's output, as it travels: its number follows from its place. */
export type LogEntry = Readonly<z.infer<typeof logEntry>>

/** One line of a job's output, with its number. */
export interface LogLine extends LogEntry {
  readonly line: number
}

const progressLog = z.object({
  sessionId: SessionId,
  epoch: Epoch,
  /** Number of the first of `lines`. */
  from: z.int().nonnegative(),
  lines: z.array(LogEntry).max(LIMITS.logLines).readonly(),
  /** So many lines before `from` are gone for good. */
  gap: z.int().min(1).exactOptional(),
})
/** Output lines of a job: gathered per tick, numbered, in order. */
export const ProgressLog: z.ZodType<ProgressLog> = progressLog.meta({ id: 'ProgressLog' })
/** Output lines of a job: gathered per tick, numbered, in order. */
export type ProgressLog = Readonly<z.infer<typeof progressLog>>

const progressBatch = z.object({ sessions: z.array(Snapshot).readonly() })
/** All changed sessions of an owner. */
export const ProgressBatch: z.ZodType<ProgressBatch> = progressBatch.meta({ id: 'ProgressBatch' })
/** All changed sessions of an owner. */
export type ProgressBatch = Readonly<z.infer<typeof progressBatch>>

const progressGone = z.object({ sessionId: SessionId, code })
/** Kept no longer, or no longer yours to see. */
export const ProgressGone: z.ZodType<ProgressGone> = progressGone.meta({ id: 'ProgressGone' })
/** Kept no longer, or no longer yours to see. */
export type ProgressGone = Readonly<z.infer<typeof progressGone>>

const progressBye = z.object({ code, retryAfterMs: Milliseconds.exactOptional() })
/** Said before the server disconnects; best effort. */
export const ProgressBye: z.ZodType<ProgressBye> = progressBye.meta({ id: 'ProgressBye' })
/** Said before the server disconnects; best effort. */
export type ProgressBye = Readonly<z.infer<typeof progressBye>>

const applicationError = z.object({ code, message: text(LIMITS.messageChars) })
/** A command without acknowledgement failed. */
export const ApplicationError: z.ZodType<ApplicationError> = applicationError.meta({ id: 'ApplicationError' })
/** A command without acknowledgement failed. */
export type ApplicationError = Readonly<z.infer<typeof applicationError>>

/** The wire's name of an event -> the schema of its payload. */
export const eventSchemas = Object.freeze({
  'progress-status': Snapshot,
  'progress-update': ActiveSnapshot,
  'progress-complete': CompletedSnapshot,
  'progress-error': ErrorSnapshot,
  'progress-cancelled': CancelledSnapshot,
  'progress-log': ProgressLog,
  'progress-batch': ProgressBatch,
  'progress-gone': ProgressGone,
  'progress-bye': ProgressBye,
  'application-error': ApplicationError,
} satisfies Record<ServerEventName, z.ZodType>)

/** The payload of an event. */
export type EventPayload<E extends ServerEventName> = z.infer<(typeof eventSchemas)[E]>

/** Socket.IO's map of what the server sends: `new Server<ClientToServerEvents, ServerToClientEvents>()`. */
export type ServerToClientEvents = { [E in ServerEventName]: (payload: EventPayload<E>) => void }
