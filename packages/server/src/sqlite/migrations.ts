// What the file holds, as the steps that made it so: a file of version n has seen the first n of them. Steps are added,
// never changed.

/** The steps, each a list of statements. */
export const MIGRATIONS: readonly (readonly string[])[] = Object.freeze([
  [
    // `number` grows: what was made together lies together, and a tick that writes all of it touches few pages.
    `CREATE TABLE sessions (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      epoch TEXT NOT NULL,
      revision INTEGER NOT NULL,
      active INTEGER NOT NULL,
      owner TEXT NOT NULL,
      node TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      snapshot TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX sessions_by_owner ON sessions (owner)',
    'CREATE INDEX sessions_by_node ON sessions (node) WHERE active = 1',
    `CREATE TABLE lines (
      number INTEGER PRIMARY KEY,
      session TEXT NOT NULL,
      line INTEGER NOT NULL,
      epoch TEXT NOT NULL,
      written_at INTEGER NOT NULL,
      content TEXT NOT NULL,
      UNIQUE (session, line)
    ) STRICT`,
    // Lines may come before their session. They go with it, and with its epoch.
    `CREATE TRIGGER lines_of_a_new_session AFTER INSERT ON sessions BEGIN
      DELETE FROM lines WHERE session = new.id AND epoch <> new.epoch;
    END`,
    `CREATE TRIGGER lines_of_an_old_epoch AFTER UPDATE OF epoch ON sessions WHEN old.epoch <> new.epoch BEGIN
      DELETE FROM lines WHERE session = new.id AND epoch <> new.epoch;
    END`,
    `CREATE TRIGGER lines_of_a_gone_session AFTER DELETE ON sessions BEGIN
      DELETE FROM lines WHERE session = old.id;
    END`,
    `CREATE TABLE nodes (
      node TEXT PRIMARY KEY,
      spoke_at INTEGER NOT NULL,
      lives_until INTEGER NOT NULL,
      kept_until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE counters (
      name TEXT PRIMARY KEY,
      count INTEGER NOT NULL,
      lasts_until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX counters_by_time ON counters (lasts_until)',
    // Who listens in another process, and what it is told. `AUTOINCREMENT`: a number is never given twice, or a hole unseen.
    'CREATE TABLE ears (id TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    `CREATE TABLE messages (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      teller TEXT NOT NULL,
      told_at INTEGER NOT NULL,
      content TEXT NOT NULL
    ) STRICT`,
  ],
])
