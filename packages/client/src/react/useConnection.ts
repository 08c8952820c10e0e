// How the client is connected, for a badge.
import { useCallback, useSyncExternalStore } from 'react'
import type { Connection } from '../index'
import { useProgressClient } from './provider'

const IDLE: Connection = Object.freeze({ status: 'idle', transport: null })

/** How the client is connected: live, polling, reconnecting, refused. Renders again when that changes. */
export function useConnection(): Connection {
  const client = useProgressClient()
  const subscribe = useCallback(
    (changed: () => void) => {
      client.on('connectionChange', changed)
      return () => void client.off('connectionChange', changed)
    },
    [client],
  )
  return useSyncExternalStore(
    subscribe,
    () => client.connection,
    () => IDLE,
  )
}
