// `npm start -w example-worker-threads`: counts primes in a worker and prints what a viewer sees; `--cancel` stops it halfway.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketClient } from '@progress/client'
import { defineOperation, ProgressTracker, serveProgress, type } from '@progress/server'
import { countPrimes } from './runInWorker'

const primes = defineOperation('count-primes', { result: type<{ primes: number }>() })
const tracker = new ProgressTracker()
const progress = serveProgress(tracker, { authenticate: () => ({ userId: 'ada' }) })
const http = createServer((req, res) => progress.http(req, res)).listen(0, '127.0.0.1')
await once(http, 'listening')

const job = tracker.run(primes, { owner: 'ada' }, async (task) => ({ primes: await countPrimes(task, 5_000_000) }))
const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
const client = new WebSocketClient({ url, transport: ['sse', 'poll'] })
const watch = client.watch<typeof primes>(job.id)
watch.subscribe((state) => {
  if (state.status === 'active') process.stdout.write(`${Math.round(state.progress)} % ${state.message ?? ''}\n`)
  if (state.progress > 20 && process.argv.includes('--cancel')) void watch.cancel('enough')
})
const end = await watch.finished
process.stdout.write(end.status === 'completed' ? `${end.result.primes} primes\n` : `${end.status}\n`)
client.close()
await progress.close()
http.close()
