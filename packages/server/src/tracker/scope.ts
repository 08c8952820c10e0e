// A stretch of a job's way: the whole of it, or a phase with its share. It counts its own units and turns them into
// progress of the whole.
import type { Change } from './session'

/** A stretch of the way, from `start` over `span` of 100. */
export class Scope {
  /** Units counted since they were last taken. The hot field. */
  counted = 0
  current: number | undefined
  total: number | undefined

  constructor(
    readonly start = 0,
    readonly span = 100,
  ) {}

  /** Takes in what was counted. Answers whether there was anything. What is no number is put aside. */
  take(): boolean {
    const { counted } = this
    this.counted = 0
    if (counted === 0 || !Number.isFinite(counted)) return false
    this.current = Math.min(Number.MAX_VALUE, Math.max(0, (this.current ?? 0) + counted))
    return true
  }

  /** Another item of work begins: what comes of it is added to what was to be counted so far. */
  expect(total: number): number {
    this.take()
    return Math.max(this.total ?? 0, (this.current ?? 0) + total)
  }

  /** Counts from the beginning. */
  reset(): void {
    this.counted = 0
    this.current = this.total = undefined
  }

  /** Own 0..100 as progress of the whole. */
  scaled(progress: number): number {
    return this.start + (this.span * Math.min(100, Math.max(0, progress))) / 100
  }

  /** What is shown of its counting. */
  shown(): Change {
    const { current = 0, total } = this
    return {
      current,
      total: total ?? null,
      ...(total && { progress: this.scaled((current * 100) / total) }),
    }
  }

  /** The stretches of weighted phases, in their order. */
  divide(phases: { readonly [name: string]: number }): Map<string, Scope> {
    const entries = Object.entries(phases).map(([name, weight]) => [name, usable(weight)] as const)
    const whole = entries.reduce((sum, [, weight]) => sum + weight, 0)
    let done = 0
    return new Map(
      entries.map(([name, weight]) => {
        const start = this.start + this.span * (done / whole)
        done += weight
        return [name, new Scope(start, this.start + this.span * (done / whole) - start)]
      }),
    )
  }
}

/** A weight that can be added to others. What is none counts as 1. */
function usable(weight: number): number {
  return typeof weight === 'number' && weight > 0 ? Math.min(weight, 1e9) : 1
}
