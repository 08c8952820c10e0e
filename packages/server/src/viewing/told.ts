// How facts are told, over sockets and streams alike: a snapshot or lines come in, the event or its payload goes out.
import type { LogLine, ProgressLog, ServerEventName, Snapshot } from '@progress/protocol'

const EVENT_OF: Readonly<Record<Snapshot['status'], ServerEventName>> = Object.freeze({
  active: 'progress-update',
  completed: 'progress-complete',
  error: 'progress-error',
  cancelled: 'progress-cancelled',
})

/** The event that tells of a change. */
export function eventOf(snapshot: Snapshot): ServerEventName {
  return EVENT_OF[snapshot.status]
}

/** Lines as they travel: the first has its number, the others follow. `null` where there are none. */
export function logPayload(
  sessionId: string,
  epoch: string,
  lines: readonly LogLine[],
  gap: number,
): ProgressLog | null {
  const from = lines[0]?.line
  if (from === undefined) return null
  const entries = lines.map(({ text, level, at }) => ({ text, level, at }))
  return { sessionId, epoch, from, lines: entries, ...(gap > 0 && { gap }) }
}
