// Who may log in. In your app this asks the database, compares a hash, and keeps the secret in the environment.
import session from 'express-session'
import passport from 'passport'
import { Strategy } from 'passport-local'

declare global {
  namespace Express {
    interface User {
      id: string
    }
  }
}

const PASSWORDS = new Map([
  ['ada', 'lovelace'],
  ['bob', 'ross'],
])

passport.use(
  new Strategy((username, password, done) => {
    done(null, PASSWORDS.get(username) === password && { id: username })
  }),
)
passport.serializeUser((user, done) => done(null, user.id))
passport.deserializeUser((id: string, done) => done(null, { id }))

/** The session middleware: one for the app's requests, and for those of progress. */
export const login = session({ secret: 'a secret', resave: false, saveUninitialized: false })

export { passport }
