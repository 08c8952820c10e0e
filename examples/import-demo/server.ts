// The whole wiring: Express, a login, and the progress of what runs. This is the file to copy from.
import { createServer, type Server as HttpServer } from 'node:http'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type ProgressServer, ProgressTracker, type Signal, serveProgress, sessionAuth } from '@progress/server'
import { sqlite } from '@progress/server/sqlite'
import express from 'express'
import session from 'express-session'
import Database from 'libsql'
import { Server } from 'socket.io'
import { Customers } from './data/customers'
import { LoginStore } from './data/loginStore'
import { loginRoutes } from './routes/login'
import { workRoutes } from './routes/work'

/** How the app is set up. */
export interface Settings {
  /** Where its three databases, its pages and its uploads are. */
  readonly folder: string
  /** Signs the cookies. */
  readonly secret: string
  /** Does the page come by https? Then the cookie goes by nothing else. */
  readonly isSecure: boolean
  readonly onSignal?: (signal: Signal) => void
  /** Between two batches of a job. Default: as short as can be. */
  readonly rest?: () => Promise<unknown>
}

/** Makes the app; nothing listens yet. */
export function makeApp({ folder, secret, isSecure, onSignal, rest = () => setImmediate() }: Settings): {
  readonly http: HttpServer
  readonly progress: ProgressServer
} {
  const app = express()
  const http = createServer(app)
  app.set('trust proxy', 'loopback') // TLS ends in front of this process

  const login = session({
    secret,
    resave: false,
    saveUninitialized: false,
    store: new LoginStore(join(folder, 'logins.db')),
    cookie: { httpOnly: true, sameSite: 'lax', secure: isSecure },
  })
  app.use(login)

  const tracker = new ProgressTracker(new Server(http), {
    backend: sqlite(new Database(join(folder, 'progress.db'))),
    ...(onSignal && { onSignal }),
  })
  const progress = serveProgress(tracker, {
    authenticate: sessionAuth(login, ({ user }) => (user ? { userId: user.id } : null)),
  })
  app.use('/api/progress', progress.http)

  const customers = new Customers(join(folder, 'customers.db'))
  app.use(loginRoutes(progress))
  app.use(express.static(join(folder, 'pages')))
  app.use(workRoutes({ tracker, customers, folder: join(folder, 'uploads'), rest }))
  return { http, progress }
}
