// What every fact about a backend starts from: two handles on one store, valid entries, ears, and time that passes.
import { type ActiveSnapshot, epochAt, type LogLine, type Snapshot } from '@progress/protocol'
import { type MovableClock, type Pace, paceOf } from '@progress/protocol/testing'
import type { Backend, Entry, Message } from '../backend/contract'

/** How the contract is run. */
export interface BackendContractOptions {
  /** Moves the time of a backend that has a clock to move. Absent: real time passes. */
  readonly clock?: MovableClock
  /** A second handle on the store of the one that was made last, as another process has it. Absent: the same handle. */
  readonly peer?: () => Backend | Promise<Backend>
}

/** What one fact holds in its hands. */
export interface Bench extends Pace {
  readonly backend: Backend
  readonly peer: Backend
  /** Hears what is told from now on. */
  ears(backend?: Backend): Promise<Ears>
}

/** What was heard, in its order. */
export interface Ears {
  readonly heard: Message[]
  stop(): void
}

/** A short life, in milliseconds: long enough to be read on a slow machine, short enough to be waited for. */
export const SHORT_MS = 400
/** A life that no fact outlives. */
export const LONG_MS = 60_000

const AT = Date.UTC(2026, 0, 1)

/** The name of a life: the higher, the newer. */
export function epoch(life: number): string {
  return epochAt(AT + life, () => 0)
}

/** What an entry is beside the usual. */
export interface EntryFields {
  readonly id?: string
  readonly life?: number
  readonly revision?: number
  readonly owner?: string | null
  readonly node?: string
  readonly isEnded?: boolean
  readonly snapshot?: Partial<ActiveSnapshot>
}

/** A valid entry. */
export function entry(fields: EntryFields = {}): Entry {
  const { id = 's-1', life = 0, revision = 1, owner = 'ada', node = 'node-1', isEnded = false } = fields
  const base = {
    sessionId: id,
    operation: 'csv-import',
    epoch: epoch(life),
    revision,
    progress: 40,
    metadata: { operation: 'csv-import' },
    attempt: 1,
    createdAt: AT,
    timestamp: AT + revision,
    ...fields.snapshot,
  } as const
  const snapshot = isEnded
    ? { ...base, status: 'completed', progress: 100, duration: revision }
    : { ...base, status: 'active', worker: 'alive', cancellable: true }
  return { snapshot: snapshot as Snapshot, owner, node }
}

/** What a backend finds, beside what it may say of lines. */
export async function entriesIn(backend: Backend, ids: readonly string[]): Promise<readonly unknown[]> {
  const found = await backend.get(ids)
  return found.map((stored) => {
    if (!stored) return stored
    const { hasLog: _, ...rest } = stored
    return rest
  })
}

/** Lines numbered from `from` on. */
export function lines(from: number, count: number): LogLine[] {
  return Array.from({ length: count }, (_, index) => ({
    line: from + index,
    text: `line ${from + index}`,
    level: 'info',
    at: AT,
  }))
}

/** The sessions and revisions of what was heard as `changed`. */
export function changes(heard: readonly Message[]): string[] {
  return heard.flatMap((message) => {
    if (message.kind !== 'changed') return []
    const { sessionId, revision } = message.entry.snapshot
    return [`${sessionId}@${revision}`]
  })
}

/** A bench over the backend. */
export function setUp(backend: Backend, peer: Backend, { clock }: BackendContractOptions): Bench {
  const ears: Bench['ears'] = async (on = backend) => {
    const heard: Message[] = []
    const stop = await on.listen(
      (message) => heard.push(message),
      () => {},
    )
    return { heard, stop }
  }
  return { ...paceOf(clock), backend, peer, ears }
}
