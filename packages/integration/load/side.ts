// What a host's server can do, whether it is ours or bare Socket.IO.
import type { IncomingMessage, ServerResponse } from 'node:http'

/** One of the two. */
export interface Side {
  /** Makes a session; answers its id. */
  make(metadata: Readonly<Record<string, string>>): string
  update(id: string, progress: number, message: string): void
  /** Answers `GET /api/progress/ID`. */
  http(req: IncomingMessage, res: ServerResponse): void
}
