// The layering rules over this repository; `architecture/*.test.ts` shows that each of them catches what breaks it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COMMANDS, ERRORS, LIMITS, SERVER_EVENTS } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { describeViolation, RULES } from '../architecture/check'
import { protocolPage } from '../architecture/protocolPage'
import { sourceTree } from '../architecture/readTree'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const tree = sourceTree(root)

describe('this repository', () => {
  it.each(RULES)('%s', (_demand, rule) => {
    expect(rule(tree).map(describeViolation)).toEqual([])
  })

  it('rule 8: docs/protocol.md has the names, codes and numbers of the code, and no others', () => {
    const page = readFileSync(join(root, 'docs/protocol.md'), 'utf8')
    const tables = { events: SERVER_EVENTS, commands: COMMANDS, errors: ERRORS, limits: LIMITS }
    expect(protocolPage(page, tables).map(describeViolation)).toEqual([])
  })
})

describe('what the rules look at', () => {
  it('holds the source of all three packages, linked', () => {
    for (const name of ['protocol', 'server', 'client']) {
      const index = tree.files.get(`packages/${name}/src/index.ts`)
      expect(index?.isSource).toBe(true)
      expect(index?.imports.map(({ resolved }) => resolved)).not.toContain(null)
    }
    const server = tree.files.get('packages/server/src/index.ts')
    expect(server?.imports.map(({ resolved }) => resolved)).toContain('packages/protocol/src/index.ts')
  })

  it('holds tests, but not as source', () => {
    expect(tree.files.get('packages/protocol/src/clock.dom.test.ts')?.isSource).toBe(false)
    expect(tree.files.get('packages/integration/test/architecture.test.ts')?.isSource).toBe(false)
  })

  it('holds nothing that was built or installed', () => {
    expect([...tree.files.keys()].filter((path) => /node_modules|\/dist\//.test(path))).toEqual([])
  })
})
