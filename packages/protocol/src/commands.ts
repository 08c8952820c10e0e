// What a client asks for: the arguments of each command, its answer, and Socket.IO's map of them.
import * as z from 'zod'
import type { Code } from './errors'
import { ProgressGone } from './events'
import { Refusal } from './failure'
import { LIMITS } from './limits'
import type { CommandName } from './names'
import { POSITION_PATTERN } from './position'
import { SessionId, Snapshot } from './snapshot'
import { text } from './text'

/** `EPOCH.REVISION`. */
export const Position = z.string().regex(POSITION_PATTERN).meta({ id: 'Position' })

const success = z.literal(true)

/** What a join may say of what its client has: only what is newer is sent again. */
export const JoinOptions = z
  .object({
    /** The last state applied. */
    position: Position.exactOptional(),
    /** The last log line seen. */
    logLine: z.int().nonnegative().exactOptional(),
  })
  .meta({ id: 'JoinOptions' })
/** What a join may say of what its client has: only what is newer is sent again. */
export type JoinOptions = Readonly<z.infer<typeof JoinOptions>>

/** `watch` (default true) enters the room of the caller's own sessions, `false` leaves it. */
export const ListOptions = z.object({ watch: z.boolean().exactOptional() }).meta({ id: 'ListOptions' })
/** `watch` (default true) enters the room of the caller's own sessions, `false` leaves it. */
export type ListOptions = Readonly<z.infer<typeof ListOptions>>

/** What a client has: the last position applied of each session. */
export const Positions = z
  .record(SessionId, Position)
  .refine((entries) => Object.keys(entries).length <= LIMITS.syncEntries, `more than ${LIMITS.syncEntries} sessions`)
  .meta({ id: 'Positions', maxProperties: LIMITS.syncEntries })
/** What a client has: the last position applied of each session. */
export type Positions = Readonly<z.infer<typeof Positions>>

/** `mine`: the caller's own sessions are compared too, also those that it does not name. */
export const SyncOptions = z.object({ mine: z.boolean().exactOptional() }).meta({ id: 'SyncOptions' })
/** `mine`: the caller's own sessions are compared too, also those that it does not name. */
export type SyncOptions = Readonly<z.infer<typeof SyncOptions>>

const done = z.object({ success })

/**
 * The wire's name of a command -> its arguments, without the acknowledgement, and its answer. Arguments beyond these are
 * ignored, so that a newer client is understood; an option that is left out may be `null`.
 */
export const commandSchemas = Object.freeze({
  'join-progress': {
    args: z.tuple([SessionId, JoinOptions.nullish()]),
    answer: z.union([z.object({ success, status: Snapshot }), Refusal]),
  },
  'leave-progress': {
    args: z.tuple([SessionId]),
    answer: z.union([done, Refusal]),
  },
  'cancel-progress': {
    args: z.tuple([SessionId, text(LIMITS.reasonChars).nullish()]),
    answer: z.union([done, Refusal]),
  },
  'list-progress': {
    args: z.tuple([ListOptions.nullish()]),
    answer: z.union([z.object({ success, sessions: z.array(Snapshot) }), Refusal]),
  },
  'sync-progress': {
    args: z.tuple([Positions, SyncOptions.nullish()]),
    answer: z.union([z.object({ success, snapshots: z.array(Snapshot), gone: z.array(ProgressGone) }), Refusal]),
  },
} satisfies Record<CommandName, { args: z.ZodTuple; answer: z.ZodType }>)

/** The arguments of a command, without the acknowledgement. */
export type CommandArgs<C extends CommandName> = z.infer<(typeof commandSchemas)[C]['args']>
/** The answer to a command: `{ success: true, … }` or `{ error }`. */
export type CommandAnswer<C extends CommandName> = z.infer<(typeof commandSchemas)[C]['answer']>

/** What somebody who asked to cancel is told, in code. `ok`: it was passed on to the job, which then ends or not. */
export type CancelAnswer = { readonly ok: true } | { readonly ok: false; readonly code: Code; readonly message: string }

/** Socket.IO's map of what a client sends. Every command may be sent without acknowledgement, as the seed does. */
export type ClientToServerEvents = {
  [C in CommandName]: (...args: [...CommandArgs<C>, ack?: (answer: CommandAnswer<C>) => void]) => void
}
