import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProgressTracker } from '@progress/server'
import { sqlite } from '@progress/server/sqlite'
import Database from 'libsql'
import { expect, it, onTestFinished } from 'vitest'
import { startWorker } from '../../support/killedWorker'
import { LONG_IDS } from '../../support/sqliteWorker'

it('two processes on one file: one hears what the other does, and cancels its job', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'together-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'progress.db')
  const worker = await startWorker(path)
  onTestFinished(() => worker.kill())

  const database = new Database(path)
  const backend = sqlite(database)
  const signals: unknown[] = []
  const tracker = new ProgressTracker({ backend, onSignal: (signal) => signals.push(signal) })
  onTestFinished(async () => {
    await tracker.close()
    await backend.close()
    database.close()
  })
  const [asked = '', other = ''] = LONG_IDS
  const heard: string[] = []
  tracker['~node'].listen({ changed: ({ snapshot }) => heard.push(`${snapshot.sessionId} ${snapshot.status}`) })

  await expect.poll(() => heard).toContain(`${asked} active`)
  expect(await tracker.requestCancel(asked, 'enough')).toEqual({ ok: true })
  await expect.poll(() => heard).toContain(`${asked} cancelled`)
  expect(await tracker.find(asked)).toMatchObject({ status: 'cancelled', reason: 'enough' })
  expect(await tracker.find(other)).toMatchObject({ status: 'active' })

  const own = tracker.run('short', { owner: 'ada' }, () => 'done')
  expect(await own).toBe('done')
  await tracker.flush()
  expect((await backend.get([own.id]))[0]?.snapshot.status).toBe('completed')
  expect(signals).not.toContainEqual(expect.objectContaining({ name: 'store-failed' }))
})
