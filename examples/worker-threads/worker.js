// In the worker: heavy work that fills its thread. It knows a port, and nothing of trackers, sockets or viewers.
// JavaScript, because Node 20 starts no TypeScript in a worker.
import { parentPort, workerData } from 'node:worker_threads'

const { upTo } = workerData
const stop = new Int32Array(workerData.stop)

let primes = 0
let told = 0
for (let n = 2; n <= upTo && Atomics.load(stop, 0) === 0; n++) {
  if (isPrime(n)) primes += 1
  if (performance.now() - told < 50) continue
  told = performance.now()
  parentPort?.postMessage({ current: n, message: `${primes} primes so far` })
}
parentPort?.postMessage({ result: primes })

function isPrime(n) {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false
  return true
}
