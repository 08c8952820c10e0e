// What other processes write and tell comes in here: it is told on as theirs, or takes the place of what is ours.
import { type Clock, comparePositions, type Snapshot } from '@progress/protocol'
import type { Entry } from '../backend/contract'
import type { Mirror } from '../backend/mirror'
import { Told } from '../backend/told'
import type { Signals } from '../observe/signals'
import type { Cell } from '../tracker/cell'
import { advance, isActive } from '../tracker/session'
import type { Sessions } from '../tracker/sessions'
import type { FactBoard } from './facts'
import type { OwnFacts } from './ownFacts'
import type { StoreReader } from './storeReader'

/** What hearing of others needs. */
export interface OthersOptions {
  /** This process. */
  readonly node: string
  readonly clock: Clock
  readonly signals: Signals
  readonly sessions: Sessions
  readonly own: OwnFacts
  readonly facts: FactBoard
  readonly mirror: Mirror
  readonly store: StoreReader
  /** A session was seen: whoever works on it is looked after. */
  note(entry: Entry): void
}

/** The sessions of other processes, as far as this one hears of them. */
export class Others {
  readonly #options: OthersOptions
  readonly #told = new Told()

  constructor(options: OthersOptions) {
    this.#options = options
  }

  /** Takes in a state that somebody wrote. */
  hear(entry: Entry): void {
    const { sessions, node: here, facts, note } = this.#options
    const { snapshot, node } = entry
    sessions.heard(snapshot.epoch)
    const held = sessions.get(snapshot.sessionId)
    const cell = held?.hold ? undefined : held // nobody knows of one that has no place yet
    if (cell ? !this.#yieldTo(cell, entry) : node === here) return
    note(entry)
    if (cell) this.#told.take(cell.snapshot) // told here as our own
    const news = this.#told.take(snapshot)
    if (news) facts.tell((listener) => listener[news]?.(entry))
  }

  /** The backend knows something newer than what we wrote. Rejects where it cannot be read: then it is written again. */
  async reconcile(ours: Entry): Promise<void> {
    const { snapshot, owner } = ours
    const { store } = this.#options
    const stored = await store.get(snapshot.sessionId)
    if (!stored) return
    const isAnothers = stored.owner !== owner && isActive(stored.snapshot)
    if (isAnothers) this.#giveBack(snapshot, stored)
    else if (this.#isOvertaken(snapshot, stored)) this.#endAbove(ours, stored)
    else this.hear(stored)
  }

  /** Our job ended while nobody heard of it, and meanwhile somebody said that it was quiet. */
  #isOvertaken(ours: Snapshot, { snapshot, node }: Entry): boolean {
    return !isActive(ours) && isActive(snapshot) && snapshot.epoch === ours.epoch && node === this.#options.node
  }

  /** The end stands above what was said meanwhile, also where its session has been dropped here by now. */
  #endAbove(ours: Entry, { snapshot: { sessionId, epoch, revision } }: Entry): void {
    const { sessions, mirror } = this.#options
    const snapshot = { ...ours.snapshot, revision: revision + 1 }
    const cell = sessions.get(sessionId)
    if (cell?.snapshot.epoch === epoch) cell.snapshot = snapshot
    mirror.put({ ...ours, snapshot })
  }

  /** Somebody may have written a session that is ours. Answers whether theirs is the one to tell. */
  #yieldTo(cell: Cell, { snapshot: theirs, node }: Entry): boolean {
    const { node: here, clock, sessions, own } = this.#options
    const { snapshot: ours } = cell
    const ahead = comparePositions(theirs, ours)
    const isSameLife = theirs.epoch === ours.epoch
    const isOfUs = isSameLife && node === here
    const isEcho = ahead === 0 && isOfUs && !(isActive(theirs) && theirs.worker !== 'alive')
    if (ahead < 0 || isEcho) return false
    if (isSameLife && !isActive(ours)) return false // those who watch here have seen an end: there is no second one
    if (isOfUs && isActive(theirs) && isActive(ours)) {
      // We were taken for quiet or lost, and are not: our state goes on above theirs.
      const { revision, worker } = theirs
      cell.snapshot = advance({ ...ours, revision, worker }, { worker: 'alive' }, clock.now())
      cell.unsent = true
      sessions.yield(cell)
      return false
    }
    if (!isSameLife && !isActive(theirs) && !cell.stored) {
      this.#goAbove(cell, theirs)
      return false
    }
    // A new life of this id, an end that was pronounced over us, or another process that has taken it on.
    if (isOfUs) own.tellEnd(theirs)
    sessions.interrupt(cell)
    return true
  }

  /** A clock that is ahead of ours has named a life that ended before ours began: ours takes a newer name. */
  #goAbove(cell: Cell, { epoch }: Snapshot): void {
    const { sessions, mirror, own } = this.#options
    sessions.rename(cell, epoch)
    const { snapshot, log } = cell
    if (log) mirror.log(snapshot.sessionId, snapshot.epoch, log.after(-1).lines)
    own.store(cell)
    own.tellMade(cell) // whoever watches is authorised anew, and sent the log
  }

  /** This id was begun here while another owner's session of it was live elsewhere: theirs stands, ours is over. */
  #giveBack({ sessionId, epoch }: Snapshot, stored: Entry): void {
    const { sessions, signals, facts, note } = this.#options
    const cell = sessions.get(sessionId)
    if (cell?.snapshot.epoch === epoch) sessions.interrupt(cell)
    signals.tell('refused', {
      code: 'SESSION_CONFLICT',
      reason: 'another owner has this id on another node',
      sessionId,
    })
    note(stored)
    facts.tell((listener) => listener.made?.(stored)) // whoever watches ours is authorised anew
  }
}
