// What the seed's methods say of an end, made into one: bounded, and without what is nobody's business.
import { errorRow, failureOf, type Metadata, ProgressError, sanitizeMetadata } from '@progress/protocol'
import type { Cell } from './cell'
import { isGiven, say } from './checks'
import type { End } from './session'

/** Completed, with what is said of it. */
export function completion(cell: Cell, message: unknown, metadata: Record<string, unknown> | undefined): End {
  return { status: 'completed', ...spoken(message), ...added(cell, metadata) }
}

/** Failed. `details.code` becomes the code, a stack in the details stays here. */
export function failure(cell: Cell, message: unknown, details: Record<string, unknown>, reference: string): End {
  const { value, truncated: cut } = sanitizeMetadata(details)
  const code = typeof value['code'] === 'string' && value['code'] ? value['code'] : 'OPERATION_FAILED'
  const { code: _code, stack: _stack, ...context } = value
  const said = isGiven(message) ? say(message) : errorRow(code).sentence
  const error = new ProgressError(code, said, { details: context })
  const { failure: found, truncated } = failureOf(error, reference)
  const { reference: _reference, ...told } = found
  const more = added(cell, context)
  return {
    status: 'error',
    message: said,
    ...more,
    error: told as typeof found,
    truncated: cut || truncated || (more.truncated ?? false),
  }
}

/** Cancelled, and why. */
export function cancellation(reason: unknown): End {
  return { status: 'cancelled', ...(isGiven(reason) && { reason: say(reason) }) }
}

/** A message, where one was given. */
export function spoken(message: unknown): { message?: string } {
  return isGiven(message) ? { message: say(message) } : {}
}

function added(
  cell: Cell,
  metadata: Record<string, unknown> | undefined,
): { metadata?: Metadata; truncated?: boolean } {
  if (!isGiven(metadata)) return {}
  const { value, truncated } = cell.clean(metadata)
  const merged = cell.mergedMetadata({ ...cell.patch, ...value })
  return { metadata: merged.metadata, truncated: truncated || merged.truncated }
}
