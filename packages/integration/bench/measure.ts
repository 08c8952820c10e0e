// Two ways of doing the same, measured side by side: they take turns in one process, and the median of their ratios is told.

/** What came of a comparison. */
export interface Comparison {
  /** Median of baseline / ours, by time: above 1, ours is faster. */
  readonly ratio: number
  readonly oursNs: number
  readonly baselineNs: number
  readonly pairs: number
}

/**
 * Runs both `pairs` times in turns, after one turn that does not count. `ops` is what one call of each does; `before` gets
 * ready what both of a pair need, off the clock.
 */
export async function compare(
  ops: number,
  pairs: number,
  ours: () => unknown,
  baseline: () => unknown,
  before: () => unknown = () => {},
): Promise<Comparison> {
  const times: { ours: number; baseline: number }[] = []
  for (let pair = 0; pair <= pairs; pair++) {
    before()
    // Who goes first changes: what one leaves to the collector is not always the other's to pay.
    const first = pair % 2 === 0 ? await timed(ours) : await timed(baseline)
    const second = pair % 2 === 0 ? await timed(baseline) : await timed(ours)
    if (pair > 0) times.push(pair % 2 === 0 ? { ours: first, baseline: second } : { ours: second, baseline: first })
  }
  return {
    ratio: median(times.map((time) => time.baseline / time.ours)),
    oursNs: (median(times.map((time) => time.ours)) / ops) * 1e6,
    baselineNs: (median(times.map((time) => time.baseline)) / ops) * 1e6,
    pairs,
  }
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = 0, high = 0] = sorted.length % 2 === 0 ? sorted.slice(middle - 1) : [sorted[middle], sorted[middle]]
  return (low + high) / 2
}

/** The value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Bytes of heap in use, after the collector has run. The process must run with `--expose-gc`. */
export function heapUsed(): number {
  const { gc } = globalThis
  if (!gc) throw new Error('Run with --expose-gc: npm run bench does')
  for (let round = 0; round < 3; round++) gc()
  return process.memoryUsage().heapUsed
}

async function timed(run: () => unknown): Promise<number> {
  const start = process.hrtime.bigint()
  await run()
  return Number(process.hrtime.bigint() - start) / 1e6
}
