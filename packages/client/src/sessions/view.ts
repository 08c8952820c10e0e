// What one client knows of one session: a view and a message come in, a view comes out. Where nothing changed, it is the
// same one. Messages may overlap, repeat, come late or out of order, by whichever way.
import {
  comparePositions,
  EPOCH_PATTERN,
  isSessionId,
  LIMITS,
  type LogLine,
  type ProgressLog,
  positionOf,
  type Snapshot,
} from '@progress/protocol/wire'
import type { LogItem } from './watchState'

/** What is known. */
export interface View {
  /** The newest state; absent before the first. */
  readonly snapshot: Snapshot | undefined
  /** Output of the present epoch, as far as it is kept here. */
  readonly log: readonly LogItem[]
  /** Number of the last line; -1 before the first. */
  readonly lastLine: number
}

/** Nothing known yet. */
export const UNKNOWN: View = Object.freeze({ snapshot: undefined, log: Object.freeze([]), lastLine: -1 })

const STATUSES: readonly unknown[] = ['active', 'completed', 'error', 'cancelled']

/** Events whose payload is a state. */
const STATE_EVENTS: readonly string[] = [
  'progress-status',
  'progress-update',
  'progress-complete',
  'progress-error',
  'progress-cancelled',
]

/** Is this an answer to a command? What is refused bears a code. */
export function isAnswer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return !('error' in value) || typeof (value.error as { code?: unknown } | null)?.code === 'string'
}

/** Does an event of this name carry a state? */
export function isStateEvent(name: string): boolean {
  return STATE_EVENTS.includes(name)
}

/** Has what a view decides by? The rest is as the server says: `decode` checks all of it. */
export function isSnapshot(value: unknown): value is Snapshot {
  return isState(value) && isSessionId(value.sessionId)
}

/** The same of a session that is known, where the id needs no second look. */
export function isState(value: unknown): value is Snapshot {
  if (typeof value !== 'object' || value === null) return false
  const { epoch, revision, status, progress, metadata, error } = value as Record<string, unknown>
  return (
    typeof epoch === 'string' &&
    EPOCH_PATTERN.test(epoch) &&
    isCount(revision) &&
    STATUSES.includes(status) &&
    Number.isFinite(progress) &&
    typeof metadata === 'object' &&
    metadata !== null &&
    (status !== 'error' || (typeof error === 'object' && error !== null))
  )
}

/** With a state. An older one, and any after the end of its epoch, changes nothing. */
export function withSnapshot(view: View, snapshot: Snapshot): View {
  const known = view.snapshot
  if (!known) return { ...view, snapshot }
  if (comparePositions(snapshot, known) <= 0) return view
  if (snapshot.epoch !== known.epoch) return { ...UNKNOWN, snapshot }
  return known.status === 'active' ? { snapshot, log: view.log, lastLine: view.lastLine } : view
}

/** Is this output, as far as the view needs it? */
export function isLog(value: unknown): value is ProgressLog {
  if (typeof value !== 'object' || value === null) return false
  const { sessionId, from, lines, gap = 0 } = value as Record<string, unknown>
  return isSessionId(sessionId) && isCount(from) && isCount(gap) && Array.isArray(lines) && lines.every(isLine)
}

/** A view, and the lines that it did not have before. */
export interface WithLog {
  readonly view: View
  readonly news: readonly LogItem[]
}

/** With lines of output, or `missed`: lines in between were lost on the way and have to be asked for. */
export function withLog(view: View, log: ProgressLog): WithLog | 'missed' {
  if (log.epoch !== view.snapshot?.epoch) return { view, news: [] }
  const lines = log.lines.map((line, index): LogLine => ({ ...line, line: log.from + index }))
  const fresh = lines.filter(({ line }) => line > view.lastLine)
  const first = fresh[0]
  if (!first) return { view, news: [] }
  const hole = first.line - view.lastLine - 1
  if (hole > (log.gap ?? 0)) return 'missed'
  const news: readonly LogItem[] = hole > 0 ? [{ gap: hole }, ...fresh] : fresh
  const lastLine = first.line + fresh.length - 1
  return { view: { ...view, log: kept([...view.log, ...news]), lastLine }, news }
}

/** What a join says of what is known, so that only the rest is sent. */
export function joinOptions(view: View): { position?: string; logLine?: number } {
  const { snapshot, lastLine } = view
  if (!snapshot) return {}
  return { position: positionOf(snapshot), ...(lastLine >= 0 && { logLine: lastLine }) }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isLine(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as LogLine).text === 'string'
}

/** As many lines as the server keeps; what falls out at the top is a gap like any other. */
function kept(items: readonly LogItem[]): readonly LogItem[] {
  const lines = items.filter((item): item is LogLine => 'line' in item)
  if (lines.length <= LIMITS.logLines) return items
  const first = lines[lines.length - LIMITS.logLines]
  return first ? [{ gap: first.line }, ...items.slice(items.indexOf(first))] : items
}
