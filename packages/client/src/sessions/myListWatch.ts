// One look at the caller's own sessions: a handle on a list that may be shared with others.
import { tellAll } from '../report'
import type { MyList } from './myList'
import { Subscriptions } from './subscriptions'
import type { MyState, MyWatch } from './watches'
import type { End } from './watchState'

/** A look at the list. */
export class MyListWatch implements MyWatch {
  readonly #list: MyList
  readonly #left: () => void
  readonly #subscriptions = new Subscriptions()
  #last: MyState | undefined

  /** @param left called once, when it is left */
  constructor(list: MyList, left: () => void) {
    this.#list = list
    this.#left = left
  }

  get state(): MyState {
    return this.#last ?? this.#list.state
  }

  subscribe(listener: (state: MyState) => void): () => void {
    const tell = (state: MyState): void => listener(state)
    tellAll(new Set([tell]), this.state)
    return this.#until(this.#list.states, tell)
  }

  onEnd(listener: (end: End) => void): () => void {
    return this.#until(this.#list.ends, (end) => listener(end))
  }

  leave(): void {
    if (this.#last) return
    this.#last = this.#list.state
    this.#subscriptions.end()
    this.#left()
  }

  [Symbol.dispose](): void {
    this.leave()
  }

  #until<T>(listeners: Set<T>, listener: T): () => void {
    return this.#last ? () => {} : this.#subscriptions.add(listeners, listener)
  }
}
