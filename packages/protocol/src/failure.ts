// How an error crosses the wire: in a snapshot that ended badly, in a refused command, in an HTTP answer.
import * as z from 'zod'
import { type Code, ERRORS, errorRow, type KnownCode } from './errors'
import { BoundedObject, Json, type JsonObject } from './json'
import { LIMITS } from './limits'
import { isProgressError } from './progressError'
import { sanitizeMetadata } from './sanitize'
import { boundedText, cutText, text } from './text'

const code: z.ZodType<Code> = text(LIMITS.codeChars, 1)
const message = text(LIMITS.messageChars)

/** Why a piece of work ended badly. Context that the job gave stands in `details` and, as in the seed, beside it. */
export const Failure = z
  .object({
    code,
    message,
    retryable: z.boolean(),
    details: BoundedObject.exactOptional(),
    reference: text(LIMITS.referenceChars).exactOptional(),
  })
  .catchall(Json)
  .meta({ id: 'Failure' })

/** Why a piece of work ended badly. */
export interface Failure {
  /** Known codes complete in the editor; yours are strings. */
  readonly code: Code
  readonly message: string
  readonly retryable: boolean
  /** What the job said beside it. Never a stack. */
  readonly details?: JsonObject
  /** For your support: find it in the server's log. */
  readonly reference?: string
  /** The seed's place for the same details. */
  readonly [context: string]: unknown
}

/** Why a command or a request was refused. */
export const Refusal = z.object({ error: z.object({ code, message }) }).meta({ id: 'Refusal' })
/** Why a command or a request was refused. */
export interface Refusal {
  readonly error: { readonly code: Code; readonly message: string }
}

/** A refusal in the table's words. */
export function refusal(of: KnownCode): Refusal {
  return { error: { code: of, message: ERRORS[of].sentence } }
}

/** What `failureOf` answers. */
export interface FailureResult {
  readonly failure: Failure
  /** Something of message or details was cut or left out. */
  readonly truncated: boolean
}

/**
 * What a viewer may know of an error. A `ProgressError` speaks for itself; of anything else only `OPERATION_FAILED` and
 * the reference are told. Never throws.
 * @param reference under which the original stands in the server's log
 */
export function failureOf(error: unknown, reference: string): FailureResult {
  if (!isProgressError(error)) {
    const { retryable, sentence } = ERRORS.OPERATION_FAILED
    return { failure: { code: 'OPERATION_FAILED', message: sentence, retryable, reference }, truncated: false }
  }
  const said = boundedText(error.message, LIMITS.messageChars)
  const details = describe(error.details)
  const failure: Failure = {
    ...details.value,
    code: cutText(error.code, LIMITS.codeChars) || 'OPERATION_FAILED',
    message: said,
    retryable: typeof error.retryable === 'boolean' ? error.retryable : errorRow(error.code).retryable,
    reference,
    ...(Object.keys(details.value).length > 0 && { details: details.value }),
  }
  return { failure, truncated: details.truncated || said !== error.message }
}

/** Details without their stack: what is said twice, here and beside it, shares the room of one. */
function describe(details: unknown): { value: JsonObject; truncated: boolean } {
  const { value, truncated } = sanitizeMetadata(details, { maxBytes: LIMITS.errorDetailsBytes / 2 })
  const { stack: _stack, ...rest } = value
  return { value: rest, truncated }
}
