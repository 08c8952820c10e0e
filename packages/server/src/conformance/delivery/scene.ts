// What is known of a run by whoever looks at a part of it: the laws, and each viewer's seat. `World` makes it true.
import type { Host } from './host'
import type { Life, Shows } from './life'
import type { RunClock } from './runClock'
import type { Tally } from './tally'
import type { Viewer } from './viewer'

/** A viewer, as it is looked at. */
export interface Onlooker {
  readonly name: string
  readonly user: string
  /** What is watched, and what is shown of it. */
  readonly shows: ReadonlyMap<string, Shows>
  /** When it was logged out; absent while it is logged in. */
  readonly out: object | undefined
  /** What it asks for may not be answered before. */
  readonly busyUntil: number
  /** Something was lost on the connection that it has now, as no real one loses it. */
  readonly hasLost: boolean
  readonly viewer: Viewer | undefined
}

/** A run, as it is looked at. */
export interface Scene {
  readonly clock: RunClock
  readonly tally: Tally
  readonly hosts: readonly Host[]
  readonly seats: readonly Onlooker[]
  readonly lives: readonly Life[]
  /** The newest life of each id. */
  readonly current: ReadonlyMap<string, Life>
  /** Ids of which two lives, or two ends, may be known in different places: what is shown in the end is left open. */
  readonly muddled: Set<string>
  /** Ids that somebody has asked to cancel: when that arrives, nobody can say. */
  readonly asked: ReadonlySet<string>
  /** What was seen under each position. */
  readonly seen: Map<string, string>
  /** How the stored state of each id stands. */
  readonly stored: ReadonlyMap<string, string>
  /** Since when a process has been away. */
  readonly cutAt: Map<Host, number>
  /** Who may come in: token -> user. */
  readonly logins: Map<string, string>
  /** How many commands there were. */
  readonly step: number
  /** Nothing is wrong, and nothing has been for so long that all must be right again. */
  isCalm(): boolean
}
