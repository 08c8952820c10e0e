// Express, with Vite as middleware: one port for the page, its modules, the sockets and /api/progress.
import { createServer, type Server as HttpServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { allowAnonymous, type ProgressServer, ProgressTracker, serveProgress } from '@progress/server'
import express from 'express'
import { Server } from 'socket.io'
import { createServer as createVite } from 'vite'
import { importPhotos } from './operations'

const pictures = Array.from({ length: 60 }, (_, n) => ({ name: `${n}.jpg`, bytes: 40_000 + n }))

/** Serves the page, and an import in three phases that anybody may start. */
export async function servePhotos(): Promise<{ http: HttpServer; progress: ProgressServer }> {
  const app = express()
  const http = createServer(app)
  const tracker = new ProgressTracker(new Server(http))
  const progress = serveProgress(tracker, { authenticate: allowAnonymous() })
  app.use('/api/progress', progress.http)

  app.post('/photos', (_, res) => {
    const job = tracker.run(importPhotos, { owner: null, metadata: { album: 'Lisbon' } }, async (task) => {
      const all = await task.phase('read', async (task) => [...task.track(pictures, { unit: 'pictures' })])
      await task.phase('scale', async (task) => {
        for (const _ of task.track(all, { unit: 'pictures' })) await pause(40, undefined, { signal: task.signal })
      })
      return task.phase('write', () => ({
        pictures: all.length,
        bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      }))
    })
    res.status(202).json({ sessionId: job.id })
  })

  const vite = await createVite({ root: import.meta.dirname, server: { middlewareMode: true, hmr: { server: http } } })
  app.use(vite.middlewares)
  http.once('close', () => void vite.close())
  return { http, progress }
}
