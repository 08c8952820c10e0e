// An app's own events, typed on both sides from one table: `defineEvents({ 'test.started': schema })`.
import * as z from 'zod'
import { check, type Decoded, failed } from './decode'
import { LIMITS } from './limits'
import type { StandardSchema } from './operation'
import { ProgressError } from './progressError'
import { text } from './text'

/** How an app's own event travels. `data` is what the event's schema says. */
export const EventEnvelope = z
  .object({
    event_type: text(LIMITS.nameChars, 1),
    /** ISO 8601, UTC. */
    timestamp: z.iso.datetime(),
    data: z.unknown(),
    user_id: z.string().nullish(),
    correlation_id: z.string().nullish(),
  })
  .meta({ id: 'EventEnvelope' })
/** How an app's own event travels. */
export type EventEnvelope<T extends string = string, D = unknown> = {
  readonly event_type: T
  readonly timestamp: string
  readonly data: D
  readonly user_id?: string | null | undefined
  readonly correlation_id?: string | null | undefined
}

/** The name of an event -> the Standard Schema of its data. */
export type EventTable = { readonly [type: string]: StandardSchema }
/** The data of one event of a table. */
export type EventData<T extends EventTable, N extends keyof T> = T[N] extends StandardSchema<infer D> ? D : never
/** Any event of a table, as it was read: narrow by `type`. */
export type CustomEvent<T extends EventTable, N extends keyof T = keyof T> = {
  [K in N]: {
    readonly type: K
    readonly data: EventData<T, K>
    /** Milliseconds since 1970. */
    readonly at: number
    readonly userId?: string
    readonly correlationId?: string
  }
}[N]

/** What an event is about, beside its data. */
export interface EventContext {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly userId?: string
  /** The id of the operation or request that it belongs to. */
  readonly correlationId?: string
}

/** An app's own events; made by `defineEvents`. */
export interface CustomEvents<T extends EventTable> {
  /** The names. */
  readonly types: readonly (keyof T & string)[]
  /** To the wire. Throws a `ProgressError` `VALIDATION_FAILED` that names the field, where the data is not what was declared. */
  encode<N extends keyof T & string>(
    type: N,
    data: EventData<T, N>,
    context: EventContext,
  ): EventEnvelope<N, EventData<T, N>>
  /** From the wire. Never throws; an event of another table is an error like any other. */
  decode(value: unknown): Decoded<CustomEvent<T>>
}

/**
 * Defines an app's own events from any Standard Schema. The schemas must answer at once: one that answers by promise
 * reads as an error.
 * @example
 * export const testEvents = defineEvents({
 *   'test.started': z.object({ testId: z.string() }),
 *   'test.progress': z.object({ testId: z.string(), output: z.string() }),
 * })
 */
export function defineEvents<const T extends EventTable>(table: T): CustomEvents<T> {
  const schemas = Object.freeze({ ...table })
  const types = Object.freeze(Object.keys(schemas))
  for (const type of types) {
    if (type.length === 0 || type.length > LIMITS.nameChars) {
      throw new TypeError(`The name of an event must be a text of 1 to ${LIMITS.nameChars} characters`)
    }
  }

  return Object.freeze({
    types,
    encode<N extends keyof T & string>(type: N, data: EventData<T, N>, context: EventContext) {
      const checked = checkData(schemas, type, data)
      if (!checked.ok) throw new ProgressError('VALIDATION_FAILED', checked.error.message)
      const { at, userId, correlationId } = context
      return {
        event_type: type,
        timestamp: new Date(at).toISOString(),
        data: checked.value as EventData<T, N>,
        ...(userId !== undefined && { user_id: userId }),
        ...(correlationId !== undefined && { correlation_id: correlationId }),
      }
    },
    decode(value: unknown): Decoded<CustomEvent<T>> {
      const envelope = check('event', EventEnvelope, value)
      if (!envelope.ok) return envelope
      const { event_type: type, timestamp, data, user_id: userId, correlation_id: correlationId } = envelope.value
      const checked = checkData(schemas, type, data)
      if (!checked.ok) return checked
      const event = {
        type,
        data: checked.value,
        at: Date.parse(timestamp),
        ...(userId != null && { userId }),
        ...(correlationId != null && { correlationId }),
      }
      return { ok: true, value: event as unknown as CustomEvent<T> }
    },
  })
}

function checkData(schemas: EventTable, type: string, data: unknown): Decoded<unknown> {
  const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined
  if (!schema) return failed('event', 'event_type', 'no event of this table has this name')
  try {
    const answer = schema['~standard'].validate(data)
    if (answer instanceof Promise)
      return failed(type, '', 'its schema answers by promise; use one that answers at once')
    return readAnswer(type, answer)
  } catch {
    return failed(type, '', 'cannot be read')
  }
}

interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

function readAnswer(type: string, answer: unknown): Decoded<unknown> {
  const { issues, value } = answer as { issues?: readonly StandardIssue[]; value?: unknown }
  const first = issues?.[0]
  if (!first) return { ok: true, value }
  const path = (first.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
  return failed(type, path, first.message)
}
