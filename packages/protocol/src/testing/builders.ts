// Valid messages to start a test from: name what matters to the test, the rest is filled in.
import type { MessageName, MessagePayload } from '../messages'
import { isCommand } from '../names'
import { epochAt, positionOf } from '../position'
import type { Snapshot } from '../snapshot'

const AT = Date.UTC(2026, 0, 1)
const ID = '4f3c2c1e-9d0b-4c56-8a0a-1f2e3d4c5b6a'
const EPOCH = epochAt(AT, () => 0)

type Status = Snapshot['status']
type SnapshotWith<S extends Status> = Extract<Snapshot, { readonly status: S }>

const base = {
  sessionId: ID,
  operation: 'csv-import',
  epoch: EPOCH,
  revision: 1,
  progress: 40,
  metadata: { operation: 'csv-import', filename: 'a.csv' },
  attempt: 1,
  createdAt: AT,
  timestamp: AT,
} as const

const byStatus: { readonly [S in Status]: SnapshotWith<S> } = {
  active: { ...base, status: 'active', worker: 'alive', cancellable: true },
  completed: { ...base, status: 'completed', progress: 100, duration: 1_000, result: { inserted: 3 } },
  error: {
    ...base,
    status: 'error',
    duration: 1_000,
    error: { code: 'SQLITE_BUSY', message: 'The database is busy', retryable: true },
  },
  cancelled: { ...base, status: 'cancelled', duration: 1_000, reason: 'user' },
}

/** A valid snapshot of this status, with your fields over it. */
export function buildSnapshot<S extends Status = 'active'>(
  status: S = 'active' as S,
  fields: Partial<SnapshotWith<S>> = {},
): SnapshotWith<S> {
  return { ...byStatus[status], ...fields }
}

const position = positionOf(base)
const refused = { error: { code: 'NOT_FOUND', message: 'There is no such session' } } as const

const messages: { readonly [N in MessageName]: MessagePayload<N> } = {
  'progress-status': byStatus.active,
  'progress-update': byStatus.active,
  'progress-complete': byStatus.completed,
  'progress-error': byStatus.error,
  'progress-cancelled': byStatus.cancelled,
  'progress-log': { sessionId: ID, epoch: EPOCH, from: 1, lines: [{ text: 'Reading', level: 'info', at: AT }] },
  'progress-batch': { sessions: [byStatus.active] },
  'progress-gone': { sessionId: ID, code: 'NOT_FOUND' },
  'progress-bye': { code: 'DRAINING', retryAfterMs: 1_000 },
  'application-error': { code: 'HANDLER_ERROR', message: 'The server could not carry this out.' },
  'join-progress': [ID, { position }],
  'leave-progress': [ID],
  'cancel-progress': [ID, 'user'],
  'list-progress': [{ watch: true }],
  'sync-progress': [{ [ID]: position }, { mine: true }],
  'join-progress:answer': { success: true, status: byStatus.active },
  'leave-progress:answer': { success: true },
  'cancel-progress:answer': refused,
  'list-progress:answer': { success: true, sessions: [byStatus.active] },
  'sync-progress:answer': { success: true, snapshots: [byStatus.active], gone: [] },
}

/** A valid message of this name, with your fields over it. A command is the list of its arguments: nothing is laid over it. */
export function buildMessage<N extends MessageName>(
  name: N,
  fields: Partial<MessagePayload<N>> = {},
): MessagePayload<N> {
  const message = messages[name]
  return isCommand(name) ? message : { ...message, ...fields }
}
