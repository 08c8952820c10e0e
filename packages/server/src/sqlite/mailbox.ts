// What one process tells the others: at once to who listens here, by rows of the file to other processes. They are written
// only while another process listens, and a reader that has missed some is told so.
import { randomUUID } from 'node:crypto'
import type { Clock } from '@progress/protocol'
import type { Message } from '../backend/contract'
import { Hearers } from '../backend/hearers'
import { type Row, rowOf, rowsOf, type SqliteHandle, type SqliteStatement } from './handle'
import type { Writer } from './writer'

/** How often the others' messages are looked for. */
const LOOK_MS = 50
/** Messages that are taken in at once. More wait for the next turn of the event loop. */
const PAGE = 100
/** Messages in the file: who is further behind has missed some. */
const MESSAGES = 4_096
/** So often the oldest are looked for. */
const TRIMMED_EVERY = 256
/** Who listens says so again; whoever has not for this long is not written to any more. */
const REFRESH_MS = 5_000
const LISTENS_MS = 15_000

/** One process's ears and mouth. */
export class Mailbox {
  readonly #clock: Clock
  readonly #writer: Writer
  readonly #id = randomUUID()
  readonly #hearers = new Hearers()
  readonly #others: SqliteStatement
  readonly #insert: SqliteStatement
  readonly #trim: SqliteStatement
  readonly #here: SqliteStatement
  readonly #gone: SqliteStatement
  readonly #newest: SqliteStatement
  readonly #read: SqliteStatement
  #isOverheard = { transaction: 0, is: false }
  #written = 0
  /** The number of the last message that was taken in. */
  #last = 0
  /** Until then others write to us. 0: they do not. */
  #until = 0
  #isEntering = false
  #cancelLook: (() => void) | undefined

  constructor(handle: SqliteHandle, writer: Writer, clock: Clock) {
    this.#clock = clock
    this.#writer = writer
    this.#others = handle.prepare('SELECT 1 AS one FROM ears WHERE id <> ? AND until > ? LIMIT 1')
    this.#insert = handle.prepare('INSERT INTO messages (teller, told_at, content) VALUES (?, ?, ?)')
    this.#trim = handle.prepare(`DELETE FROM messages WHERE number <= (SELECT max(number) FROM messages) - ${MESSAGES}`)
    this.#here = handle.prepare('INSERT OR REPLACE INTO ears (id, until) VALUES (?, ?)')
    this.#gone = handle.prepare('DELETE FROM ears WHERE id = ?')
    this.#newest = handle.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'messages'")
    this.#read = handle.prepare(
      `SELECT number, CASE WHEN teller = ? THEN NULL ELSE content END AS content FROM messages
        WHERE number > ? ORDER BY number LIMIT ${PAGE}`,
    )
  }

  /** Writes a message for the other processes, where there are any. To be called in a transaction. */
  post(message: Message, transaction: number): void {
    if (!this.#isHeardElsewhere(transaction)) return
    this.#insert.run(this.#id, this.#clock.now(), JSON.stringify(message))
    if (++this.#written % TRIMMED_EVERY === 0) this.#trim.run()
  }

  /** Tells a message to who listens here. One that throws keeps nothing from the others. */
  tell(message: Message): void {
    this.#hearers.tell(message)
  }

  /** Hears from now on; the answer stops it. */
  async listen(hear: (message: Message) => void, onGap: () => void): Promise<() => void> {
    const hearer = { hear, onGap }
    await this.#enter(() => this.#hearers.add(hearer))
    return () => {
      if (this.#hearers.remove(hearer)) void this.leave()
    }
  }

  /** Hears nothing more. Never rejects: an entry that stays behind runs out. */
  async leave(): Promise<void> {
    this.#hearers.clear()
    this.#cancelLook?.()
    this.#cancelLook = undefined
    if (this.#until === 0) return
    this.#until = 0
    await this.#writer.write(() => this.#gone.run(this.#id)).catch(() => {})
  }

  #isHeardElsewhere(transaction: number): boolean {
    if (this.#isOverheard.transaction !== transaction) {
      const is = rowOf(this.#others, this.#id, this.#clock.now()) !== undefined
      this.#isOverheard = { transaction, is }
    }
    return this.#isOverheard.is
  }

  /** Once this is in the file, whatever others tell is written to us. `entered` is called at once then. */
  #enter(entered: () => void): Promise<unknown> {
    const until = this.#clock.now() + LISTENS_MS
    const isNew = this.#until < this.#clock.now()
    const enter = () => {
      this.#here.run(this.#id, until)
      return isNew ? Number(rowOf(this.#newest)?.['seq'] ?? 0) : this.#last
    }
    return this.#writer.write(enter, (last) => {
      this.#last = Math.max(this.#last, last)
      this.#until = until
      entered()
      this.#lookAfter(LOOK_MS)
    })
  }

  #lookAfter(waitMs: number): void {
    if (this.#cancelLook || this.#hearers.size === 0) return
    this.#cancelLook = this.#clock.after(waitMs, () => {
      this.#cancelLook = undefined
      this.#stay()
      this.#lookAfter(this.#look() ? 0 : LOOK_MS)
    })
  }

  /** Says again that somebody listens here. Whoever was away for so long that nobody wrote to him has missed some. */
  #stay(): void {
    const now = this.#clock.now()
    if (this.#isEntering || now < this.#until - LISTENS_MS + REFRESH_MS) return
    const wasAway = this.#until < now
    this.#isEntering = true
    const entered = this.#enter(() => wasAway && this.#hearers.missed())
    // Where it fails it is tried again at the next look, and a gap is told when it works.
    void entered
      .catch(() => {})
      .finally(() => {
        this.#isEntering = false
      })
  }

  /** Takes in what others have written; answers whether there may be more. */
  #look(): boolean {
    try {
      const rows = rowsOf(this.#read, this.#id, this.#last)
      for (const row of rows) this.#takeIn(row)
      return rows.length === PAGE
    } catch {
      return false // it is there at the next look
    }
  }

  #takeIn({ number, content }: Row): void {
    const isNext = Number(number) === this.#last + 1
    this.#last = Number(number)
    if (!isNext) this.#hearers.missed()
    if (content === null) return // our own: told already
    const message = messageIn(content)
    if (message) this.tell(message)
    else this.#hearers.missed()
  }
}

/** `undefined` where a row is damaged. */
function messageIn(content: unknown): Message | undefined {
  try {
    return JSON.parse(String(content)) as Message
  } catch {
    return undefined
  }
}
