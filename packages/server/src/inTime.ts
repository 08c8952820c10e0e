// Work of a backend, or of a hook of the app's, that may hang: after a while it counts as failed.
import { type Clock, ERRORS, ProgressError } from '@progress/protocol'
import { DEFAULTS } from './defaults'

/** What the promise says, or after `waitMs` (default 2 s) a rejection with the `ProgressError` `UNAVAILABLE`. */
export async function inTime<T>(
  clock: Clock,
  answer: Promise<T> | T,
  waitMs: number = DEFAULTS.readTimeoutMs,
): Promise<T> {
  let cancel = () => {}
  const tooLate = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new ProgressError('UNAVAILABLE', ERRORS.UNAVAILABLE.sentence))
    cancel = clock.after(waitMs, giveUp)
  })
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    cancel()
  }
}
