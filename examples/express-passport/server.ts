// An app with logins as most have them: express-session, passport, a form. Sockets, streams and polling ask the same session.
import { createServer, type Server as HttpServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type ProgressServer, ProgressTracker, serveProgress, sessionAuth } from '@progress/server'
import express from 'express'
import { Server } from 'socket.io'
import { login, passport } from './login'

/** Serves logins, and a backup that belongs to who starts it. */
export function serveBackups(): { app: express.Express; http: HttpServer; progress: ProgressServer } {
  const app = express()
  const http = createServer(app)
  app.use(login, passport.session(), express.urlencoded())
  app.post('/login', passport.authenticate('local', { successRedirect: '/', failureRedirect: '/?wrong' }))

  const tracker = new ProgressTracker(new Server(http))
  const progress = serveProgress(tracker, { authenticate: sessionAuth(login) }) // knows passport's user by itself
  app.use('/api/progress', progress.http)

  app.post('/logout', (req, res) => {
    const loginId = req.sessionID
    req.logout(() => {
      void progress.revoke({ loginId }) // open tabs of this login fall silent at once
      res.redirect('/')
    })
  })
  app.post('/backup', (req, res) => {
    if (!req.user) return void res.sendStatus(401)
    const job = tracker.run('backup', { owner: req.user.id, unit: 'tables' }, async (task) => {
      for (const table of task.track(['users', 'teams', 'orders', 'invoices', 'files'])) {
        task.update({ message: `Saving ${table}` })
        await pause(800, undefined, { signal: task.signal })
      }
    })
    res.status(202).json({ sessionId: job.id })
  })
  return { app, http, progress }
}
