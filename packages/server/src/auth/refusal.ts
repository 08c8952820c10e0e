// A code comes in, the error comes out with which Socket.IO tells a client that it may not connect.
import { ERRORS, type KnownCode } from '@progress/protocol'

/** Why somebody may not connect: the client finds it as `error.data`. */
export interface Refusal extends Error {
  readonly data: { readonly code: KnownCode }
}

/** Words that the seed's clients look for. */
const SEED_WORDS = 'Authentication required'

/** The error for a code, with the table's sentence. */
export function refusal(code: KnownCode): Refusal {
  const error = new Error(code === 'UNAUTHENTICATED' ? SEED_WORDS : ERRORS[code].sentence)
  return Object.assign(error, { data: Object.freeze({ code }) })
}
