// An app as the seed has it: Express, a cookie session, Socket.IO and a served tracker on one port.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ProgressServer, ProgressTracker, serveProgress, sessionAuth, type TrackerOptions } from '@progress/server'
import express from 'express'
import session from 'express-session'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'

declare module 'express-session' {
  interface SessionData {
    userId: string | number
  }
}

/** An app that listens. */
export interface SeedApp extends AsyncDisposable {
  readonly url: string
  readonly io: Server
  readonly tracker: ProgressTracker
  readonly progress: ProgressServer
  /** Logs in, and answers the cookie. */
  login(userId: string): Promise<string>
  /** A plain socket.io-client with this cookie, on its way. */
  socket(cookie: string | undefined): Socket
}

/** Starts one on a free port of this machine. */
export async function seedApp(options: TrackerOptions = {}): Promise<SeedApp> {
  const app = express()
  const http = createServer(app)
  const io = new Server(http)
  const login = session({ secret: 'a secret of this test', resave: false, saveUninitialized: false })
  app.use(login)
  app.post('/login/:user', (req, res) => {
    req.session.userId = req.params.user
    res.sendStatus(204)
  })
  app.get('/api/auth/status', (req, res) => void res.json({ authenticated: req.session.userId !== undefined }))

  const tracker = new ProgressTracker(io, options)
  const progress = serveProgress(tracker, {
    authenticate: sessionAuth(login, (s) => (s.userId ? { userId: s.userId } : null)),
  })
  app.use('/api/progress', progress.http)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const sockets: Socket[] = []

  return {
    url,
    io,
    tracker,
    progress,
    async login(userId) {
      const answer = await fetch(`${url}/login/${userId}`, { method: 'POST' })
      return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    },
    socket(cookie) {
      const extraHeaders = cookie === undefined ? {} : { cookie }
      const socket = connect(url, { transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders })
      sockets.push(socket)
      return socket
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.close()
      await progress.close()
      await io.close()
      http.closeAllConnections()
    },
  }
}
