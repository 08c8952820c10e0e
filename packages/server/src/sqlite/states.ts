// The stored states: the rule of `put` over rows, and how they are found again.
import type { Snapshot } from '@progress/protocol'
import type { Entry, StoredEntry } from '../backend/contract'
import { isNews, standingOf } from '../backend/news'
import { nameOf, type Row, rowOf, rowsOf, type SqliteHandle, type SqliteStatement } from './handle'

/** Is a row of `sessions` not forgotten? Takes the time twice. */
export const ALIVE = `(expires_at > ? OR (active = 1 AND EXISTS
  (SELECT 1 FROM nodes WHERE nodes.node = sessions.node AND nodes.kept_until > ?)))`

/** Rows that are read at once. More wait for the next turn of the event loop. */
const PAGE = 100

/** Reads and writes states. Nothing here waits, begins a transaction or tells anybody. */
export class States {
  readonly #find: SqliteStatement
  readonly #insert: SqliteStatement
  readonly #update: SqliteStatement
  readonly #delete: SqliteStatement
  readonly #read: SqliteStatement
  readonly #ofOwner: SqliteStatement
  readonly #ofNode: SqliteStatement

  constructor(handle: SqliteHandle) {
    const columns = 'number, id, epoch, revision, owner, node, snapshot'
    this.#find = handle.prepare(
      `SELECT number, epoch, revision, active, owner, ${ALIVE} AS alive FROM sessions WHERE id = ?`,
    )
    this.#insert = handle.prepare(
      `INSERT INTO sessions (epoch, revision, active, owner, node, expires_at, snapshot, id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#update = handle.prepare(
      `UPDATE sessions SET epoch = ?, revision = ?, active = ?, owner = ?, node = ?, expires_at = ?, snapshot = ?
        WHERE id = ?`,
    )
    this.#delete = handle.prepare('DELETE FROM sessions WHERE id = ?')
    const hasLog = 'EXISTS (SELECT 1 FROM lines WHERE lines.session = sessions.id AND lines.epoch = sessions.epoch)'
    this.#read = handle.prepare(`SELECT ${columns}, ${hasLog} AS has_log FROM sessions WHERE id = ? AND ${ALIVE}`)
    const page = `AND number > ? AND ${ALIVE} ORDER BY number LIMIT ${PAGE}`
    this.#ofOwner = handle.prepare(`SELECT ${columns} FROM sessions WHERE owner = ? ${page}`)
    this.#ofNode = handle.prepare(`SELECT ${columns} FROM sessions WHERE node = ? AND active = 1 ${page}`)
  }

  /** Stores a state, unless it may not follow the stored one; answers whether it did. To be called in a transaction. */
  put(entry: Entry, expiresAt: number, now: number): boolean {
    const { snapshot } = entry
    const id = nameOf(snapshot.sessionId)
    const before = this.live(snapshot.sessionId, now)
    const standing = standingOf(entry)
    if (before && !isNews(standing, standingOfRow(before))) return false
    const write = before ? this.#update : this.#insert
    const { epoch, revision } = snapshot
    const active = standing.isEnded ? 0 : 1
    const [owner, node] = [nameOf(entry.owner), nameOf(entry.node)]
    write.run(epoch, revision, active, owner, node, expiresAt, JSON.stringify(snapshot), id)
    return true
  }

  /** The row of a session. One whose time has run out is deleted. To be called in a transaction. */
  live(sessionId: string, now: number): Row | undefined {
    const id = nameOf(sessionId)
    const row = rowOf(this.#find, now, now, id)
    if (!row || row['alive']) return row
    this.#delete.run(id)
    return undefined
  }

  /** Is there a row of this session whose time has run out? */
  isForgotten(sessionId: string, now: number): boolean {
    const row = rowOf(this.#find, now, now, nameOf(sessionId))
    return row !== undefined && !row['alive']
  }

  /** A stored state. Throws where its row is damaged: that it is not there would be a lie. */
  read(sessionId: string, now: number): StoredEntry | null {
    const row = rowOf(this.#read, nameOf(sessionId), now, now)
    return row ? { ...entryOf(row), hasLog: Boolean(row['has_log']) } : null
  }

  /** Those of an owner, page by page. A damaged row is left out: it must not hide the others. */
  ofOwner(owner: string, now: number): Generator<readonly Entry[]> {
    return pages(this.#ofOwner, owner, now)
  }

  /** Those that a node wrote last and that are active, in the same way. */
  ofNode(node: string, now: number): Generator<readonly Entry[]> {
    return pages(this.#ofNode, node, now)
  }
}

function* pages(statement: SqliteStatement, name: string, now: number): Generator<readonly Entry[]> {
  for (let last = 0; ; ) {
    const rows = rowsOf(statement, nameOf(name), last, now, now)
    yield rows.flatMap((row) => entryOrNone(row))
    if (rows.length < PAGE) return
    last = Number(rows.at(-1)?.['number'])
  }
}

function standingOfRow({ epoch, revision, owner, active }: Row) {
  return { epoch: String(epoch), revision: Number(revision), owner: parseOwner(owner), isEnded: !active }
}

/** What stands in a row may have been damaged on the disk, or written by hand: it says what its columns say, or it is no state. */
function entryOf(row: Row): Entry {
  const snapshot = parse(row['snapshot']) as Partial<Snapshot> | null | undefined
  const isWhole =
    typeof snapshot === 'object' &&
    nameOf(snapshot?.sessionId ?? null) === row['id'] &&
    snapshot?.epoch === row['epoch'] &&
    snapshot?.revision === Number(row['revision'])
  const node = parse(row['node'])
  if (!isWhole || typeof node !== 'string' || typeof row['owner'] !== 'string') {
    throw new Error(`The stored state of session ${row['id']} is damaged`)
  }
  return { snapshot: snapshot as Snapshot, owner: parseOwner(row['owner']), node }
}

function entryOrNone(row: Row): readonly Entry[] {
  try {
    return [entryOf(row)]
  } catch {
    return []
  }
}

/** Who owns a row that does not say it in JSON is nobody's name. */
function parseOwner(text: unknown): string | null {
  const owner = parse(text)
  return typeof owner === 'string' || owner === null ? owner : String(text)
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}
