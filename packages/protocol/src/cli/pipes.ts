// An output stream comes in; from then on a reader that goes away (`| head`) is no crash.
import type { EventEmitter } from 'node:events'

/** Passes over a reader that closed its end. Any other failure to write, such as a full disk, is handed to `failed`. */
export function outliveReader(stream: EventEmitter, failed: (error: Error) => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failed(error)
  })
}
