// Entries as a backend takes them, for tests that look at one from the outside.
import { epochAt } from '@progress/protocol'
import { buildSnapshot } from '@progress/protocol/testing'
import type { Entry } from '@progress/server'

/** A life that no test outlives. */
export const LONG_MS = 60_000

/** What an entry is beside the usual. */
export interface EntryFields {
  readonly id?: string
  /** The higher, the newer. */
  readonly life?: number
  readonly revision?: number
  readonly owner?: string | null
  readonly node?: string
  readonly isEnded?: boolean
}

/** The name of a life. */
export function epoch(life: number): string {
  return epochAt(Date.UTC(2026, 0, 1) + life, () => 0)
}

/** An entry of ada's. */
export function entry(fields: EntryFields = {}): Entry {
  const { id = 's-1', life = 0, revision = 1, owner = 'ada', node = 'node-1', isEnded = false } = fields
  const place = { sessionId: id, epoch: epoch(life), revision }
  return { snapshot: isEnded ? buildSnapshot('completed', place) : buildSnapshot('active', place), owner, node }
}
