// The one shape of state. Push, polling, SSE, the backend, the client's view and the tests all carry it.
import * as z from 'zod'
import { Failure } from './failure'
import { Json } from './json'
import { LIMITS } from './limits'
import { Metadata } from './metadata'
import type { AnyOperation, KindOf, MetadataOf, PhaseOf, ResultOf } from './operation'
import { EPOCH_PATTERN, RESERVED_SESSION_IDS, SESSION_ID_PATTERN } from './position'
import { text } from './text'

/** A session's id. */
export const SessionId = z
  .string()
  .regex(SESSION_ID_PATTERN)
  .refine((id) => !RESERVED_SESSION_IDS.includes(id), 'a reserved word')
  .meta({ id: 'SessionId', not: { enum: RESERVED_SESSION_IDS } })

/** Milliseconds since 1970, or a span of them. */
export const Milliseconds = z.int().nonnegative().meta({ id: 'Milliseconds' })

/** The name of one life of a session id. */
export const Epoch = z.string().regex(EPOCH_PATTERN).meta({ id: 'Epoch' })

const name = text(LIMITS.nameChars, 1)
const amount = z.number().nonnegative()
const reason = text(LIMITS.reasonChars)

const base = {
  sessionId: SessionId,
  /** The operation's kind; discriminates a list of mixed work. The seed's place, `metadata.operation`, is filled too. */
  operation: name,
  epoch: Epoch,
  /** Whole number, +1 at each visible change. */
  revision: z.int().nonnegative(),
  /** 0..100, always a number. `indeterminate` says not to draw it. */
  progress: z.number().min(0).max(100),
  indeterminate: z.literal(true).exactOptional(),
  current: amount.exactOptional(),
  total: amount.exactOptional(),
  unit: name.exactOptional(),
  phase: name.exactOptional(),
  message: text(LIMITS.messageChars).exactOptional(),
  metadata: Metadata,
  attempt: z.int().min(1),
  /** Milliseconds since 1970, as every `...At` and `timestamp`; every span ends in `Ms` (the seed's `duration` excepted). */
  createdAt: Milliseconds,
  timestamp: Milliseconds,
  /** Something was over a bound, and was cut or left out. */
  truncated: z.literal(true).exactOptional(),
}

const activeSnapshot = z
  .object({
    ...base,
    status: z.literal('active'),
    /** Nobody works on it yet: reserved, or between two attempts. */
    queued: z.literal(true).exactOptional(),
    ratePerSecond: amount.exactOptional(),
    etaMs: amount.exactOptional(),
    /** Is the process that works alive? Not: is my connection. */
    worker: z.enum(['alive', 'quiet', 'lost']),
    cancellable: z.boolean(),
    cancelRequested: z.object({ at: Milliseconds, reason: reason.exactOptional() }).exactOptional(),
  })
  .meta({ id: 'ActiveSnapshot' })

const completedSnapshot = z
  .object({ ...base, status: z.literal('completed'), duration: Milliseconds, result: Json.exactOptional() })
  .meta({ id: 'CompletedSnapshot' })

const errorSnapshot = z
  .object({ ...base, status: z.literal('error'), duration: Milliseconds, error: Failure })
  .meta({ id: 'ErrorSnapshot' })

const cancelledSnapshot = z
  .object({ ...base, status: z.literal('cancelled'), duration: Milliseconds, reason: reason.exactOptional() })
  .meta({ id: 'CancelledSnapshot' })

/** What is typed by the operation rather than by the wire. */
type TypedBy<Op> = {
  readonly operation: KindOf<Op>
  readonly phase?: PhaseOf<Op>
  readonly metadata: MetadataOf<Op>
}
type Typed<Wire, Op> = Readonly<Omit<Wire, keyof TypedBy<Op> | 'result' | 'error'>> & TypedBy<Op>

/** Work that goes on, or waits. */
export interface ActiveSnapshot<Op = AnyOperation> extends Typed<z.infer<typeof activeSnapshot>, Op> {}
/** Work that is done. */
export interface CompletedSnapshot<Op = AnyOperation> extends Typed<z.infer<typeof completedSnapshot>, Op> {
  /** What the job returned, as far as the operation declares a result. */
  readonly result: ResultOf<Op>
}
/** Work that failed. */
export interface ErrorSnapshot<Op = AnyOperation> extends Typed<z.infer<typeof errorSnapshot>, Op> {
  readonly error: Failure
}
/** Work that was stopped, and has stopped. */
export interface CancelledSnapshot<Op = AnyOperation> extends Typed<z.infer<typeof cancelledSnapshot>, Op> {}

/** The whole visible state of a session. Narrow by `status`, and by `operation` where `Op` is a union. */
export type Snapshot<Op = AnyOperation> = Op extends AnyOperation
  ? ActiveSnapshot<Op> | CompletedSnapshot<Op> | ErrorSnapshot<Op> | CancelledSnapshot<Op>
  : never

// The schemas under the names of their types. What they read is what `AnyOperation` says: typed by the wire alone.
/** Schema of work that goes on, or waits. */
export const ActiveSnapshot: z.ZodType<ActiveSnapshot> = activeSnapshot
/** Schema of work that is done. */
// `result` is a key that a job without a result leaves out; its type says so as `void`, not as an absent key.
export const CompletedSnapshot = completedSnapshot as z.ZodType as z.ZodType<CompletedSnapshot>
/** Schema of work that failed. */
export const ErrorSnapshot: z.ZodType<ErrorSnapshot> = errorSnapshot
/** Schema of work that was stopped, and has stopped. */
export const CancelledSnapshot: z.ZodType<CancelledSnapshot> = cancelledSnapshot
/** Schema of the whole visible state of a session. */
export const Snapshot = z
  .discriminatedUnion('status', [activeSnapshot, completedSnapshot, errorSnapshot, cancelledSnapshot])
  .meta({ id: 'Snapshot' }) as z.ZodType as z.ZodType<Snapshot>

/** Has it ended? Then nothing changes any more in this epoch. */
export function isEnd<Op>(
  snapshot: ActiveSnapshot<Op> | CompletedSnapshot<Op> | ErrorSnapshot<Op> | CancelledSnapshot<Op>,
): snapshot is CompletedSnapshot<Op> | ErrorSnapshot<Op> | CancelledSnapshot<Op> {
  return snapshot.status !== 'active'
}
