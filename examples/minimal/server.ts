// The whole of it: Express, a tracker over its Socket.IO server, and an import that everybody may watch.
import { createServer, type Server as HttpServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { allowAnonymous, type ProgressServer, ProgressTracker, serveProgress } from '@progress/server'
import express from 'express'
import { Server } from 'socket.io'

const rows = Array.from({ length: 5_000 }, (_, n) => `row ${n}`)

/** Serves the page, its script from the folder `scripts`, and the import. */
export function serveImports(
  scripts = 'node_modules/@progress/client/dist',
  msPerHundred = 120,
): { http: HttpServer; progress: ProgressServer } {
  const app = express()
  const http = createServer(app)
  const tracker = new ProgressTracker(new Server(http))
  const progress = serveProgress(tracker, { authenticate: allowAnonymous() })
  app.use('/api/progress', progress.http)
  app.get('/', (_, res) => res.sendFile('index.html', { root: import.meta.dirname }))
  app.get('/progress.js', (_, res) => res.sendFile('progress.js', { root: scripts }))

  app.post('/import', (_, res) => {
    if (tracker.getSession('import')?.status !== 'active') void importRows()
    res.sendStatus(202)
  })

  async function importRows(): Promise<void> {
    await tracker.run('csv-import', { owner: null, id: 'import', unit: 'rows' }, async (task) => {
      task.update({ message: 'Reading customers.csv' })
      for (const row of task.track(rows)) {
        if (row.endsWith('00')) await pause(msPerHundred)
      }
    })
  }
  return { http, progress }
}
