// A backend around another, with some of its methods replaced.
import type { Backend } from '../backend/contract'

/** A backend with some methods replaced. */
export function over(good: Backend, changed: Partial<Backend>): Backend {
  return {
    '~backend': 1,
    put: (entry, keepMs) => good.put(entry, keepMs),
    get: (ids) => good.get(ids),
    listByOwner: (owner) => good.listByOwner(owner),
    listActiveByNode: (node) => good.listActiveByNode(node),
    appendLog: (id, epoch, lines, node) => good.appendLog(id, epoch, lines, node),
    readLog: (id, epoch, after) => good.readLog(id, epoch, after),
    send: (message) => good.send(message),
    listen: (hear, onGap) => good.listen(hear, onGap),
    heartbeat: (node, ttlMs, keepMs) => good.heartbeat(node, ttlMs, keepMs),
    silence: (nodes) => good.silence(nodes),
    claim: (name, ttlMs) => good.claim(name, ttlMs),
    count: (name, windowMs) => good.count(name, windowMs),
    close: () => good.close(),
    ...changed,
  }
}
