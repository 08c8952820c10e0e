// A backend that is away when it is told to be: every call of it then fails, or never answers until it is back.
import type { Backend } from '../backend/contract'
import { over } from './over.test-support'

/** A backend whose health is in your hands. */
export interface Unruly {
  readonly backend: Backend
  /** What was called, by name, also what failed. */
  readonly calls: string[]
  /** How many calls wait for an answer now, and how many did at most. */
  readonly waiting: { now: number; most: number }
  /** What hangs is answered, or fails, as soon as it is anything else. */
  become(health: 'well' | 'failing' | 'hanging'): void
}

type Method = (...args: never[]) => Promise<unknown>

/** Makes a backend unruly; `close` always works. */
export function unruly(good: Backend): Unruly {
  let health: 'well' | 'failing' | 'hanging' = 'well'
  const calls: string[] = []
  const waiting = { now: 0, most: 0 }
  let answer: (() => void)[] = []

  function wrap<F extends Method>(name: string, method: F): F {
    return (async (...args: Parameters<F>) => {
      calls.push(name)
      waiting.most = Math.max(waiting.most, ++waiting.now)
      try {
        if (health === 'hanging') await new Promise<void>((resolve) => answer.push(resolve))
        if (health === 'failing') throw new Error('the backend is away')
        return await method(...args)
      } finally {
        waiting.now -= 1
      }
    }) as unknown as F
  }

  const backend = over(good, {
    put: wrap('put', (entry, keepMs) => good.put(entry, keepMs)),
    get: wrap('get', (ids) => good.get(ids)),
    listByOwner: wrap('listByOwner', (owner) => good.listByOwner(owner)),
    listActiveByNode: wrap('listActiveByNode', (node) => good.listActiveByNode(node)),
    appendLog: wrap('appendLog', (id, epoch, lines, node) => good.appendLog(id, epoch, lines, node)),
    readLog: wrap('readLog', (id, epoch, after) => good.readLog(id, epoch, after)),
    send: wrap('send', (message) => good.send(message)),
    listen: wrap('listen', (hear, onGap) => good.listen(hear, onGap)),
    heartbeat: wrap('heartbeat', (node, ttlMs, keepMs) => good.heartbeat(node, ttlMs, keepMs)),
    silence: wrap('silence', (nodes) => good.silence(nodes)),
    claim: wrap('claim', (name, ttlMs) => good.claim(name, ttlMs)),
    count: wrap('count', (name, windowMs) => good.count(name, windowMs)),
  } satisfies Partial<Backend>)

  return {
    backend,
    calls,
    waiting,
    become(next) {
      health = next
      if (next === 'hanging') return
      for (const resolve of answer) resolve()
      answer = []
    },
  }
}
