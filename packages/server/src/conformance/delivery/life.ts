// What a job has said, from which everything that may be shown follows: a state is the sum of what was said up to some
// point, and the number of that point is in its metadata.
import type { Snapshot } from '@progress/protocol'
import type { Task } from '../../tracker/task'
import type { Host } from './host'

/** How a job may end by itself. */
export type Ending = 'completed' | 'error' | 'cancelled'

interface Said {
  readonly progress: number
  readonly message: string | undefined
  readonly end?: Ending
}

/** A job that runs, in its own hands. */
export interface Job {
  readonly task: Task
  resolve(): void
  reject(error: unknown): void
}

/** One life of a session id: from its making to its end, perhaps over several attempts. */
export class Life {
  readonly sessionId: string
  readonly owner: string
  readonly number: number
  /** Where it is worked on. */
  host: Host
  /** Absent where a session was made by `createSession`, or before the job has begun. */
  job: Job | undefined
  readonly isRun: boolean
  readonly said: Said[] = [{ progress: 0, message: undefined }]
  readonly madeAt: number
  saidAt: number
  /** A failed attempt, and not the last. */
  isQueued = false
  /** Its process is gone: what the store has of it is its last word before it is given up. */
  isOrphan = false
  /** Its process could not be heard for long: others may have given it up. */
  isDisputed = false
  /** The store has something of it. */
  isStored = false
  /** How much of it the store has for certain, by what `flush` answered for. */
  durable = -1
  /** How much of that was looked for since. */
  looked = -1

  constructor(sessionId: string, owner: string, number: number, host: Host, isRun: boolean, now: number) {
    this.sessionId = sessionId
    this.owner = owner
    this.number = number
    this.host = host
    this.isRun = isRun
    this.madeAt = this.saidAt = now
  }

  /** Has it begun? A run waits for its place. */
  get isBegun(): boolean {
    return !this.isRun || this.job !== undefined || this.isQueued || this.end !== undefined
  }

  /** Is there somebody who goes on with it? */
  get isAtWork(): boolean {
    return this.host.isUp && this.isBegun && !this.end && !this.isOrphan && !this.isQueued
  }

  /** Somebody has cancelled it. */
  cancelled(): void {
    const last = this.said.pop()
    if (last) this.said.push({ ...last, end: 'cancelled' })
  }

  /** How much was said. */
  get stamp(): number {
    return this.said.length - 1
  }

  get end(): Ending | undefined {
    return this.said.at(-1)?.end
  }

  /** Notes something that was said; answers its number. */
  say(now: number, progress: number, message: string | undefined, end?: Ending): number {
    const last = this.said.at(-1)
    const furthest = end === 'completed' ? 100 : Math.max(progress, last?.progress ?? 0)
    this.said.push({ progress: furthest, message: message ?? last?.message, ...(end && { end }) })
    this.saidAt = now
    return this.stamp
  }

  /** What is wrong with a state, measured by what was said; `undefined` where it was said exactly so. */
  wrongIn(snapshot: Snapshot, mayBeCancelled: boolean): string | undefined {
    const stamp = stampOf(snapshot)
    const said = this.said[stamp]
    if (!said) return `a state ${stamp} that was never said`
    if (said.end === 'completed' && snapshot.status === 'active') return this.#announces(snapshot, stamp)
    const isByOthers =
      (snapshot.status === 'error' && snapshot.error.code === 'INTERRUPTED') ||
      (mayBeCancelled && snapshot.status === 'cancelled')
    if (!isByOthers && snapshot.status !== 'active' && snapshot.status !== (said.end ?? 'active'))
      return `${snapshot.status} where ${said.end ?? 'active'} was said`
    if (snapshot.progress !== said.progress) return `progress ${snapshot.progress} where ${said.progress} was said`
    if (snapshot.status !== 'error' && snapshot.message !== said.message) return `another message than was said`
    return undefined
  }

  /** What a job says in the moment before it ends may be told before the end is. */
  #announces(snapshot: Snapshot, stamp: number): string | undefined {
    const before = this.said[stamp - 1]
    return snapshot.progress === before?.progress ? undefined : `progress ${snapshot.progress} before an end`
  }
}

/** Which life of its id a state is of. */
export function lifeOf({ metadata }: Snapshot): number {
  return Number((metadata as { life?: unknown })['life'])
}

/** How much had been said when a state was made. */
export function stampOf({ metadata }: Snapshot): number {
  return Number((metadata as { stamp?: unknown })['stamp'])
}

/** What somebody shows of an id. */
export type Shows = Snapshot | 'waiting' | 'gone'

/** A state in a few words. */
export function words(shows: Shows | undefined): string {
  if (typeof shows !== 'object') return String(shows)
  const { sessionId, epoch, revision, status } = shows
  return `${sessionId}@${epoch.slice(4, 9)}.${revision} (${status}, life ${lifeOf(shows)}, said ${stampOf(shows)})`
}
