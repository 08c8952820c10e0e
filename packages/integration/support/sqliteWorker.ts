// A process that works on a SQLite file until it is killed: jobs of a few steps, one after the other, and long ones that
// report. What `flush()` has answered for is told to whoever started it. Arguments: the file, `honest` or `hasty`.
import { randomUUID } from 'node:crypto'
import { type Backend, ProgressTracker } from '@progress/server'
import { sqlite } from '@progress/server/sqlite'
import Database from 'libsql'

/** What was acknowledged: after this, nothing of it may be lost. */
export interface Acknowledged {
  readonly sessionId: string
  readonly epoch: string
  readonly revision: number
  readonly status: string
  /** The number of its last log line; -1: none. */
  readonly line: number
}

const SHORT_ONES = 6
/** The long ones' ids. */
export const LONG_IDS: readonly string[] = Object.freeze(['long-0', 'long-1', 'long-2'])
const HASTE_MS = 30

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))

/** The planted bug: it says that it has stored what it will store in a moment. */
function hasty(good: Backend): Backend {
  return {
    '~backend': 1,
    ...(good.endKeepMs !== undefined && { endKeepMs: good.endKeepMs }),
    put: async (entry, keepMs) => {
      setTimeout(() => void good.put(entry, keepMs), HASTE_MS)
      return true
    },
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
  }
}

/** Works until the process ends. */
function work(path: string, manner: string | undefined): void {
  const durable = sqlite(new Database(path))
  const tracker = new ProgressTracker({ backend: manner === 'hasty' ? hasty(durable) : durable, throttleMs: 5 })

  async function acknowledge(sessionId: string, line: number): Promise<void> {
    const snapshot = tracker.getSession(sessionId)
    if (!snapshot) throw new Error(`${sessionId} is not there`)
    const { epoch, revision, status } = snapshot
    await tracker.flush()
    process.send?.({ sessionId, epoch, revision, status, line } satisfies Acknowledged)
  }

  async function shortOnes(): Promise<never> {
    for (;;) {
      const id = randomUUID()
      const job = tracker.run('short', { owner: 'ada', id, total: 5 }, async (task) => {
        for (const step of task.track([1, 2, 3, 4, 5])) {
          task.log(`step ${step}`)
          await turn()
        }
      })
      await job
      await acknowledge(id, 4)
    }
  }

  async function longOne(id: string): Promise<void> {
    await tracker.run('long', { owner: 'ada', id }, async (task) => {
      for (let step = 0; ; step++) {
        task.update({ progress: Math.min(99, step / 100), message: `step ${step}` })
        task.log(`step ${step}`)
        await acknowledge(id, step)
        task.signal.throwIfAborted()
      }
    })
  }

  process.once('disconnect', () => process.exit())
  for (let index = 0; index < SHORT_ONES; index++) void shortOnes()
  for (const id of LONG_IDS) longOne(id).catch(() => {}) // cancelled: that stands in the session
}

const [path, manner] = process.argv.slice(2)
if (process.send && path !== undefined && process.argv[1] === import.meta.filename) work(path, manner)
