// The listeners that somebody left on a socket of socket.io-client, counted from outside of what is tested.
import type { Socket } from 'socket.io-client'

/** Of all events, and those of any event. */
export function listenersOf(socket: Socket): number {
  const { _callbacks = {} } = socket as unknown as { readonly _callbacks?: Readonly<Record<string, unknown[]>> }
  return Object.values(_callbacks).reduce((sum, listeners) => sum + listeners.length, socket.listenersAny().length)
}
