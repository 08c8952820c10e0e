import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { buildMessage } from '../testing'
import { run } from './terminal.test-kit'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const MB = 1_000_000
const lines = Array.from({ length: 24 }, (_, n) => ({ text: `${n} `.padEnd(450, 'x'), level: 'info' as const, at: n }))
const message = JSON.stringify({ event: 'progress-log', payload: buildMessage('progress-log', { lines }) })

it('checks 100 MB in constant memory', { timeout: 60_000 }, async () => {
  const chunk = Buffer.from(`${message}\n`.repeat(5)) // ends with a line, so cut it elsewhere
  const total = Math.ceil((100 * MB) / chunk.length)
  let most = 0

  async function* generated() {
    yield chunk.subarray(0, 1_000)
    for (let n = 1; n < total; n++) {
      if (n % Math.floor(total / 10) === 0) {
        collectGarbage()
        most = Math.max(most, process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers)
      }
      // A new piece each time: what is kept of it is kept for good.
      yield Buffer.concat([chunk.subarray(1_000), chunk.subarray(0, 1_000)])
    }
    yield chunk.subarray(1_000)
  }

  collectGarbage()
  const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  expect(await run(['check'], generated())).toEqual({ code: 0, out: `${total * 5} messages, all valid\n`, err: '' })
  expect(most).toBeGreaterThan(0)
  expect(most - before).toBeLessThan(30 * MB)
})
