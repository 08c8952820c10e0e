// One table of all codes: what each means for HTTP, for a bare WebSocket and for a person.
import { isRetryable } from './retryable'

type CloseCode = 1001 | 1003 | 1006 | 1008 | 1013

/** What the table says of a code. */
export interface ErrorRow {
  /** May the same thing be tried again as it stands? */
  readonly retryable: boolean
  /** Status of an HTTP answer that carries this code. */
  readonly httpStatus: number
  /** Close code of a bare WebSocket that ends for this reason; 1000, a normal end, is no error. */
  readonly closeCode?: CloseCode
  /** What a person reads where nobody wrote something better. */
  readonly sentence: string
}

/** Code -> HTTP status, sentence, close code. */
const TABLE = {
  // What ends a piece of work.
  SQLITE_BUSY: [503, 'The database is busy. Try again in a moment.'],
  VALIDATION_FAILED: [422, 'Some of the data is not valid.'],
  VALIDATION_ERROR: [422, 'Some of the data is not valid.'],
  FILE_TOO_LARGE: [413, 'The file is too large.'],
  PARSE_ERROR: [422, 'The file could not be read.'],
  IMPORT_FAILED: [500, 'The import failed.'],
  NETWORK_ERROR: [502, 'The connection failed. Try again in a moment.', 1006],
  INTERRUPTED: [503, 'The process that did the work is gone. Start it again.'],
  OPERATION_FAILED: [500, 'The work failed.'],
  CANCELLED: [409, 'The work was cancelled.'],
  // What refuses a request, a command or a connection.
  BAD_REQUEST: [400, 'The request is not well formed.', 1003],
  UNAUTHENTICATED: [401, 'Log in first.', 1008],
  EXPIRED: [401, 'The login has expired. Log in again.', 1008],
  REVOKED: [401, 'The login was ended. Log in again.', 1008],
  FORBIDDEN_ORIGIN: [403, 'This origin may not connect. List it in `origins`.', 1008],
  NOT_FOUND: [404, 'There is no such session.'],
  METHOD_NOT_ALLOWED: [405, 'This method is not served here.'],
  NOT_CANCELLABLE: [409, 'This work cannot be cancelled now.'],
  SESSION_CONFLICT: [409, 'A live session of another owner has this id.'],
  PAYLOAD_TOO_LARGE: [413, 'The message is too large.', 1003],
  RATE_LIMITED: [429, 'Too many requests. Try again in a moment.', 1013],
  LIMIT: [429, 'Too many are open. Close one.', 1013],
  HANDLER_ERROR: [500, 'The server could not carry this out.'],
  SLOW: [503, 'The connection could not keep up.', 1013],
  DRAINING: [503, 'The server is restarting.', 1001],
  UNAVAILABLE: [503, 'Progress cannot be read. Try again in a moment.', 1013],
} as const satisfies { readonly [code: string]: readonly [number, string, CloseCode?] }

/** Code -> what it means for a retry, for HTTP, for a bare WebSocket and for a person. */
export const ERRORS = Object.freeze(
  Object.fromEntries(
    Object.entries<readonly [number, string, CloseCode?]>(TABLE).map(([code, [httpStatus, sentence, closeCode]]) => {
      return [
        code,
        Object.freeze({ retryable: isRetryable(code), httpStatus, sentence, ...(closeCode && { closeCode }) }),
      ]
    }),
  ),
) as { readonly [C in keyof typeof TABLE]: ErrorRow }

/** A code that the table knows. */
export type KnownCode = keyof typeof ERRORS

/** Any code: the known ones complete in the editor, yours are strings. */
export type Code = KnownCode | (string & {})

/** Does the table know this code? */
export function isKnownCode(code: unknown): code is KnownCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code)
}

/** What the table says of a code; a code of the app's own reads as `OPERATION_FAILED`. */
export function errorRow(code: Code): ErrorRow {
  return ERRORS[isKnownCode(code) ? code : 'OPERATION_FAILED']
}
