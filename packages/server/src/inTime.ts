// Work of a backend, or of a hook of the app's, that may hang: after a while it counts as failed.
import { type Clock, ERRORS, ProgressError } from '@progress/protocol'
import { DEFAULTS } from './defaults'

/** What the promise says, at once where it is none; or after `waitMs` (default 2 s) a rejection with the `ProgressError` `UNAVAILABLE`. */
export async function inTime<T>(
  clock: Clock,
  answer: Promise<T> | T,
  waitMs: number = DEFAULTS.readTimeoutMs,
): Promise<T> {
  if (!isAwaited(answer)) return answer
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

function isAwaited<T>(answer: Promise<T> | T): answer is Promise<T> {
  return typeof (answer as { readonly then?: unknown } | null | undefined)?.then === 'function'
}
