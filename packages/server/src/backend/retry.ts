// How long a failing backend is left alone before it is tried again.
import { DEFAULTS } from '../defaults'

/** How long to wait after so many failures before this one: 200 ms, doubled each time, at most 5 s. */
export function retryWaitMs(failures: number): number {
  return Math.min(DEFAULTS.retryMaxMs, DEFAULTS.retryMs * 2 ** failures)
}
