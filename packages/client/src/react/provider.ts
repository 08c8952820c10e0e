// Hands a client to the hooks below.
import { createContext, createElement, type ReactElement, type ReactNode, useContext, useMemo } from 'react'
import type { WebSocketClient } from '../index'
import { Desk } from './desk'

const DeskContext = createContext<Desk | null>(null)

/** What `ProgressProvider` takes. */
export interface ProgressProviderProps {
  /** Made once, outside of components. Who made it closes it: a provider that goes does not. */
  readonly client: WebSocketClient
  readonly children?: ReactNode
}

/** Lets all components below follow sessions by this client. */
export function ProgressProvider({ client, children }: ProgressProviderProps): ReactElement {
  const desk = useMemo(() => new Desk(client), [client])
  return createElement(DeskContext.Provider, { value: desk }, children)
}

/** The client of the provider above. Throws an `Error` where there is none. */
export function useProgressClient(): WebSocketClient {
  return useDesk().client
}

/** The desk of the provider above. Throws an `Error` where there is none. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (desk) return desk
  throw new Error(
    'there is no provider: put <ProgressProvider client={client}> around the components that show progress',
  )
}
