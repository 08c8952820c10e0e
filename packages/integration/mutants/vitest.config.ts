// The tests beside one pure file, in the copy where its mutants are: `@progress/...` is what stands there, too.
import { defineConfig } from 'vitest/config'
import { SUBJECTS } from './subjects'

const packages = `${process.cwd()}/packages`

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@progress\/(\w+)\/(.+)$/, replacement: `${packages}/$1/src/$2` },
      { find: /^@progress\/(\w+)$/, replacement: `${packages}/$1/src` },
    ],
  },
  test: {
    include: SUBJECTS.filter(({ file }) => file === process.env['MUTANTS_OF']).flatMap(({ tests }) => tests),
    setupFiles: ['packages/integration/mutants/sameInputs.ts'],
    testTimeout: 20_000, // slow is not wrong
  },
})
