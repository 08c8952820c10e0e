// In the parent: a job that lets a worker do the work, passes on what it reports, and tells it when to stop.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Task } from '@progress/server'

/** What `worker.js` says: how far it is, or what came of it. */
export type FromWorker = { readonly current: number; readonly message: string } | { readonly result: number }

/** Counts primes in a worker. Rejects where the worker fails, and where somebody cancels. */
export async function countPrimes(task: Task, upTo: number): Promise<number> {
  const stop = new SharedArrayBuffer(4) // seen at once, also by a thread that never looks at its messages
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { upTo, stop } })
  task.signal.addEventListener('abort', () => void Atomics.store(new Int32Array(stop), 0, 1))
  task.update({ total: upTo, unit: 'numbers' })

  let result = 0
  worker.on('message', (said: FromWorker) => {
    if ('result' in said) result = said.result
    else task.update(said)
  })
  const [code] = await once(worker, 'exit') // an error of the worker's rejects this
  task.signal.throwIfAborted()
  if (code !== 0) throw new Error(`the worker ended with ${code}`)
  return result
}
