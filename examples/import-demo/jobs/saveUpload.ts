// The body of a request comes in, a file comes out; bytes are counted while they pass.
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ProgressError, track } from '@progress/server'

/** A file that somebody sends. */
export interface Upload {
  readonly body: Readable
  /** As the sender says. */
  readonly size: number
}

const MOST_BYTES = 200_000_000
const NEWLINE = 10

/** Saves it, and answers how many lines it has. Throws `FILE_TOO_LARGE`, or `NETWORK_ERROR` where the sender is gone. */
export async function saveUpload({ body, size }: Upload, path: string, rest: () => Promise<unknown>): Promise<number> {
  if (size > MOST_BYTES) {
    body.destroy()
    throw new ProgressError('FILE_TOO_LARGE', 'The file is larger than 200 MB.', { details: { size } })
  }
  const file = createWriteStream(path)
  let lines = 0
  try {
    // `track` counts for the phase that is running, without the task in hand.
    for await (const chunk of track<Buffer>(body, { total: size, unit: 'bytes', size: (bytes) => bytes.length })) {
      for (const byte of chunk) if (byte === NEWLINE) lines += 1
      if (!file.write(chunk)) await once(file, 'drain')
      await rest()
    }
  } catch (error) {
    // A job that is cancelled destroys the body, too: only an error that came from there is the line's.
    if (error === body.errored) throw new ProgressError('NETWORK_ERROR', 'The upload broke off.', { cause: error })
    throw error
  } finally {
    file.end()
    await finished(file)
  }
  return lines
}
