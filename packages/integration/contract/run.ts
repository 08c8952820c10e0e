// `npm run contract -- --runs 200000 --seed 1`: runs the model with the real client, then plants each bug and looks for it.
// Prints what was done and found. Exit code 1 where anything does not hold, was never put to the test, or a bug survives.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { BUGS } from './bugs'
import { REGRESSIONS } from './regressions'
import { hunt, inTurns, replay, walk } from './walk'

/** A bug has to be found within so many runs. */
const HUNT_RUNS = 2_000

const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, bugs: { type: 'boolean' } },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const began = performance.now()
let isWrong = false

if (!values.bugs) {
  const { runs, commands, checks, failure, seed: seen } = await walk(Number(values.runs ?? 2_000), seed)
  print(
    `${count(runs)} runs, ${count(total(commands))} commands, ${count(total(checks))} checks, seed ${seed}, ${since(began)}`,
  )
  table('command', commands)
  table('guarantee', checks)
  if (failure) {
    isWrong = true
    print(`WRONG: ${failure.sentence}\n  seed ${seen}, run ${failure.run}: ${failure.script}`)
  }
  const found = await replay(Object.values(REGRESSIONS))
  for (const [at, [name, script]] of Object.entries(REGRESSIONS).entries()) {
    const wrong = found[at]
    if (wrong === null) continue
    isWrong = true
    print(`AGAIN: ${name}: ${wrong}\n  ${script}`)
  }
  print(`${found.length} runs that once failed were run again\n`)
}

const hunted = performance.now()
await inTurns(BUGS, availableParallelism(), async (bug) => {
  const { failure } = await hunt(bug, HUNT_RUNS, seed)
  if (!failure) isWrong = true
  const how = failure
    ? `run ${failure.run}: ${failure.sentence.slice(0, 60)}…  ${failure.script || '(nothing at all)'}`
    : `SURVIVED ${HUNT_RUNS} runs`
  print(`  ${bug.name.padEnd(56)} ${how}`)
})
print(`${BUGS.length} planted bugs, ${since(hunted)}`)
process.exit(isWrong ? 1 : 0)

function table(what: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, times] of Object.entries(counts)) {
    if (times === 0) isWrong = true
    print(`  ${what} ${name.padEnd(24)} ${count(times).padStart(12)}${times === 0 ? '  NEVER' : ''}`)
  }
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0)
}

function count(number: number): string {
  return number.toLocaleString('en-GB')
}

function since(at: number): string {
  return `${((performance.now() - at) / 1_000).toFixed(1)} s`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
