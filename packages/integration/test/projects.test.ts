// Every test file of the repository is run by a vitest project: one that none runs would be green for ever.
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { listedTests, orphans, repositoryFiles } from '../architecture/testFiles'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const DEADLINE_MS = 60_000

describe('the test files of this repository', () => {
  it(
    'belong each to a vitest project',
    async () => {
      const [files, listed] = await Promise.all([repositoryFiles(root), listedTests(root, DEADLINE_MS)])
      const run = listed.map(({ file }) => file)
      expect(run).toContain('packages/integration/test/projects.test.ts')
      // Type tests and browser tests are in the list of vitest, too; were they not, they would be orphans here.
      expect(orphans(files, run)).toEqual([])
    },
    DEADLINE_MS + 10_000,
  )
})

describe('a test file', () => {
  const run = ['packages/server/src/a.test.ts', 'packages/server/src/a.test-d.ts', 'examples/demo/test/b.test.ts']

  it('is no orphan where a project runs it', () => {
    expect(orphans([...run, 'packages/server/src/a.ts', 'packages/server/src/testing/index.ts'], run)).toEqual([])
  })

  it.each([
    'packages/server/test/a.test.ts',
    'packages/integration/test/a.test-d.ts',
    'packages/client/src/a.dom.test.tsx',
    'examples/demo/b.test.mts',
    'docs/c.test.js',
  ])('is an orphan where none does: %s', (orphan) => {
    expect(orphans([...run, orphan], run)).toEqual([orphan])
  })

  it('is not hidden by a fixtures folder', () => {
    const hidden = 'packages/integration/test/fixtures/hidden.test.ts'
    expect(orphans([...run, hidden], run)).toEqual([hidden])
  })

  it('is none where it is only the picture that a test took', () => {
    expect(orphans(['packages/server/src/__snapshots__/a.test.ts.snap'], run)).toEqual([])
  })
})
