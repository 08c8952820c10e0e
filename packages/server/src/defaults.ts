// The server's own numbers, each with its unit. What both sides must agree on is in the protocol's `LIMITS`.
import { LIMITS } from '@progress/protocol'

/** The server's own numbers. */
export const DEFAULTS = Object.freeze({
  /** Shortest time between two updates of a session (S0-14). */
  throttleMs: LIMITS.throttleMs,
  /** A completed or cancelled session leaves `getSession` after this (S0-34). */
  completedLingerMs: 5_000,
  /** A failed one stays longer: somebody wants to read it (S0-38). */
  errorLingerMs: 10_000,
  /** The end stays readable by join, poll and list: longer than any reconnect takes. */
  endKeptMs: 15 * 60_000,
  /** The same where it outlives the process. */
  durableEndKeptMs: 24 * 60 * 60_000,
  /** Ends kept by the memory backend; the oldest go first. */
  endsKept: 10_000,
  /** A session without any sign of life from its job is given up (S0-40). */
  staleMs: 30 * 60_000,
  /** How often that is looked for (S0-15). */
  sweepMs: 30 * 60_000,
  /** Sessions that run in one process. One more is refused. */
  sessions: 100_000,
  /** A process says that it lives. */
  heartbeatMs: 5_000,
  /** Without a word for this long, a worker is `quiet`. */
  quietMs: 15_000,
  /** Without a word for this long, it is `lost`, and its sessions end as `INTERRUPTED`. */
  leaseMs: 30_000,
  /** What a hook of the app's, an authenticator or its rule, may take to answer. */
  hookMs: 5_000,
  /** What a backend may take to answer a reader. */
  readTimeoutMs: 2_000,
  /** What `close` waits at most for a backend to take all that happened. */
  flushTimeoutMs: 5_000,
  /** First wait after a backend has failed; doubled up to the next. */
  retryMs: 200,
  /** Longest wait between two tries of a backend. */
  retryMaxMs: 5_000,
  /** How fast rate and ETA follow a change of pace. */
  smoothingMs: 5_000,
  /** No rate and no ETA before this much was seen. */
  estimateAfterMs: 1_000,
})
