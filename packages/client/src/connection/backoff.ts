// When to dial again.

/** Before the first attempt, and after each that failed. */
const STEPS_MS: readonly number[] = [0, 1_000, 2_000, 4_000, 8_000]
/** Up or down, so that clients that were cut off together do not come back together. */
const JITTER = 0.2

/** So many attempts in a row are made soon; then it is given up, and tried in the background. */
export const ATTEMPTS = STEPS_MS.length

/**
 * The wait before an attempt.
 * @param attempt from 0: how many were made in this row
 * @param random 0 <= random < 1
 */
export function soon(attempt: number, random: number): number {
  const step = STEPS_MS[Math.min(attempt, ATTEMPTS - 1)] ?? 0
  return Math.round(step * (1 + JITTER * (2 * random - 1)))
}

/**
 * The wait between attempts in the background: anywhere up to its bound, so that a crowd spreads out.
 * @param random 0 <= random < 1
 */
export function someday(random: number, capMs: number): number {
  return Math.round(capMs * random)
}
