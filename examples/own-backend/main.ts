// `npm start -w example-own-backend`: how many facts hold for the good one, and which ones catch the bug of the other.
import { forgetful } from './forgetful'
import { suites } from './suites'
import { writeBehind } from './writeBehind'

for (const around of [writeBehind, forgetful]) {
  let held = 0
  for (const { name, run } of suites(around)) {
    const broken = await run().catch((error: Error) => error)
    if (broken) process.stdout.write(`${around.name}: '${name}' does not hold\n  ${broken.message}\n`)
    else held += 1
  }
  process.stdout.write(`${around.name}: ${held} facts hold\n`)
}
