// The server of a walk: one session and its states, told to whoever joined, over lines that break at random.
import type { Snapshot } from '@progress/protocol/wire'
import { state } from './bench'
import type { FarEnd, FarLine, Heard } from './farEnd'

/** The session that a walk is about. */
export const ID = 'a'

/** Plays the protocol over the lines of a far end. */
export class Script {
  /** Each state that was made, the oldest first; its place is its revision. */
  readonly made: Snapshot[] = [state(ID, 0)]
  readonly #server: FarEnd
  /** How many commands of a line were answered. */
  readonly #answered = new Map<FarLine, number>()
  readonly #joined = new Set<FarLine>()

  constructor(server: FarEnd) {
    this.#server = server
  }

  /** How the session stands. */
  get newest(): Snapshot {
    return this.made.at(-1) ?? state(ID, 0)
  }

  /** Lines that stand. */
  get open(): readonly FarLine[] {
    return this.#server.lines.filter(({ isOpen }) => isOpen)
  }

  /** The session goes on, unless it has ended. */
  move(): void {
    const revision = this.made.length
    if (this.newest.status === 'active') this.#make(state(ID, revision, { progress: Math.min(99, revision) }))
  }

  /** The session ends, unless it has. */
  end(): void {
    if (this.newest.status === 'active') this.#make(state(ID, this.made.length, { status: 'completed' }))
  }

  /** Says again what was said before. */
  repeat(revision: number): void {
    const old = this.made[revision]
    if (old) this.#tell(old)
  }

  /** Answers the oldest command that has no answer yet, on each line; `false` where there is none. */
  answer(): boolean {
    const asked = this.open.filter((line) => line.heard.length > (this.#answered.get(line) ?? 0))
    for (const line of asked) {
      const index = this.#answered.get(line) ?? 0
      this.#answered.set(line, index + 1)
      const heard = line.heard[index]
      if (heard) heard.answer(this.#answerTo(heard, line))
    }
    return asked.length > 0
  }

  #make(made: Snapshot): void {
    this.made.push(made)
    this.#tell(made)
  }

  #tell(said: Snapshot): void {
    const name = said.status === 'active' ? 'progress-update' : 'progress-complete'
    for (const line of this.open) if (this.#joined.has(line)) line.say(name, said)
  }

  #answerTo({ command, args }: Heard, line: FarLine): unknown {
    if (command === 'join-progress') {
      this.#joined.add(line)
      return { success: true, status: this.newest }
    }
    if (command === 'leave-progress') this.#joined.delete(line)
    if (command === 'list-progress') return { success: true, sessions: [] }
    if (command !== 'sync-progress') return { success: true }
    const isKnown = Object.values(args[0] as object).includes(`${this.newest.epoch}.${this.newest.revision}`)
    return { success: true, snapshots: isKnown ? [] : [this.newest], gone: [] }
  }
}
