// The same with a bug: `put` answers as soon as its entry is gathered, and the last one waits for the next, or for somebody
// here who asks. In one process that lives nobody notices; others hear late, and one that dies takes its last write along.
import type { Backend } from '@progress/server'
import { over } from './over'

/** @param store as in `writeBehind` */
export function forgetful(store: Backend): Backend {
  let last: (() => Promise<unknown>) | undefined
  const write = async (): Promise<void> => {
    const writing = last
    last = undefined
    await writing?.()
  }
  return over(store, {
    async put(entry, keepMs) {
      await write()
      last = () => store.put(entry, keepMs)
      return true
    },
    async get(ids) {
      await write()
      return await store.get(ids)
    },
  })
}
