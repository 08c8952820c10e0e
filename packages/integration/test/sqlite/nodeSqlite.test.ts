// The contract over Node's own SQLite, where this Node has it without a flag.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { backendContract } from '@progress/server/conformance'
import { sqlite } from '@progress/server/sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'

interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => { prepare(sql: string): unknown; exec(sql: string): void; close(): void }
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const hasSqlite = major > 22 || (major === 22 && minor >= 13)
const name = 'sqlite over node:sqlite'

function suite({ DatabaseSync }: NodeSqlite): void {
  const clock = new ManualClock()
  for (const fact of backendContract(() => sqlite(new DatabaseSync(':memory:'), { clock }), { clock })) {
    it(fact.name, fact.run)
  }

  it('waits for another connection that is writing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'node-sqlite-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const [own, other] = [1, 2].map(() => new DatabaseSync(join(folder, 'progress.db')))
    if (!own || !other) throw new Error('not reached')
    onTestFinished(() => {
      for (const database of [own, other]) database.close()
    })
    const backend = sqlite(own)
    other.exec('BEGIN IMMEDIATE')
    const counted = backend.count('calls', 60_000)
    const first = await Promise.race([counted, new Promise((resolve) => systemClock.after(50, () => resolve('waits')))])
    expect(first).toBe('waits')
    other.exec('ROLLBACK')
    expect(await counted).toBe(1)
  })
}

if (hasSqlite) {
  const module = (await import(/* @vite-ignore */ `node:${'sqlite'}`)) as NodeSqlite
  describe(name, () => suite(module))
} else {
  const why = `Node ${process.versions.node} is older than 22.13`
  process.stderr.write(`\nSKIPPED: ${name}: ${why}\n`)
  // Declared, so that each fact counts as skipped.
  describe.skip(`${name} (${why})`, () => suite({ DatabaseSync: class {} as never }))
}
