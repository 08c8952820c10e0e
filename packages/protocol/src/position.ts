// Where in a session's history a state stands: `EPOCH.REVISION`, as text. It is the ETag, `since` and `Last-Event-ID`.

/** What has a place in a session's history; every snapshot does. */
export interface Positioned {
  readonly epoch: string
  readonly revision: number
}

/** The form of an epoch: 9 base-36 digits of milliseconds, `-`, 8 random ones. Newer epochs sort after older ones as text. */
export const EPOCH_PATTERN = /^[0-9a-z]{9}-[0-9a-z]{8}$/

/** The form of a position. */
export const POSITION_PATTERN = /^[0-9a-z]{9}-[0-9a-z]{8}\.(?:0|[1-9][0-9]{0,15})$/

/** The form of a session id. `RESERVED_SESSION_IDS` are refused although they have it. */
export const SESSION_ID_PATTERN = /^[A-Za-z0-9._:-]{1,64}$/

/** Ids that no session can have: words of the HTTP endpoint, steps in a path, and keys that would reach a prototype. */
export const RESERVED_SESSION_IDS: readonly string[] = Object.freeze([
  'health',
  'events',
  '.',
  '..',
  '__proto__',
  'constructor',
  'prototype',
])

/** Can this be a session's id? */
export function isSessionId(value: unknown): value is string {
  return typeof value === 'string' && SESSION_ID_PATTERN.test(value) && !RESERVED_SESSION_IDS.includes(value)
}

/** The id. Throws a `TypeError` that says what one is where it can be none. */
export function requireSessionId(value: unknown): string {
  if (isSessionId(value)) return value
  throw new TypeError(`not a session id: ${JSON.stringify(value)}; 1 to 64 of A-Z a-z 0-9 . _ : - are`)
}

/**
 * The name of a new life of a session id.
 * @param at milliseconds since 1970
 * @param random 0 <= random < 1, called once a digit; give `Math.random` nowhere but in tests
 */
export function epochAt(at: number, random: () => number): string {
  const time = Math.max(0, Math.floor(at)).toString(36).padStart(9, '0').slice(-9)
  let suffix = ''
  while (suffix.length < 8) suffix += Math.floor(random() * 36).toString(36)
  return `${time}-${suffix}`
}

/** `EPOCH.REVISION` of a state. */
export function positionOf(state: Positioned): string {
  return `${state.epoch}.${state.revision}`
}

/** Reads a position; `null` where the text is none, or counts beyond what a number can hold exactly. */
export function parsePosition(text: unknown): Positioned | null {
  if (typeof text !== 'string' || !POSITION_PATTERN.test(text)) return null
  const dot = text.indexOf('.')
  const revision = Number(text.slice(dot + 1))
  return Number.isSafeInteger(revision) ? { epoch: text.slice(0, dot), revision } : null
}

/** Negative, zero or positive as `a` stands before, at or after `b`: the newer epoch wins, then the higher revision. */
export function comparePositions(a: Positioned, b: Positioned): number {
  if (a.epoch === b.epoch) return a.revision - b.revision
  return a.epoch < b.epoch ? -1 : 1
}
