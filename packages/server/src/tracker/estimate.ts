// How fast, and how long still: amounts and times come in, a smoothed rate goes out. Where nobody can know, nothing is said.

/** What has been seen of a pace so far. */
export interface Pace {
  /** When counting began. */
  readonly since: number
  readonly at: number
  readonly amount: number
  /** Amount per millisecond, smoothed; absent before there were two readings. */
  readonly rate?: number
}

/** A pace that begins now. */
export function startPace(amount: number, at: number): Pace {
  return { since: at, at, amount }
}

/** Takes in a new reading. Readings closer than time can tell, or that step back, begin anew from there. */
export function observe(pace: Pace, amount: number, at: number, smoothingMs: number): Pace {
  const span = at - pace.at
  if (amount < pace.amount || span < 0) return startPace(amount, at)
  if (span === 0) return amount === pace.amount ? pace : { ...pace, amount }
  const current = (amount - pace.amount) / span
  const weight = 1 - Math.exp(-span / smoothingMs)
  const rate = pace.rate === undefined ? current : pace.rate + weight * (current - pace.rate)
  return { since: pace.since, at, amount, rate }
}

/** Amount per second; `undefined` before `afterMs` were seen, or where it stands still. */
export function ratePerSecond(pace: Pace, afterMs: number): number | undefined {
  if (pace.rate === undefined || pace.at - pace.since < afterMs || !(pace.rate > 0)) return undefined
  const rate = pace.rate * 1_000
  return Number.isFinite(rate) ? rate : undefined
}

/** Milliseconds until `total` is reached; `undefined` where the rate is unknown. Never negative. */
export function etaMs(pace: Pace, total: number, afterMs: number): number | undefined {
  const rate = ratePerSecond(pace, afterMs)
  if (rate === undefined || !Number.isFinite(total)) return undefined
  const eta = Math.round((Math.max(0, total - pace.amount) / rate) * 1_000)
  return Number.isSafeInteger(eta) ? eta : undefined
}
