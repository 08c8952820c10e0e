// All sessions of whoever is logged in, in a component.
import { useMemo } from 'react'
import type { AnyOperation, Connection, End, MyState } from '../index'
import { useConnection } from './useConnection'
import { type Subject, useWatching } from './useWatching'

/** Options of `useMyProgress`. */
export interface UseMyProgressOptions<Op = AnyOperation> {
  /** Called once for each session that ends while the list is open. It need not be memoised. */
  readonly onEnd?: (end: End<Op>) => void
}

/** The list, and how it is connected. */
export interface MyProgress<Op = AnyOperation> extends MyState<Op> {
  readonly connection: Connection
}

const WAITING: MyState<never> = Object.freeze({ status: 'waiting', sessions: Object.freeze([]) })

/** No session has this id. */
const KEY = ''

/**
 * The live list of my sessions, ended ones included, also right after a reload. The result is the same object until
 * something in it changes.
 */
export function useMyProgress<Op extends AnyOperation = AnyOperation>(
  options: UseMyProgressOptions<Op> = {},
): MyProgress<Op> {
  const subject = useMemo<Subject<MyState<Op>, End<Op>>>(
    () => ({ key: KEY, open: (client) => client.watchMine<Op>(), blank: WAITING }),
    [],
  )
  const state = useWatching(subject, options.onEnd)
  const connection = useConnection()
  return useMemo(() => ({ ...state, connection }), [state, connection])
}
