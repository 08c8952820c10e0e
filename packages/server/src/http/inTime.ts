// Work of a backend or of the app's own rule, which may hang: after a while it counts as failed.
import type { Clock } from '@progress/protocol'
import { DEFAULTS } from '../defaults'

/** The work's own outcome, or a rejection after `readTimeoutMs`. */
export async function inTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  let cancel = () => {}
  const tooLate = new Promise<never>((_, reject) => {
    cancel = clock.after(DEFAULTS.readTimeoutMs, () => reject(new Error('there was no answer in time')))
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    cancel()
  }
}
