import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isEnd, type Snapshot } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { type Backend, ProgressTracker, serveProgress } from '@progress/server'
import { sqlite } from '@progress/server/sqlite'
import Database from 'libsql'
import { describe, expect, it, onTestFinished } from 'vitest'
import { killAfter, lostOf } from '../../support/killedWorker'
import { seeded } from '../../support/proxy/random'
import { type Acknowledged, LONG_IDS } from '../../support/sqliteWorker'

/** `KILLS=100 npx vitest run --project integration packages/integration/test/sqlite` takes a minute more. */
const KILLS = Number(process.env['KILLS'] ?? 10)
const SEED = 20_260_101
/** A killed process is taken for lost after 30 s without a word, which are looked for every 5. */
const LEASE_MS = 45_000

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'killed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'progress.db')
}

/** Kills one process after the other on the same file, and looks after each what is there. */
async function killOften(path: string): Promise<ReadonlyMap<string, Acknowledged>> {
  const random = seeded(SEED)
  const acknowledged = new Map<string, Acknowledged>()
  for (let kill = 0; kill < KILLS; kill++) {
    const since = await killAfter(1 + Math.floor(random() * 120), path, 'honest')
    const database = new Database(path)
    expect(await lostOf(sqlite(database), since.values())).toEqual([])
    database.close()
    for (const [id, one] of since) acknowledged.set(id, one)
  }
  return acknowledged
}

/** A process that starts anew on the file, as far as a test can be one. Its time is moved by hand. */
function restart(path: string, clock: ManualClock): { readonly backend: Backend; readonly tracker: ProgressTracker } {
  const database = new Database(path)
  const backend = sqlite(database, { clock })
  const tracker = new ProgressTracker({ backend, clock })
  onTestFinished(async () => {
    await tracker.close()
    await backend.close()
    database.close()
  })
  return { backend, tracker }
}

/** The ends that are told from now on: as often as each is. */
async function endsTold(backend: Backend): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>()
  await backend.listen(
    (message) => {
      if (message.kind !== 'changed' || !isEnd(message.entry.snapshot)) return
      const { sessionId } = message.entry.snapshot
      ends.set(sessionId, (ends.get(sessionId) ?? 0) + 1)
    },
    () => {},
  )
  return ends
}

/** Asks over HTTP, as ada. */
async function serve(tracker: ProgressTracker): Promise<(sessionId: string) => Promise<Snapshot>> {
  const progress = serveProgress(tracker, {
    authenticate: () => ({ userId: 'ada' }),
    limits: { commandsPerMinute: 100 * KILLS },
  })
  const http = createServer(progress.http).listen(0, '127.0.0.1')
  onTestFinished(() => void http.close())
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return async (sessionId) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/progress/${sessionId}`)
    expect(response.status).toBe(200)
    return (await response.json()) as Snapshot
  }
}

describe('a process that is killed by SIGKILL in the midst of its jobs', () => {
  it('29, 31: loses nothing that flush() has answered for; what ran ends once, as INTERRUPTED', {
    timeout: 60_000 + KILLS * 2_000,
  }, async () => {
    const path = newPath()
    const acknowledged = await killOften(path)
    const clock = new ManualClock(Date.now())
    const [one, two] = [restart(path, clock), restart(path, clock)]
    const ask = await serve(one.tracker)
    const told = await endsTold(one.backend)
    const stored = await one.backend.listByOwner('ada')
    const running = stored.filter(({ snapshot }) => !isEnd(snapshot)).map(({ snapshot }) => snapshot.sessionId)
    expect(running).toEqual(expect.arrayContaining(LONG_IDS.filter((id) => acknowledged.has(id))))
    const ended = [...acknowledged.values()].filter(({ status }) => status !== 'active')
    expect(ended.length).toBeGreaterThan(KILLS)
    for (const { sessionId, epoch, revision } of ended) {
      expect(await one.tracker.find(sessionId)).toMatchObject({ status: 'completed', epoch, revision })
    }
    for (const { sessionId, epoch, revision } of ended.slice(-20)) {
      expect(await ask(sessionId)).toMatchObject({ status: 'completed', epoch, revision })
    }

    for (const { tracker } of [one, two]) for (const id of running) await tracker.find(id)
    await clock.advance(LEASE_MS)
    for (const id of running) {
      expect(await one.tracker.find(id)).toMatchObject({
        status: 'error',
        error: { code: 'INTERRUPTED', retryable: true },
      })
      expect(await two.tracker.find(id)).toMatchObject({ status: 'error' })
      expect((await ask(id)).status).toBe('error')
    }
    expect([...told.keys()].sort()).toEqual([...running].sort())
    expect([...told.values()].filter((times) => times !== 1)).toEqual([])
    expect(await lostOf(one.backend, ended)).toEqual([])
  })

  it('goes on under a new epoch, where the same id is run again', async () => {
    const path = newPath()
    const before = await killAfter(30, path, 'honest')
    const clock = new ManualClock(Date.now() + 1)
    const { backend, tracker } = restart(path, clock)
    const told = await endsTold(backend)
    const [id = ''] = LONG_IDS
    const job = tracker.run('long', { owner: 'ada', id }, async (task) => {
      task.update({ progress: 50 })
      return 'done'
    })
    expect(await job).toBe('done')
    await tracker.flush()
    const after = await tracker.find(id)
    expect(after).toMatchObject({ status: 'completed' })
    expect(String(after?.epoch) > String(before.get(id)?.epoch)).toBe(true)
    await clock.advance(LEASE_MS)
    expect((await backend.get([id]))[0]?.snapshot).toEqual(after)
    expect(told.get(id)).toBe(1)
  })

  it('twin: what is acknowledged before it is stored is lost', async () => {
    const path = newPath()
    const since = await killAfter(30, path, 'hasty')
    const database = new Database(path)
    onTestFinished(() => void database.close())
    expect(await lostOf(sqlite(database), since.values())).not.toEqual([])
  })
})
