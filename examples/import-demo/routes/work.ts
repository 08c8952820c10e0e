// What can be started: an import, a backup, many small jobs. Each answers with the id to watch.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream'
import type { ProgressTracker } from '@progress/server'
import { Router } from 'express'
import type { Customers } from '../data/customers'
import { runBackup } from '../jobs/runBackup'
import { runImport } from '../jobs/runImport'
import { runTidyUp } from '../jobs/runTidyUp'
import { backup, importCsv, tidyUp } from '../operations'
import { userIdOf } from './login'
import { sampleCsv } from './sampleCsv'

/** What the routes work with. */
export interface WorkParts {
  readonly tracker: ProgressTracker
  readonly customers: Customers
  /** Where files are kept while somebody works on them. */
  readonly folder: string
  /** Gives others their turn between two batches. */
  rest(): Promise<unknown>
}

/** `POST /api/imports`, `/api/backups`, `/api/tidy-ups`; `GET /api/customers`, `/sample.csv`. */
export function workRoutes({ tracker, customers, folder, rest }: WorkParts): Router {
  mkdirSync(folder, { recursive: true })
  const routes = Router()

  routes.post('/api/imports', (req, res) => {
    const owner = userIdOf(req)
    const filename = decodeURIComponent(req.get('x-filename') ?? 'upload.csv')
    const upload = { body: req, size: Number(req.get('content-length')) }
    const metadata = { filename, rejected: 0 }
    const job = tracker.run(importCsv, { owner, id: req.get('x-progress-id'), metadata }, (task) => {
      return runImport(task, { customers, owner, filename, upload, path: join(folder, task.id), rest })
    })
    finished(req, (error) => !error && res.status(202).json({ sessionId: job.id }))
  })
  resume({ tracker, customers, folder, rest })

  routes.post('/api/backups', (req, res) => {
    const owner = userIdOf(req)
    const job = tracker.run(backup, { owner }, (task) => runBackup(task, customers, join(folder, task.id), rest))
    res.status(202).json({ sessionId: job.id })
  })

  routes.post('/api/tidy-ups', (req, res) => {
    const owner = userIdOf(req)
    const jobs = Array.from({ length: 12 }, (_, index) => {
      const shelf = `Shelf ${index + 1}`
      const work = { owner, metadata: { shelf } }
      return tracker.run(tidyUp, work, (task) => runTidyUp(task, shelf, 40 + 15 * index, rest))
    })
    res.status(202).json({ sessionIds: jobs.map((job) => job.id) })
  })

  routes.get('/api/customers', (req, res) => {
    userIdOf(req)
    res.json({ count: customers.count() })
  })
  routes.get('/sample.csv', sampleCsv)
  return routes
}

/** What a process that was killed has left: a file that was saved is imported anew, under the id that its page watches. */
function resume({ tracker, customers, folder, rest }: WorkParts): void {
  for (const { id, owner, filename, isSaved } of customers.open()) {
    if (!isSaved) customers.takeBack(id)
    else {
      void tracker.run(importCsv, { owner, id, metadata: { filename, rejected: 0 } }, (task) => {
        return runImport(task, { customers, owner, filename, path: join(folder, id), rest })
      })
    }
  }
}
