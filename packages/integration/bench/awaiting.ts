// A process that awaits many items one by one: `counted` inside a job that counts them, or `bare`, with no tracker about.
import { ProgressTracker } from '@progress/server'

/** Items of one loop. */
export const ITEMS = 500_000

async function* items(): AsyncGenerator<number> {
  for (let item = 0; item < ITEMS; item++) yield item
}

async function loop(source: AsyncIterable<number>): Promise<number> {
  let sum = 0
  for await (const item of source) sum += item
  return sum
}

if (process.send) {
  const tracker = process.argv[2] === 'counted' ? new ProgressTracker() : undefined
  process.on('message', async () => {
    const start = performance.now()
    await (tracker ? tracker.run('count', { owner: 'ada' }, (task) => loop(task.track(items()))) : loop(items()))
    process.send?.({ ms: performance.now() - start })
  })
}
