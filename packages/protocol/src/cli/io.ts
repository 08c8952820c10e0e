// What a command reads and writes, so that a test can be the terminal.

/** The streams of a process, and what it is. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: Output
  readonly stderr: Output
  /** The version of the package. */
  readonly version: string
}

/** Where text goes. */
export interface Output {
  write(text: string): unknown
}

/** Exit codes: nothing to complain about, something was found, the command could not do its work. */
export const EXIT = Object.freeze({ fine: 0, found: 1, failed: 2 })

/** The command was called in a way that it does not know. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
