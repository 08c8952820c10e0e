// A backend of one's own: what is written and told is gathered, and goes to the store at the end of the turn, in one order.
// `put` answers when its entry is in the store, and not before: what was answered for outlives the process.
import type { Backend } from '@progress/server'
import { over } from './over'

/** @param store whatever keeps entries beyond this process; here another backend plays it */
export function writeBehind(store: Backend): Backend {
  const gathered: (() => void)[] = []
  const write = (): void => {
    for (const one of gathered.splice(0)) one()
  }
  const gather = <T>(ask: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      gathered.push(() => void ask().then(resolve, reject))
      if (gathered.length === 1) queueMicrotask(write)
    })
  return over(store, {
    put: (entry, keepMs) => gather(() => store.put(entry, keepMs)),
    appendLog: (...lines) => gather(() => store.appendLog(...lines)),
    send: (message) => gather(() => store.send(message)),
  })
}
