// What comes back from Redis may have been damaged, or written by somebody else: it is what it says, or it is nothing.
import { EPOCH_PATTERN, type LogLine, type Snapshot } from '@progress/protocol'
import type { Entry, Message, StoredEntry, StoredLog } from '../backend/contract'

type Fields = Readonly<Record<string, unknown>>

const STATUSES: readonly unknown[] = Object.freeze(['active', 'completed', 'error', 'cancelled'])

/** A name or an owner as it is stored: UTF-8 has no lone halves of a character, JSON escapes them. */
export function nameOf(text: string | null): string {
  return JSON.stringify(text)
}

/** A stored state; `null` where there is none, or a damaged one. */
export function entryIn(row: unknown): Entry | null {
  if (!Array.isArray(row)) return null
  const [id, epoch, revision, owner, node, snapshot] = row.map(textOf)
  const entry = { snapshot: parse(snapshot), owner: parse(owner), node: parse(node) }
  if (!isEntry(entry)) return null
  const { sessionId, epoch: life, revision: count } = entry.snapshot
  return sessionId === id && life === epoch && String(count) === revision ? entry : null
}

/** The same, with what is said of its lines. */
export function storedIn(row: unknown): StoredEntry | null {
  const entry = entryIn(row)
  const kept = Array.isArray(row) ? numberOf(row[7]) : undefined
  return entry && kept !== undefined ? { ...entry, hasLog: kept > 0 } : entry
}

/** Kept lines, as a script gives them; damaged ones are left out. */
export function logIn(answer: unknown, after: number): StoredLog {
  const [first, texts] = Array.isArray(answer) ? answer : []
  const lines = (Array.isArray(texts) ? texts : []).map((text) => parse(textOf(text))).filter(isLine)
  return { lines, gap: Math.max(0, (numberOf(first) ?? after + 1) - (after + 1)) }
}

/** A message and its number, each `undefined` where it cannot be read. */
export function messageIn(text: string): {
  readonly number: number | undefined
  readonly message: Message | undefined
} {
  const space = text.indexOf(' ')
  const message = parse(text.slice(space + 1))
  return { number: numberOf(text.slice(0, Math.max(0, space))), message: isMessage(message) ? message : undefined }
}

/** A whole number that is none below 0; `undefined` where it is anything else. */
export function numberOf(value: unknown): number | undefined {
  const text = textOf(value)
  const number = text ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

/** Some clients give texts as bytes, or numbers as texts, where the app has said so. */
export function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}

function isMessage(value: unknown): value is Message {
  if (!isFields(value)) return false
  switch (value['kind']) {
    case 'changed':
      return isEntry(value['entry'])
    case 'log':
      return (
        areTexts(value, 'sessionId', 'epoch', 'node') && Array.isArray(value['lines']) && value['lines'].every(isLine)
      )
    case 'cancel':
      return areTexts(value, 'sessionId') && ['string', 'undefined'].includes(typeof value['reason'])
    case 'revoke':
      return isFields(value['whose']) && (areTexts(value['whose'], 'userId') || areTexts(value['whose'], 'loginId'))
    default:
      return false
  }
}

function isEntry(value: unknown): value is Entry {
  if (!isFields(value) || !areTexts(value, 'node') || !isSnapshot(value['snapshot'])) return false
  return value['owner'] === null || areTexts(value, 'owner')
}

/** What the house counts on. Only who may write to this Redis can have written the rest. */
function isSnapshot(value: unknown): value is Snapshot {
  if (!isFields(value) || !areTexts(value, 'sessionId', 'operation', 'epoch')) return false
  const { epoch, status, revision, progress, createdAt, timestamp } = value
  if (!EPOCH_PATTERN.test(String(epoch)) || !STATUSES.includes(status)) return false
  return Number.isSafeInteger(revision) && [progress, createdAt, timestamp].every(Number.isFinite)
}

function isLine(value: unknown): value is LogLine {
  return isFields(value) && areTexts(value, 'text', 'level') && [value['line'], value['at']].every(Number.isFinite)
}

function areTexts(fields: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => typeof fields[name] === 'string')
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}
