// Those who take part in a run: a server with its job, and somebody who looks on through a line.
import type { Snapshot } from '@progress/client'
import type { Ending, Plan } from './plan'

/** A state as it was shown: what it is held against its position by. */
export type Shown = Pick<Snapshot, 'sessionId' | 'epoch' | 'revision' | 'status'>

/** Somebody who looks on. */
export interface Watcher {
  /** All states shown, in their order. */
  readonly shown: readonly Shown[]
  /** For each way to hear of an end: all that were told. */
  readonly ends: readonly (readonly Shown[])[]
  /** Whatever else must never be shown, in words. */
  readonly broken: readonly string[]
  /** Resolves when the first state is shown. */
  readonly first: Promise<void>
  /** Resolves when the end is shown, with `performance.now()` of that moment. */
  readonly right: Promise<number>
  /** Leaves, and looks on again. */
  again(): void
  close(): void
}

/** A server whose jobs are told what to do, and its watchers. */
export interface Party extends AsyncDisposable {
  readonly port: number
  /** How long it may take from the end of all faults until the end is shown; beyond that it counts as lost. */
  readonly deadlineMs: number
  make(id: string): void
  step(id: string, step: number): void
  end(id: string, ending: Ending): void
  watch(id: string, url: string, plan: Plan): Watcher
  /** The run is over: what is not true of what was shown, in words. */
  untrue(id: string, shown: readonly Shown[]): readonly string[]
  /** What is still there when all runs are over, in words. */
  leftovers(): Promise<readonly string[]>
}

/** A promise, and what fulfils it. */
export function settleable<T = void>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle: (value: T) => void = () => {}
  const promise = new Promise<T>((resolve) => {
    settle = resolve
  })
  return { promise, settle }
}
