// Who may log in. A real app keeps them in its database, and their passwords hashed.
import { timingSafeEqual } from 'node:crypto'

/** Who is logged in. */
export interface User {
  readonly id: number
  readonly name: string
}

/** The two of the demo. */
export const USERS: readonly (User & { readonly password: string })[] = [
  { id: 1, name: 'ada', password: 'engine-1843' },
  { id: 2, name: 'bob', password: 'builder-1999' },
]

/** The user of this name, if the password is right. */
export function findUser(name: unknown, password: unknown): User | undefined {
  const user = USERS.find((one) => one.name === name)
  if (!user || typeof password !== 'string') return undefined
  return isSame(user.password, password) ? { id: user.id, name: user.name } : undefined
}

function isSame(right: string, given: string): boolean {
  const [a, b] = [Buffer.from(right), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
