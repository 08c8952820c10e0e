// The embedded durable backend, over a SQLite database that the app opens.
export { type SqliteOptions, sqlite } from './sqlite'
