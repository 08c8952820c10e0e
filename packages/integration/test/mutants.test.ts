// What `npm run mutants` says of mutants, and that it looks at files which are there.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Mutant, report } from '../mutants/report'
import { SUBJECTS } from '../mutants/subjects'

function mutants(status: string, count: number, statusReason?: string): Mutant[] {
  const mutant: Mutant = {
    fileName: 'a.ts',
    mutatorName: 'BooleanLiteral',
    replacement: 'false',
    location: { start: { line: 7, column: 3 } },
    status,
    ...(statusReason !== undefined && { statusReason }),
  }
  return Array.from({ length: count }, () => mutant)
}

describe('the report of the mutants', () => {
  it('holds at the bound, and not below it', () => {
    expect(report(['a.ts'], [...mutants('Killed', 9), ...mutants('Survived', 1)], 90).holds).toBe(true)
    expect(report(['a.ts'], [...mutants('Killed', 8), ...mutants('Survived', 1)], 90).holds).toBe(false)
  })

  it.each(['NoCoverage', 'RuntimeError', 'CompileError', 'Ignored', 'Pending'])(
    'counts none as noticed that is %s',
    (status) => {
      expect(report(['a.ts'], [...mutants('Killed', 8), ...mutants(status, 2)], 90).holds).toBe(false)
    },
  )

  it('does not hold for a file without mutants, which was renamed', () => {
    expect(report(['a.ts', 'b.ts'], mutants('Killed', 9), 90).holds).toBe(false)
  })

  it('tells a test that failed from one that did not end', () => {
    const all = [
      ...mutants('Killed', 2),
      ...mutants('Killed', 1, 'Test timed out in 5000ms.'),
      ...mutants('Timeout', 1),
    ]
    const { lines } = report(['a.ts'], [...all, ...mutants('Survived', 1)], 90)
    expect(lines).toContain('| a.ts | 5 | 2 | 1 | 2 | 80.0 % |')
    expect(lines).toContain('survived: a.ts:7:3 BooleanLiteral false')
  })
})

describe('what is mutated', () => {
  it.each(SUBJECTS.flatMap(({ file, tests }) => [file, ...tests]))('is there: %s', (path) => {
    expect(existsSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)))).toBe(true)
  })
})
