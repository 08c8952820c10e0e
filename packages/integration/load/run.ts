// `npm run load`: the cases of load and of memory, one after the other, or those that are named, by name or by number; `--short`
// for a small load in seconds. Fails where one does not hold.
import { cpus } from 'node:os'
import { casesOf } from './cases'
import { prove } from './prove'

const words = process.argv.slice(2)
const isShort = words.includes('--short')
/** In the short form no times are compared: several run beside each other. */
const atOnce = isShort ? Math.max(1, Math.min(3, cpus().length - 1)) : 1
const cases = [...casesOf(words.filter((word) => word !== '--short'))]
const failed: string[] = []
const start = performance.now()

async function work(): Promise<void> {
  for (let next = cases.shift(); next; next = cases.shift()) {
    const { holds, output } = await prove(next, isShort)
    process.stdout.write(output)
    if (!holds) failed.push(`${next.number} ${next.name}`)
  }
}

process.stdout.write(`Node ${process.version}, ${cpus().length} cores\n`)
await Promise.all(Array.from({ length: atOnce }, work))
const took = `${Math.round((performance.now() - start) / 1_000)} s`
process.stdout.write(`\n${failed.length === 0 ? 'All hold' : `Do not hold: ${failed.join(', ')}`}; ${took}\n`)
if (failed.length > 0) process.exitCode = 1
