// The name of a message comes in, an arbitrary of all its valid payloads goes out, as a peer would read them from JSON.
import * as fc from 'fast-check'
import { LIMITS } from '../limits'
import type { MessageName } from '../messages'
import { EPOCH_PATTERN, isSessionId, POSITION_PATTERN, SESSION_ID_PATTERN } from '../position'

const flag = fc.constant(true)
const milliseconds = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const amount = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })
const sessionId = fc.stringMatching(SESSION_ID_PATTERN).filter(isSessionId)
const epoch = fc.stringMatching(EPOCH_PATTERN)
const position = fc.stringMatching(POSITION_PATTERN)

/** Short texts, and texts of exactly as many characters as are allowed, an emoji being one. */
function text(maxChars: number, minLength = 0): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'binary', minLength, maxLength: Math.min(12, maxChars) }) },
    { weight: 1, arbitrary: fc.constantFrom('😀', 'é', 'a').map((char) => char.repeat(maxChars)) },
  )
}

function optional(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  return fc.record(fields, { requiredKeys: [] })
}

function both(...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> {
  return fc.tuple(...parts).map((found) => Object.assign({}, ...found))
}

const code = text(LIMITS.codeChars, 1)
const reason = text(LIMITS.reasonChars)
const scalar = fc.oneof(text(LIMITS.metadataStringChars), fc.integer(), fc.boolean(), fc.constant(null))
const key = text(LIMITS.metadataKeyChars)

function bounded(depth: number): fc.Arbitrary<unknown> {
  if (depth === 0) return scalar
  const inner = bounded(depth - 1)
  return fc.oneof(scalar, fc.array(inner, { maxLength: 3 }), fc.dictionary(key, inner, { maxKeys: 3 }))
}

const metadata = fc.dictionary(key, bounded(LIMITS.metadataDepth - 1), { maxKeys: 4 })

const base = both(
  fc.record({
    sessionId,
    operation: text(LIMITS.nameChars, 1),
    epoch,
    revision: milliseconds,
    progress: fc.oneof(fc.constantFrom(0, 100), fc.double({ min: 0, max: 100, noNaN: true })),
    metadata,
    attempt: fc.integer({ min: 1 }),
    createdAt: milliseconds,
    timestamp: milliseconds,
  }),
  optional({
    indeterminate: flag,
    current: amount,
    total: amount,
    unit: text(LIMITS.nameChars, 1),
    phase: text(LIMITS.nameChars, 1),
    message: text(LIMITS.messageChars),
    truncated: flag,
    laterField: fc.jsonValue(),
  }),
)

const failure = both(
  fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 2 }),
  fc.record({ code, message: text(LIMITS.messageChars), retryable: fc.boolean() }),
  optional({ details: metadata, reference: text(LIMITS.referenceChars) }),
)
const cancelRequested = both(fc.record({ at: milliseconds }), optional({ reason }))
const worker = fc.constantFrom('alive', 'quiet', 'lost')

const active = both(
  base,
  fc.record({ status: fc.constant('active'), worker, cancellable: fc.boolean() }),
  optional({ queued: flag, ratePerSecond: amount, etaMs: amount, cancelRequested }),
)
const completed = both(ended('completed'), optional({ result: fc.jsonValue() }))
const failed = both(ended('error'), fc.record({ error: failure }))
const cancelled = both(ended('cancelled'), optional({ reason }))
const snapshot = fc.oneof(active, completed, failed, cancelled)
const gone = fc.record({ sessionId, code })

function ended(status: string): fc.Arbitrary<object> {
  return both(base, fc.record({ status: fc.constant(status), duration: milliseconds }))
}

const logEntry = fc.record({
  text: text(LIMITS.logLineChars),
  level: fc.constantFrom('info', 'warn', 'error'),
  at: milliseconds,
})
const log = both(
  fc.record({ sessionId, epoch, from: milliseconds, lines: fc.array(logEntry, { maxLength: 4 }) }),
  optional({ gap: fc.integer({ min: 1 }) }),
)

/** The first arguments must be there, the others may be left out from behind, or be followed by unknown ones. */
function list(required: fc.Arbitrary<unknown>[], rest: fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> {
  const orNull = rest.map((one) => fc.option(one, { nil: null }))
  return fc
    .tuple(fc.tuple(...required, ...orNull, fc.jsonValue()), fc.nat({ max: rest.length + 1 }))
    .map(([all, count]) => all.slice(0, required.length + count))
}

function answer(...success: fc.Arbitrary<object>[]): fc.Arbitrary<object> {
  const refused = fc.record({ error: fc.record({ code, message: text(LIMITS.messageChars) }) })
  return fc.oneof(both(fc.record({ success: flag }), ...success), refused)
}

const few = { maxLength: 2 }
const payloads: Readonly<Record<MessageName, fc.Arbitrary<unknown>>> = {
  'progress-status': snapshot,
  'progress-update': active,
  'progress-complete': completed,
  'progress-error': failed,
  'progress-cancelled': cancelled,
  'progress-log': log,
  'progress-batch': fc.record({ sessions: fc.array(snapshot, few) }),
  'progress-gone': gone,
  'progress-bye': both(fc.record({ code }), optional({ retryAfterMs: milliseconds })),
  'application-error': fc.record({ code, message: text(LIMITS.messageChars) }),
  'join-progress': list([sessionId], [optional({ position, logLine: milliseconds })]),
  'leave-progress': list([sessionId], []),
  'cancel-progress': list([sessionId], [reason]),
  'list-progress': list([], [optional({ watch: fc.boolean() })]),
  'sync-progress': list([fc.dictionary(sessionId, position, { maxKeys: 3 })], [optional({ mine: fc.boolean() })]),
  'join-progress:answer': answer(fc.record({ status: snapshot })),
  'leave-progress:answer': answer(),
  'cancel-progress:answer': answer(),
  'list-progress:answer': answer(fc.record({ sessions: fc.array(snapshot, few) })),
  'sync-progress:answer': answer(fc.record({ snapshots: fc.array(snapshot, few), gone: fc.array(gone, few) })),
}

/** Valid payloads of this message, as they come out of `JSON.parse`. */
export function payloadsOf(name: MessageName): fc.Arbitrary<unknown> {
  return payloads[name].map((payload) => JSON.parse(JSON.stringify(payload)) as unknown)
}
