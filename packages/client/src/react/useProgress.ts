// One session in a component.
import { requireSessionId } from '@progress/protocol/wire'
import { useCallback, useMemo } from 'react'
import type { AnyOperation, CancelAnswer, Connection, End, Waiting, WatchState } from '../index'
import { useProgressClient } from './provider'
import { useConnection } from './useConnection'
import { type Subject, useWatching } from './useWatching'

/** Options of `useProgress`. */
export interface UseProgressOptions<Op = AnyOperation> {
  /**
   * Called at the end, once for each epoch and client, whatever React mounts anew. Of several components that watch at
   * that moment each is called. It need not be memoised.
   */
  readonly onEnd?: (end: End<Op>) => void
}

/** A session as a component sees it: one `switch` over `status` draws everything. */
export type Progress<Op = AnyOperation> = WatchState<Op> & {
  readonly connection: Connection
  /** Asks the server. Never rejects. The same function as long as the id is the same. */
  readonly cancel: (reason?: string) => Promise<CancelAnswer>
}

const IDLE: Waiting = Object.freeze({ status: 'idle', progress: 0 })
const WAITING: Waiting = Object.freeze({ status: 'waiting', progress: 0 })
const NOBODY: CancelAnswer = Object.freeze({ ok: false, code: 'NOT_FOUND', message: 'There is no such session.' })

/**
 * Follows a session while the component is mounted; any number of components share one join. No id, no join:
 * `useProgress(null)` is `idle`. The result is the same object until something in it changes. Throws a `TypeError` while
 * rendering where this can be no id.
 * @example
 * const p = useProgress<typeof importCsv>(id)
 * return <progress value={p.progress} max={100} />
 */
export function useProgress<Op extends AnyOperation = AnyOperation>(
  id: string | null | undefined,
  options: UseProgressOptions<Op> = {},
): Progress<Op> {
  const client = useProgressClient()
  // While rendering, where the component that gave it can be found, rather than in an effect.
  const key = id ? requireSessionId(id) : null
  const subject = useMemo<Subject<WatchState<Op>, End<Op>>>(
    () => ({ key, open: (by, sessionId) => by.watch<Op>(sessionId), blank: key === null ? IDLE : WAITING }),
    [key],
  )
  const state = useWatching(subject, options.onEnd)
  const connection = useConnection()
  const cancel = useCallback(
    (reason?: string) => {
      if (key === null) return Promise.resolve(NOBODY)
      const watch = client.watch(key)
      watch.leave() // the question is asked all the same, also by a component that is gone
      return watch.cancel(reason)
    },
    [client, key],
  )
  return useMemo(() => ({ ...state, connection, cancel }), [state, connection, cancel])
}
