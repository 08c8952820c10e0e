// Logging in and out. Who logs out is told nothing more, in every tab, at once.
import type { ProgressServer } from '@progress/server'
import express, { type Request, Router } from 'express'
import { findUser, type User } from './users'

declare module 'express-session' {
  interface SessionData {
    user?: User
  }
}

/** `POST /login`, `POST /logout` and `GET /api/auth/status`. */
export function loginRoutes(progress: Pick<ProgressServer, 'revoke'>): Router {
  const routes = Router()

  routes.post('/login', express.urlencoded(), (req, res, next) => {
    const { name, password } = req.body as Record<string, unknown>
    const user = findUser(name, password)
    if (!user) return res.redirect(303, '/login.html?wrong')
    // A new session: one that somebody else knew before is not theirs now.
    req.session.regenerate((error) => {
      if (error) return next(error)
      req.session.user = user
      req.session.save((unsaved) => (unsaved ? next(unsaved) : res.redirect(303, '/')))
    })
  })

  routes.post('/logout', (req, res, next) => {
    const loginId = req.sessionID
    req.session.destroy((error) => {
      if (error) return next(error)
      progress.revoke({ loginId }).then(() => res.redirect(303, '/login.html'), next)
    })
  })

  routes.get('/api/auth/status', (req, res) => {
    const { user } = req.session
    res.json({ authenticated: user !== undefined, name: user?.name })
  })
  return routes
}

/** Whose request it is. Throws what Express answers with 401 where nobody is logged in. */
export function userIdOf({ session }: Request): number {
  if (session.user) return session.user.id
  throw Object.assign(new Error('Log in first.'), { status: 401 })
}
