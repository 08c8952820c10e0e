// The session's type is the middleware's own.
import session, { type Session, type SessionData } from 'express-session'
import { expectTypeOf, it } from 'vitest'
import type { Authenticator } from './authenticate'
import { sessionAuth } from './sessionAuth'

const login = session({ secret: 's', resave: false, saveUninitialized: false })

it('takes what express-session makes, and knows its session', () => {
  const authenticator = sessionAuth(login, (s) => {
    expectTypeOf(s).toEqualTypeOf<Session & Partial<SessionData>>()
    return s.id === '' ? null : { userId: s.id }
  })
  expectTypeOf(authenticator).toEqualTypeOf<Authenticator>()
  expectTypeOf(sessionAuth(login)).toEqualTypeOf<Authenticator>()
})

it('takes middleware of any framework that keeps a session on its request', () => {
  const own = (_req: { session?: { readonly user: string } }, _res: { end(): void }, next: () => void): void => next()
  sessionAuth(own, (s) => {
    expectTypeOf(s).toEqualTypeOf<{ readonly user: string }>()
    return { userId: s.user }
  })
})

it('does not take what says nothing of a session, nor a user without an id', () => {
  const plain = (_req: { headers: object }, _res: never, next: () => void): void => next()
  // @ts-expect-error no session
  sessionAuth(plain)
  // @ts-expect-error no userId
  sessionAuth(login, () => ({ user: 7 }))
})
