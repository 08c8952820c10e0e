// One table of all codes, and the one error that a job throws on purpose. No other place decides what may be retried.

interface ErrorRow {
  /** May the same thing be tried again as it stands? */
  readonly retryable: boolean
  /** Status of an HTTP answer that carries this code. */
  readonly httpStatus: number
  /** Close code of a bare WebSocket that ends for this reason; 1000, a normal end, is no error. */
  readonly closeCode?: 1001 | 1003 | 1006 | 1008 | 1013
  /** What a person reads where nobody wrote something better. */
  readonly sentence: string
}

/** Code -> what it means for a retry, for HTTP, for a bare WebSocket and for a person. */
export const ERRORS = Object.freeze({
  // What ends a piece of work.
  SQLITE_BUSY: { retryable: true, httpStatus: 503, sentence: 'The database is busy. Try again in a moment.' },
  VALIDATION_FAILED: { retryable: false, httpStatus: 422, sentence: 'Some of the data is not valid.' },
  VALIDATION_ERROR: { retryable: false, httpStatus: 422, sentence: 'Some of the fields are not valid.' },
  FILE_TOO_LARGE: { retryable: false, httpStatus: 413, sentence: 'The file is too large.' },
  PARSE_ERROR: { retryable: false, httpStatus: 422, sentence: 'The file could not be read.' },
  IMPORT_FAILED: { retryable: false, httpStatus: 500, sentence: 'The import failed.' },
  NETWORK_ERROR: {
    retryable: true,
    httpStatus: 502,
    closeCode: 1006,
    sentence: 'The connection failed. Try again in a moment.',
  },
  INTERRUPTED: {
    retryable: true,
    httpStatus: 503,
    sentence: 'The process that did the work is gone. Start the work again.',
  },
  OPERATION_FAILED: { retryable: false, httpStatus: 500, sentence: 'The work failed.' },
  CANCELLED: { retryable: false, httpStatus: 409, sentence: 'The work was cancelled.' },
  // What refuses a request, a command or a connection.
  BAD_REQUEST: { retryable: false, httpStatus: 400, closeCode: 1003, sentence: 'The request is not well formed.' },
  UNAUTHENTICATED: { retryable: false, httpStatus: 401, closeCode: 1008, sentence: 'Log in first.' },
  EXPIRED: { retryable: false, httpStatus: 401, closeCode: 1008, sentence: 'The login has expired. Log in again.' },
  REVOKED: { retryable: false, httpStatus: 401, closeCode: 1008, sentence: 'The login was ended. Log in again.' },
  FORBIDDEN_ORIGIN: {
    retryable: false,
    httpStatus: 403,
    closeCode: 1008,
    sentence: 'Pages of this origin may not connect. List the origin in `origins`.',
  },
  NOT_FOUND: { retryable: false, httpStatus: 404, sentence: 'There is no such session, or it is kept no longer.' },
  METHOD_NOT_ALLOWED: { retryable: false, httpStatus: 405, sentence: 'This method is not served here.' },
  NOT_CANCELLABLE: { retryable: false, httpStatus: 409, sentence: 'This work cannot be cancelled now.' },
  SESSION_CONFLICT: { retryable: false, httpStatus: 409, sentence: 'A live session of another owner has this id.' },
  PAYLOAD_TOO_LARGE: { retryable: false, httpStatus: 413, closeCode: 1003, sentence: 'The message is too large.' },
  RATE_LIMITED: { retryable: true, httpStatus: 429, closeCode: 1013, sentence: 'Too many requests. Wait a moment.' },
  LIMIT: {
    retryable: true,
    httpStatus: 429,
    closeCode: 1013,
    sentence: 'Too many are open. Close one, then try again.',
  },
  HANDLER_ERROR: { retryable: false, httpStatus: 500, sentence: 'The server could not carry this out.' },
  SLOW: { retryable: true, httpStatus: 503, closeCode: 1013, sentence: 'The connection could not keep up.' },
  DRAINING: { retryable: true, httpStatus: 503, closeCode: 1001, sentence: 'The server is restarting.' },
  UNAVAILABLE: {
    retryable: true,
    httpStatus: 503,
    closeCode: 1013,
    sentence: 'Progress cannot be read at the moment.',
  },
} as const satisfies Record<string, ErrorRow>)

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

/** What `ProgressError` takes beside code and message. */
export interface ProgressErrorOptions {
  /** For the viewer's eyes: bounded and cleaned on the way out. A `stack` in it never leaves the server. */
  readonly details?: Record<string, unknown>
  /** May the same work be started again as it stands? Default: what the table says of the code. */
  readonly retryable?: boolean
  /** What led to it. Stays on the server. */
  readonly cause?: unknown
}

/**
 * Throw it in a job: code, message and details reach the viewer as they stand. Any other error reaches the viewer
 * as `OPERATION_FAILED` with a reference.
 * @example
 * throw new ProgressError('VALIDATION_FAILED', 'Row 7 has no name', { details: { row: 7 } })
 */
export class ProgressError extends Error {
  override readonly name = 'ProgressError'
  readonly code: Code
  readonly retryable: boolean
  readonly details?: Record<string, unknown>

  constructor(code: Code, message: string, options: ProgressErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.retryable = options.retryable ?? errorRow(code).retryable
    if (options.details) this.details = options.details
  }
}

/** Is this a `ProgressError`, of whichever copy of this package? Asked by its name and code, never by `instanceof`. */
export function isProgressError(error: unknown): error is ProgressError {
  if (typeof error !== 'object' || error === null) return false
  try {
    const { name, code, message } = error as Record<string, unknown>
    return name === 'ProgressError' && typeof code === 'string' && typeof message === 'string'
  } catch {
    return false // a getter or a proxy that throws is not ours
  }
}
