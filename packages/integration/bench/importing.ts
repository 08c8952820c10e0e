// A process that imports very many rows from a file into SQLite each time it is asked, by the code of `examples/import-demo`:
// `watched`, as a session that is kept in SQLite and followed over a socket, or `bare`, with nobody to report to and no
// tracker in the process.
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { ProgressTracker, serveProgress } from '@progress/server'
import { sqlite } from '@progress/server/sqlite'
import { Customers } from 'example-import-demo/customers'
import { importCsv } from 'example-import-demo/operations'
import { runImport } from 'example-import-demo/runImport'
import { sampleLines } from 'example-import-demo/sampleCsv'
import Database from 'libsql'
import { Server } from 'socket.io'
import { freePort } from '../support/freePort'
import { Crowd } from './crowd'

/** What is asked. */
export type Ask = 'import' | 'end'
/** How long it took, and what the watcher has heard in all. */
export interface Answer {
  readonly ms: number
  readonly heard: number
}

/** Rows of the file: 50,000 would be done in less than a second, which is too short to tell a few hundredths. */
export const ROWS = 75_000

type Job = Parameters<typeof runImport>[0]

/** A task that reports to nobody. */
const nobody = {
  id: 'bare',
  signal: new AbortController().signal,
  attempt: 1,
  advance() {},
  update() {},
  track: <T>(source: T) => source,
  phase: <T>(_: string, body: (task: unknown) => T) => body(nobody),
  log() {},
  shield: <T>(body: () => T) => body(),
}

/** What this process imports with. */
interface Importer {
  run(): Promise<unknown>
  heard(): Promise<number>
  end(): Promise<void>
}

async function makeImporter(folder: string, isWatched: boolean): Promise<Importer> {
  const csv = join(folder, 'customers.csv')
  await writeFile(csv, sampleLines(ROWS))
  const { size } = await stat(csv)
  const customers = new Customers(join(folder, 'customers.db'))
  const importAll = (task: Job) => {
    const upload = { body: createReadStream(csv), size }
    const path = join(folder, `${task.id}.csv`)
    return runImport(task, { customers, owner: 1, filename: 'customers.csv', path, upload, rest: () => setImmediate() })
  }
  if (!isWatched) {
    return { run: () => importAll(nobody as unknown as Job), heard: async () => 0, end: async () => {} }
  }
  const port = await freePort()
  const http = createServer()
  const backend = sqlite(new Database(join(folder, 'progress.db')))
  const tracker = new ProgressTracker(new Server(http), { backend })
  const progress = serveProgress(tracker, { authenticate: ({ token }) => (token ? { userId: token } : null) })
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
  const work = { owner: 'ada', id: 'watched', metadata: { filename: 'customers.csv', rejected: 0 } }
  tracker.reserve(importCsv, work)
  const crowd = new Crowd()
  await crowd.ask({ kind: 'connect', url: `http://127.0.0.1:${port}`, count: 1 })
  await crowd.ask({ kind: 'join', ids: [work.id] })
  return {
    run: () => tracker.run(importCsv, work, importAll),
    heard: async () => (await crowd.ask({ kind: 'report' })).heard,
    async end() {
      await crowd.end()
      await progress.close()
      http.close()
    },
  }
}

if (process.send) {
  const folder = await mkdtemp(join(tmpdir(), 'import-bench-'))
  const importer = await makeImporter(folder, process.argv[2] === 'watched')
  const answer = async (ask: Ask): Promise<void> => {
    if (ask === 'import') {
      globalThis.gc?.() // what the one before has left is not this one's to pay
      const start = performance.now()
      await importer.run()
      const ms = performance.now() - start
      process.send?.({ ms, heard: await importer.heard() } satisfies Answer)
      return
    }
    await importer.end()
    await rm(folder, { recursive: true, force: true })
    process.disconnect()
  }
  process.on('message', (ask: Ask) => void answer(ask))
}
