// The one error that a job throws on purpose, and that a page gets for a job that ended badly.
import type { Code } from './errors'
import { isRetryable } from './retryable'

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
    this.retryable = options.retryable ?? isRetryable(code)
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
