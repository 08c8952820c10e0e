// What `client.watch(id)` and `client.watchMine()` give.
import type { AnyOperation, CancelAnswer, ResultOf, Snapshot } from '@progress/protocol/wire'
import type { End, LogItem, WatchState } from './watchState'

/** `Disposable`, where the page's TypeScript knows that word (`lib: ['ESNext.Disposable']`); elsewhere nothing. */
export type Usable = SymbolConstructor extends { readonly dispose: infer Dispose extends symbol }
  ? { readonly [Key in Dispose]: () => void }
  : object

/** Joined as long as anybody watches; ten watches of one id share one join. */
export interface Watch<Op = AnyOperation> extends AsyncIterable<Snapshot<Op>>, Usable {
  readonly id: string
  readonly state: WatchState<Op>
  /** Called at once with the present state, then at each change. A listener that throws hurts nobody else. */
  subscribe(listener: (state: WatchState<Op>) => void): () => void
  /** Lines already known first, then each new one; what is gone for good is a plain `{ gap }`. */
  onLog(listener: (item: LogItem) => void): () => void
  /**
   * Called at the end, once for each epoch and client, whatever is mounted anew; whoever listens at that moment is called.
   * The answer stops it.
   */
  onEnd(listener: (end: End<Op>) => void): () => void
  /** However it ended. Never rejects. */
  readonly finished: Promise<End<Op>>
  /** The result, or a thrown `ProgressError` for any other end. */
  result(): Promise<ResultOf<Op>>
  /** Asks the server. Never rejects. */
  cancel(reason?: string): Promise<CancelAnswer>
  /** Stops watching. The work goes on. */
  leave(): void
}

/** What is mine. */
export interface MyState<Op = AnyOperation> {
  /** `waiting` before the first list. */
  readonly status: 'waiting' | 'ready'
  /** Running work first, then what ended, each the newest first. */
  readonly sessions: readonly Snapshot<Op>[]
}

/** The live list of my sessions, ended ones included, also right after a reload. */
export interface MyWatch<Op = AnyOperation> extends Usable {
  readonly state: MyState<Op>
  /** Called at once with the present list, then at each change. A listener that throws hurts nobody else. */
  subscribe(listener: (state: MyState<Op>) => void): () => void
  /** Called once for each session that ends while the list is open. What had ended before is in the list, and no news. */
  onEnd(listener: (end: End<Op>) => void): () => void
  /** Stops listening. */
  leave(): void
}
