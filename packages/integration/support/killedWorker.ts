// Lets a process work on a SQLite file, kills it in the midst of its work, and says what of its acknowledged work is lost.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type Snapshot, systemClock } from '@progress/protocol/wire'
import type { Backend } from '@progress/server'
import type { Acknowledged } from './sqliteWorker'

const PROGRAM = new URL('sqliteWorker.ts', import.meta.url)
const NODE_OPTIONS = { execArgv: ['--conditions=@progress/source', '--import', 'tsx'] }
const DEADLINE_MS = 15_000

/** Starts a worker, and lets it work until it is killed. Resolves when it has begun. */
export async function startWorker(path: string): Promise<{ kill(): Promise<void> }> {
  const child = fork(PROGRAM, [path, 'honest'], NODE_OPTIONS)
  await once(child, 'message')
  return {
    async kill() {
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      await closed
    },
  }
}

/** Starts a worker, kills it by SIGKILL after so many acknowledgements, and gives the last one of each session. */
export async function killAfter(
  count: number,
  path: string,
  manner: 'honest' | 'hasty',
): Promise<ReadonlyMap<string, Acknowledged>> {
  const acknowledged = new Map<string, Acknowledged>()
  const child = fork(PROGRAM, [path, manner], NODE_OPTIONS)
  const cancel = systemClock.after(DEADLINE_MS, () => child.kill('SIGTERM'))
  let heard = 0
  child.on('message', (one: Acknowledged) => {
    acknowledged.set(one.sessionId, one)
    if (++heard === count) child.kill('SIGKILL')
  })
  const [, signal] = await once(child, 'close')
  cancel()
  if (signal !== 'SIGKILL') throw new Error(`the worker ended by ${signal} after ${heard} acknowledgements`)
  return acknowledged
}

/** What was acknowledged and is not in the file, as sentences. */
export async function lostOf(backend: Backend, acknowledged: Iterable<Acknowledged>): Promise<string[]> {
  const lost: string[] = []
  for (const one of acknowledged) {
    const [entry] = await backend.get([one.sessionId])
    const complaint = complaintOf(one, entry?.snapshot)
    if (complaint) lost.push(`${one.sessionId}: ${complaint}`)
    const { lines } = await backend.readLog(one.sessionId, one.epoch, one.line - 1)
    if (lines[0]?.line !== one.line) lost.push(`${one.sessionId}: line ${one.line} is lost`)
  }
  return lost
}

function complaintOf({ epoch, revision, status }: Acknowledged, stored: Snapshot | undefined): string | undefined {
  if (!stored) return `revision ${revision} is lost`
  if (stored.epoch !== epoch) return `it has another epoch`
  if (stored.revision < revision) return `revision ${revision} is lost, ${stored.revision} is stored`
  if (status === 'active') return undefined
  return stored.revision === revision && stored.status === status ? undefined : `its end is not the one that it had`
}
