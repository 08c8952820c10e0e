// Snapshots come in; lists of them that fit into one packet each go out.
import { type Json, jsonBytes, LIMITS, type Snapshot } from '@progress/protocol'

/** `{"sessions":[]}`. */
const FRAME_BYTES = 15

/** Snapshots in packets of at most `LIMITS.batchBytes`, in their order. One that is larger by itself has its own. */
export function packets(sessions: readonly Snapshot[]): Snapshot[][] {
  if (sessions.length * LIMITS.snapshotBytes <= LIMITS.batchBytes) return sessions.length > 0 ? [[...sessions]] : []
  const parts: Snapshot[][] = []
  let part: Snapshot[] = []
  let bytes = FRAME_BYTES
  for (const session of sessions) {
    const more = jsonBytes(session as unknown as Json) + 1 // its comma
    if (part.length > 0 && bytes + more > LIMITS.batchBytes) {
      parts.push(part)
      part = []
      bytes = FRAME_BYTES
    }
    part.push(session)
    bytes += more
  }
  if (part.length > 0) parts.push(part)
  return parts
}
