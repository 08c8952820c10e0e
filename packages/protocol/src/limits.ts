// Every number that both sides of the wire must agree on. The unit stands in the name:
// `Chars` are characters (code points), `Bytes` are bytes of UTF-8 JSON, `Ms` are milliseconds, the rest are counts.

/** Version of the wire protocol. It grows only when an old peer could no longer understand a new one. */
export const PROTOCOL_VERSION = 1

/** The wire's numbers. What is over a bound is cut or left out and the snapshot is marked `truncated`. */
export const LIMITS = Object.freeze({
  /** Longest session id. */
  sessionIdChars: 64,
  /** Longest name: an operation's kind, a phase, a unit. */
  nameChars: 50,
  /** Longest `message` of a snapshot or of an error. */
  messageChars: 500,
  /** Longest reason of a cancellation. */
  reasonChars: 200,
  /** Longest error code. */
  codeChars: 50,
  /** Longest error reference. */
  referenceChars: 64,
  /** Longest metadata key, at every level; a longer one is left out. */
  metadataKeyChars: 50,
  /** Longest metadata string, at every level; a longer one is cut. */
  metadataStringChars: 200,
  /** Objects and lists inside each other, the metadata itself being the first; what lies deeper is left out. */
  metadataDepth: 4,
  /** Keys of one object, and items of one list; more are left out. */
  metadataEntries: 50,
  /** All metadata of a session together. */
  metadataBytes: 4_096,
  /** The `details` of an error. */
  errorDetailsBytes: 2_048,
  /** The `result` of a completed session; a larger one is left out whole. */
  resultBytes: 4_096,
  /** One snapshot. */
  snapshotBytes: 12_288,
  /** Log lines kept per session. */
  logLines: 200,
  /** Longest log line. */
  logLineChars: 500,
  /** One `progress-batch`; more sessions go into a further packet. */
  batchBytes: 65_536,
  /**
   * One answer to `list-progress`, and one to `sync-progress`: running sessions first, then the newest ends; older ends are
   * left out.
   */
  listBytes: 262_144,
  /** One command of a client. */
  commandBytes: 16_384,
  /** Commands of one connection within a minute, sliding. */
  commandsPerMinute: 300,
  /** Connections of one user. */
  connectionsPerUser: 20,
  /** Sessions that one connection watches. */
  watchedPerConnection: 100,
  /** Ids that one connection waits for: joined, not made yet. */
  awaitedPerConnection: 100,
  /** Positions in one `sync-progress`: all that a connection can watch or wait for. */
  syncEntries: 200,
  /** Shortest time between two `progress-update` of one session; first and last value of a burst always go out. */
  throttleMs: 100,
  /** A connected client compares its positions with the server this often. */
  syncIntervalMs: 10_000,
  /** A client without push asks this often. */
  pollIntervalMs: 1_000,
  /** Longest `wait` of a long poll. */
  longPollMs: 20_000,
  /** How long an id that is not known yet is waited for before it is `gone`. */
  awaitMs: 30_000,
  /** A connection that has entered no namespace within this time is closed by the server, whatever `connectTimeout` is. */
  authenticateMs: 30_000,
  /** A withdrawn right ends within this time, without anybody calling `revoke()`. */
  recheckMs: 30_000,
  /** Age at which a signed message is refused. */
  signatureWindowMs: 300_000,
})

/** The name of one of the wire's numbers. */
export type LimitName = keyof typeof LIMITS
