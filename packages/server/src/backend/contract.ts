// What several processes share: the state of sessions, messages between the processes, and who lives. A backend is a
// mirror that others read; the process that runs a job is the only one that writes its session.
import type { LogLine, Snapshot } from '@progress/protocol'

/** A session as it is stored and told. */
export interface Entry {
  readonly snapshot: Snapshot
  /** Whose it is; `null`: anybody's who is logged in. Never leaves the server. */
  readonly owner: string | null
  /** The process that writes it. */
  readonly node: string
}

/** A session as it is found. */
export interface StoredEntry extends Entry {
  /** Are lines of this epoch kept, in the same moment? Absent: that is not known. */
  readonly hasLog?: boolean
}

/** What one process tells the others. */
export type Message =
  | { readonly kind: 'changed'; readonly entry: Entry }
  | {
      readonly kind: 'log'
      readonly sessionId: string
      readonly epoch: string
      readonly lines: readonly LogLine[]
      readonly node: string
    }
  | { readonly kind: 'cancel'; readonly sessionId: string; readonly reason?: string }
  | {
      readonly kind: 'revoke'
      readonly whose: { readonly userId: string } | { readonly loginId: string }
    }

/** Log lines that are kept: `gap` says how many before the first are gone for good. */
export interface StoredLog {
  readonly lines: readonly LogLine[]
  readonly gap: number
}

/**
 * The contract. Every method may reject: its callers retry, and tell the signals. Nothing that a backend does may throw
 * before it has answered by promise, and every promise settles in the end: the next write of a session waits for the one
 * before. `backendContract` in `/conformance` proves an implementation.
 */
export interface Backend {
  readonly '~backend': 1
  /** How long an end stays readable here, in milliseconds. Default 15 minutes: longer than any reconnect takes. */
  readonly endKeepMs?: number

  /**
   * Stores a state and tells the others (`changed`), both or neither. What is not newer than the stored position is
   * passed over, and so is anything after an end in the same epoch, and a session of another owner while this one is
   * active; the answer says whether it was stored.
   * @param keepMs the entry may be forgotten after this, unless it is stored again or kept on by a heartbeat
   */
  put(entry: Entry, keepMs: number): Promise<boolean>
  /** The stored states, in the order of the ids; `null` where there is none. */
  get(sessionIds: readonly string[]): Promise<readonly (StoredEntry | null)[]>
  /** All stored states of an owner, running and ended. */
  listByOwner(owner: string): Promise<readonly Entry[]>
  /** All stored states that this process wrote and that are active: what is left to do when it is gone. */
  listActiveByNode(node: string): Promise<readonly Entry[]>

  /**
   * Keeps lines, the last `LIMITS.logLines` of them, and tells the others (`log`). Lines that are kept already, and those of
   * an older epoch, are passed over. The kept ones are numbered without a hole: after one, it begins anew. They go when
   * their session is forgotten, or gets a new epoch.
   */
  appendLog(sessionId: string, epoch: string, lines: readonly LogLine[], node: string): Promise<void>
  /** The kept lines of this epoch after the one numbered `after` (-1: all). */
  readLog(sessionId: string, epoch: string, after: number): Promise<StoredLog>

  /** Tells the other processes, and this one. */
  send(message: Message): Promise<void>
  /**
   * Hears what is told from now on, also by this process; what one process tells, in its order. The answer stops it. After
   * an outage `onGap` is called: something may have been missed. One that throws keeps nothing from the others.
   */
  listen(hear: (message: Message) => void, onGap: () => void): Promise<() => void>

  /**
   * This process lives, and will have said so again within `ttlMs`. What it wrote last and is active is kept on with its
   * lines, for at least `keepMs` from now: a job may report nothing for days.
   */
  heartbeat(node: string, ttlMs: number, keepMs: number): Promise<void>
  /** For each process: milliseconds since its last word; `null` where its time has run out, or it never spoke. */
  silence(nodes: readonly string[]): Promise<readonly (number | null)[]>
  /** `true` for exactly one caller per name within `ttlMs`. */
  claim(name: string, ttlMs: number): Promise<boolean>

  /** Adds one to a counter that is forgotten `windowMs` after its first count; answers how many there are now. */
  count(name: string, windowMs: number): Promise<number>

  /** Ends what this backend opened itself; what was handed in stays open. */
  close(): Promise<void>
}
