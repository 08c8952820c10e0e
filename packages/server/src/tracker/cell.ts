// One live session of this process: its snapshot, and what its job wishes to change. A wish costs a field; `fold` makes a
// snapshot of all wishes at once.
import {
  type ActiveSnapshot,
  type Json,
  type JsonObject,
  LIMITS,
  type Metadata,
  type Operation,
  type Sanitized,
  type Snapshot,
  sanitizeMetadata,
} from '@progress/protocol'
import { DEFAULTS } from '../defaults'
import { etaMs, observe, type Pace, ratePerSecond, startPace } from './estimate'
import type { LogRing } from './logRing'
import type { Scope } from './scope'
import { advance, type Change, type End, isActive } from './session'
import type { Throttled } from './throttle'

/** How a running job can be reached. */
export interface Control {
  readonly controller: AbortController
  /** Bodies of `shield` that run: above 0, nobody can cancel. */
  shields: number
}

/** A session that nobody is told of yet: the backend is being asked whether its id is known elsewhere. */
export interface Hold {
  /** What it began with. */
  readonly opening: ActiveSnapshot
  /** How it was ended meanwhile. */
  end: End | undefined
}

/** A live session. Only the tracker and its tasks touch it. */
export class Cell implements Throttled {
  waiting = false
  windowEndsAt = 0
  /** Something was wished since the last fold. */
  dirty = false
  /** Something visible was folded in and not told yet. */
  unsent = false
  progress: number | undefined
  message: string | undefined
  patch: Record<string, Json | undefined> | undefined
  rest: Change | undefined
  /** Who counted last: its numbers are shown. */
  scope: Scope | undefined
  /** Another session has its place: whatever its job still says reaches nobody. */
  gone = false
  #pace: Pace | undefined
  /** What the pace was measured by: a scope's units, or progress. */
  #measure: Scope | 'progress' | undefined
  /** Keys of `patch` that the metadata has not. */
  #news = 0
  control: Control | undefined
  log: LogRing | undefined
  /** Its progress may fall. */
  allowRegress = false
  /** A job that is known to run needs no other sign of life. */
  running = false
  /** Set while nobody is told of it: what its job wishes waits, and so does its end. */
  hold: Hold | undefined
  /** The backend has had this life of its id: a newer one that it names began after this. */
  stored = false

  constructor(
    public snapshot: Snapshot,
    readonly owner: string | null,
    public operation: Operation | undefined,
    /** When its job was last heard of. */
    public touchedAt: number,
    private readonly asStrings: boolean,
  ) {}

  /** Wishes for anything but the hot few. */
  wish(change: Change): void {
    const before = this.rest?.progress ?? 0
    this.rest = this.rest ? { ...this.rest, ...change } : change
    // Whether a window was open must not decide how far the bar goes.
    const fell = change.progress !== undefined && change.progress < before
    if (fell && !this.allowRegress) this.rest = { ...this.rest, progress: before }
    this.dirty = true
  }

  /** Wishes for metadata: cleaned at once, so that a job may go on with its object. */
  wishMetadata(input: unknown): void {
    const { value, truncated } = this.clean(input)
    this.patch ??= {}
    let left = truncated
    for (const [key, found] of Object.entries(value)) {
      if (this.#hasRoom(key, this.patch)) this.patch[key] = found
      else left = true
    }
    if (left) this.rest = { ...this.rest, truncated: true }
    this.dirty = true
  }

  /** Metadata as this tracker keeps it. */
  clean(input: unknown): Sanitized {
    return sanitizeMetadata(input, this.asStrings ? { as: 'strings' } : {})
  }

  /** Folds all wishes into one snapshot. Answers whether something visible changed. */
  fold(at: number): boolean {
    if (!this.dirty) return false
    const before = this.snapshot
    const change = this.#takeWishes(at)
    this.touchedAt = at
    if (!isActive(before)) return false
    const after = advance(before, change, at)
    if (after === before) return false
    this.snapshot = after
    this.unsent = true
    return true
  }

  /** Metadata with a patch over it, bounded again as a whole; the very same where the patch says nothing new. */
  mergedMetadata(patch: JsonObject): { metadata: Metadata; truncated: boolean } {
    const { metadata } = this.snapshot
    const { value, truncated } = sanitizeMetadata({ ...metadata, ...patch })
    return { metadata: JSON.stringify(value) === JSON.stringify(metadata) ? metadata : value, truncated }
  }

  /** Between two folds no more news than could ever be kept. */
  #hasRoom(key: string, patch: JsonObject): boolean {
    if (Object.hasOwn(patch, key) || Object.hasOwn(this.snapshot.metadata, key)) return true
    return this.#news++ < LIMITS.metadataEntries
  }

  #takeWishes(at: number): Change {
    const { progress, message, patch, rest, scope } = this
    const change: Mutable<Change> = { ...rest }
    if (scope?.take()) Object.assign(change, scope.shown())
    const furthest = Math.max(progress ?? 0, rest?.progress ?? 0, change.progress ?? 0)
    const latest = progress ?? change.progress
    if (this.allowRegress) Object.assign(change, { allowRegress: true }, latest !== undefined && { progress: latest })
    else if (furthest > 0 || progress !== undefined) change.progress = furthest
    if (message !== undefined) change.message = message
    if (patch) {
      const { metadata, truncated } = this.mergedMetadata(patch)
      change.metadata = metadata
      if (truncated) change.truncated = true
    }
    this.progress = this.message = this.patch = this.rest = undefined
    this.#news = 0
    this.dirty = false
    this.#estimate(change, at)
    return change
  }

  #estimate(change: Mutable<Change>, at: number): void {
    const before = this.snapshot as ActiveSnapshot
    const { current = this.scope && before.current } = change
    const counts = typeof current === 'number'
    const amount = counts ? change.current : change.progress
    if (typeof amount !== 'number') return
    const end = counts ? this.#endOf(change, amount) : 100
    const measure = counts ? this.scope : 'progress'
    const { smoothingMs, estimateAfterMs } = DEFAULTS
    const goesOn = this.#pace && this.#measure === measure
    this.#pace = goesOn && this.#pace ? observe(this.#pace, amount, at, smoothingMs) : startPace(amount, at)
    this.#measure = measure
    change.ratePerSecond = (counts ? ratePerSecond(this.#pace, estimateAfterMs) : undefined) ?? null
    change.etaMs = (end ? etaMs(this.#pace, end, estimateAfterMs) : undefined) ?? null
  }

  /** The end of the whole, in units of the phase that runs: who waits, waits for all of it. */
  #endOf(change: Change, amount: number): number | undefined {
    const { snapshot, scope } = this
    const total = change.total ?? snapshot.total
    const left = 100 - (change.progress ?? snapshot.progress)
    return total && amount + (left * total) / (scope?.span ?? 100)
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
