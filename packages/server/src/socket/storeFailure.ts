// What a backend failed at, told apart from what our own code failed at.
import { type KnownCode, type Refusal, refusal } from '@progress/protocol'
import type { Signals } from '../observe/signals'

/** A backend rejected. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
}

/** What a read gives; where it rejects, a `StoreFailure`. */
export async function fromStore<T>(read: Promise<T>): Promise<T> {
  try {
    return await read
  } catch (cause) {
    throw new StoreFailure('the backend did not answer', { cause })
  }
}

/** Signals a failure, and answers the code for whoever asked. */
export function codeOfFailure(signals: Signals, where: string, cause: unknown): KnownCode {
  if (cause instanceof StoreFailure) {
    signals.tell('store-failed', { where, cause: cause.cause })
    return 'UNAVAILABLE'
  }
  signals.tell('handler-failed', { where, cause })
  return 'HANDLER_ERROR'
}

/** The same as a refusal. */
export function refusalOfFailure(signals: Signals, where: string, cause: unknown): Refusal {
  return refusal(codeOfFailure(signals, where, cause))
}
