// How much one answer may carry: snapshots come in by their turn, and go out as long as they fit.
import { type Json, jsonBytes, LIMITS, type Snapshot } from '@progress/protocol'

/** What is around the snapshots of an answer. */
const AROUND_BYTES = 64

/** The room of one answer, `LIMITS.listBytes` in all. Nothing is measured that comes after what did not fit. */
export class Room {
  #left = LIMITS.listBytes - AROUND_BYTES

  /** Takes it in, where it fits. */
  takes(snapshot: Snapshot): boolean {
    this.#left -= jsonBytes(snapshot as unknown as Json) + 1 // its comma
    return this.#left >= 0
  }
}

/** The first of these, as many as one answer may carry. */
export function fitting(snapshots: readonly Snapshot[]): readonly Snapshot[] {
  if (snapshots.length * LIMITS.snapshotBytes <= LIMITS.listBytes - AROUND_BYTES) return snapshots
  const room = new Room()
  const end = snapshots.findIndex((snapshot) => !room.takes(snapshot))
  return end < 0 ? snapshots : snapshots.slice(0, end)
}
