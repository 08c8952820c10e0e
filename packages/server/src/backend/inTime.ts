// How long a backend is waited for: its answer, or after a while the error that there is none; and when it is tried again.
import { type Clock, ERRORS, ProgressError } from '@progress/protocol'
import { DEFAULTS } from '../defaults'

/** What the promise says, or after `waitMs` (default 2 s) a rejection with the `ProgressError` `UNAVAILABLE`. */
export async function inTime<T>(clock: Clock, answer: Promise<T>, waitMs: number = DEFAULTS.readTimeoutMs): Promise<T> {
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

/** How long to wait after so many failures before this one: 200 ms, doubled each time, at most 5 s. */
export function retryWaitMs(failures: number): number {
  return Math.min(DEFAULTS.retryMaxMs, DEFAULTS.retryMs * 2 ** failures)
}
