// Does memory grow? Samples of a run come in; its first third after the warm-up beside its last comes out.
import { median } from '../bench/measure'

/** The heap at a time. */
export interface Sample {
  /** Since the run began. */
  readonly atMs: number
  readonly heap: number
}

/** What they say. */
export interface Growth {
  /** Medians, in bytes. */
  readonly first: number
  readonly last: number
  /** Samples after the warm-up. */
  readonly count: number
  /** At most 2 MB more in the end; `false` also where there is too little to say so. */
  readonly holds: boolean
}

const MOST_BYTES = 2 * 2 ** 20
const FEWEST = 6

/** Compares the thirds of a run. Until the warm-up is over, code is compiled, and what is remembered for a minute fills. */
export function growthOf(samples: readonly Sample[], runMs: number): Growth {
  const warmMs = Math.max(runMs / 6, Math.min(75_000, runMs / 3))
  const heaps = samples.filter(({ atMs }) => atMs > warmMs).map(({ heap }) => heap)
  const third = Math.floor(heaps.length / 3)
  const first = median(heaps.slice(0, third))
  const last = median(heaps.slice(heaps.length - third))
  return { first, last, count: heaps.length, holds: heaps.length >= FEWEST && last - first <= MOST_BYTES }
}
