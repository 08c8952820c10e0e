// An Express app with logins and a Socket.IO server, on a port of its own; what it is guarded by comes in as an option.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@progress/protocol'
import { type Authenticator, type Signal, sessionAuth } from '@progress/server'
import express, { type RequestHandler } from 'express'
import session, { MemoryStore } from 'express-session'
import { Server, type ServerOptions } from 'socket.io'
import { serveLogin } from './serveLogin'

declare module 'express-session' {
  interface SessionData {
    userId: string | number
    username: string
  }
}

/** By the session alone: `session.userId`, or passport's user. */
export function bySession(login: RequestHandler): Authenticator {
  return sessionAuth(login)
}

/** How an app of a test differs from the usual one. */
export interface LoginAppOptions {
  /** Made from the app's session middleware. Absent: nothing guards the sockets, which is what twins are for. */
  readonly authenticate?: (login: RequestHandler) => Authenticator | readonly Authenticator[]
  readonly origins?: readonly string[]
  readonly limits?: { readonly connectionsPerUser?: number }
  readonly clock?: Clock
  readonly io?: Partial<ServerOptions>
  readonly session?: Partial<session.SessionOptions>
  /** Routes and middleware of its own, and what else is to be there before the sockets are guarded. */
  readonly prepare?: (app: express.Express, io: Server, login: RequestHandler) => void
}

/** `POST /login/7` logs user 7 in, `POST /logout` out. */
export async function loginApp(options: LoginAppOptions = {}) {
  const store = new CountingStore()
  const app = express()
  const http = createServer(app)
  const login = session({ secret: 'secret', resave: false, saveUninitialized: false, store, ...options.session })
  const io = new Server(http, options.io)
  app.use(login)
  app.post('/login/:user', (req, res) => {
    req.session.userId = Number(req.params.user)
    res.json(req.sessionID)
  })
  app.post('/visit', (req, res) => {
    req.session.username = 'nobody in particular'
    res.json(req.sessionID)
  })
  app.post('/logout', (req, res) => req.session.destroy(() => res.json('out')))
  options.prepare?.(app, io, login)

  const signals: Signal[] = []
  const { authenticate, origins, limits, clock } = options
  const guard =
    authenticate &&
    serveLogin(io, {
      authenticate: authenticate(login),
      onSignal: (signal) => void signals.push(signal),
      ...(origins && { origins }),
      ...(limits && { limits }),
      ...(clock && { clock }),
    })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`

  return {
    url,
    io,
    store,
    /** All that was signalled so far. */
    signals,
    revoke: async (whose: { userId: number } | { loginId: string }) => guard?.revoke(whose),
    /** Logs in, by a POST of its own; answers the cookie, and the session's id. */
    async login(user: number, headers: Record<string, string> = {}) {
      return visit(`${url}/login/${user}`, headers)
    },
    /** A session without a user. */
    visit: () => visit(`${url}/visit`, {}),
    async logout(cookie: string) {
      await fetch(`${url}/logout`, { method: 'POST', headers: { cookie } })
    },
    async [Symbol.asyncDispose]() {
      await guard?.close()
      await io.close()
    },
  }
}

/** What `loginApp` makes. */
export type LoginApp = Awaited<ReturnType<typeof loginApp>>

async function visit(url: string, headers: Record<string, string>) {
  const answer = await fetch(url, { method: 'POST', headers })
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  return { cookie, loginId: (await answer.json()) as string }
}

/** A store that says how often it was asked, and fails when it is told to. */
class CountingStore extends MemoryStore {
  reads = 0
  broken = false

  override get(id: string, callback: (error: unknown, session?: session.SessionData | null) => void): void {
    this.reads += 1
    if (this.broken) return void setImmediate(callback, new Error('the store is away'))
    super.get(id, callback)
  }
}
