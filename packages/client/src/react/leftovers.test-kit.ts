// What components leave behind in a client: counted at its doors, so that it does not matter how it keeps things.
import type { WebSocketClient } from '../index'

/** 0 each, where nothing is left behind. */
export interface Leftovers {
  /** Watches that nobody left. */
  readonly watches: number
  /** Listeners of watches and of the client that nobody took away. */
  readonly listeners: number
}

/** A watch of either kind. */
interface Countable {
  subscribe(listener: never): () => void
  leave(): void
}

/** Counts from now on. The answer says what is left at the moment. */
export function countLeftovers(client: WebSocketClient): () => Leftovers {
  const watches = new Set<object>()
  const listeners = new Set<unknown>()

  const counted = <W extends Countable>(watch: W): W => {
    watches.add(watch)
    const { subscribe, leave } = watch
    return Object.assign(watch, {
      subscribe(listener: never): () => void {
        const stop = subscribe.call(watch, listener)
        listeners.add(stop)
        return () => {
          listeners.delete(stop)
          stop()
        }
      },
      leave(): void {
        watches.delete(watch)
        leave.call(watch)
      },
    })
  }
  const { watch, watchMine, on, off } = client
  Object.assign(client, {
    watch: (id: string) => counted(watch.call(client, id)),
    watchMine: () => counted(watchMine.call(client)),
    on(event: 'connectionChange', listener: () => void) {
      listeners.add(listener)
      return on.call(client, event, listener)
    },
    off(event: 'connectionChange', listener: () => void) {
      listeners.delete(listener)
      return off.call(client, event, listener)
    },
  })
  return () => ({ watches: watches.size, listeners: listeners.size })
}
