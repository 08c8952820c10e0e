// `npm run mutants [-- FILE...]`: Stryker changes the pure files, one place at a time, and the tests beside them have to
// notice. Prints how many of the changes they noticed, and each one that they did not; fails below the bound.
import { availableParallelism } from 'node:os'
import { basename, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Stryker } from '@stryker-mutator/core'
import { type Mutant, report } from './report'
import { SUBJECTS } from './subjects'

/** So much of 100 has to be noticed, in each file. */
const BOUND = 90

const root = fileURLToPath(new URL('../../..', import.meta.url))
process.chdir(root)
const all = SUBJECTS.map(({ file }) => file)
const named = process.argv.slice(2).map((name) => {
  const file = all.find((one) => basename(one, '.ts') === basename(name, '.ts'))
  if (!file) throw new Error(`${name} is none of the pure files: ${all.join(', ')}`)
  return file
})
const files = named.length > 0 ? named : all

const started = performance.now()
const mutants: Mutant[] = []
// One file after the other: what stands outside of functions is tried by all tests of a run, and those of others take time.
for (const file of files) {
  process.env['MUTANTS_OF'] = file
  const results = await new Stryker({
    mutate: [file],
    testRunner: 'vitest',
    vitest: { configFile: 'packages/integration/mutants/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    concurrency: Math.max(1, Math.min(3, availableParallelism() - 1)),
    timeoutMS: 30_000, // on a busy machine, too, only what never ends takes as long
    // The tests run in a copy: whoever works on the tree meanwhile sees nothing of it.
    tempDirName: '.artifacts/mutants',
    cleanTempDir: 'always',
    ignorePatterns: ['/docs', '/examples', '/.artifacts', 'dist'],
    reporters: ['progress-append-only'],
  }).runMutationTest()
  mutants.push(...results.map((result) => ({ ...result, fileName: relative(root, result.fileName) })))
}

const { lines, holds } = report(files, mutants, BOUND)
const seconds = Math.round((performance.now() - started) / 1_000)
process.stdout.write(`\n${lines.join('\n')}\n\n${seconds} s, at least ${BOUND} % asked for in each file\n`)
if (!holds) process.exitCode = 1
