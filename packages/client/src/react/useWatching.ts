// A watch as React wants it: opened after the commit, never while rendering, so that what is rendered twice, suspended or
// thrown away leaves nothing behind.
import { useCallback, useInsertionEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { Desk, Watching } from './desk'
import { useDesk } from './provider'

/** What is watched. The same object for as long as it is the same. */
export interface Subject<State, End> {
  /** Under which others below the provider watch it, too; `null`: nothing is. */
  readonly key: string | null
  open(client: Desk['client'], key: string): Watching<State, End>
  /** Before anything is known, and on the server. */
  readonly blank: State
}

/** Watches, and renders again when the state changes. `onEnd` may be another function each time. */
export function useWatching<State extends { readonly status: string }, End>(
  subject: Subject<State, End>,
  onEnd: ((end: End) => void) | undefined,
): State {
  const desk = useDesk()
  const view = useMemo(() => new View(desk, subject), [desk, subject])
  const latest = useRef(onEnd)
  useInsertionEffect(() => {
    latest.current = onEnd
  })
  // Nobody who does not care may count as told: an end is told once.
  const cares = onEnd !== undefined
  const subscribe = useCallback(
    (changed: () => void) => view.open(changed, cares ? (end) => latest.current?.(end) : undefined),
    [view, cares],
  )
  return useSyncExternalStore(
    subscribe,
    () => view.state,
    () => subject.blank,
  )
}

/** What one component sees of its subject. */
class View<State extends { readonly status: string }, End> {
  readonly #desk: Desk
  readonly #subject: Subject<State, End>
  #watch: Watching<State, End> | undefined
  /** Of a component that is hidden for a while. */
  #last: State | undefined

  constructor(desk: Desk, subject: Subject<State, End>) {
    this.#desk = desk
    this.#subject = subject
  }

  get state(): State {
    const { key, blank } = this.#subject
    if (key === null) return blank
    // The caller's word: what is under a key was opened for it.
    const state = this.#watch?.state ?? this.#last ?? (this.#desk.seen(key) as State | undefined) ?? blank
    // The same object before and after the watch is opened: nothing that shows has changed.
    return state.status === 'waiting' ? blank : state
  }

  open(changed: () => void, onEnd: ((end: End) => void) | undefined): () => void {
    const { key, open } = this.#subject
    if (key === null) return () => {}
    const watch = open(this.#desk.client, key)
    this.#watch = watch
    const exit = this.#desk.enter(key, watch)
    const stop = watch.subscribe(changed)
    if (onEnd) watch.onEnd(onEnd)
    return () => {
      this.#last = this.state
      this.#watch = undefined
      stop() // first: that it is left is no news for who leaves
      exit()
      watch.leave()
    }
  }
}
