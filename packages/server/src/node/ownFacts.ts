// What happens to the sessions of this process: told here, and given to the mirror for the others.
import { isEnd, type Snapshot } from '@progress/protocol'
import type { Entry } from '../backend/contract'
import type { Mirror } from '../backend/mirror'
import type { Signals } from '../observe/signals'
import type { Cell } from '../tracker/cell'
import type { LogTail } from '../tracker/logRing'
import type { Facts } from '../tracker/sessions'
import type { FactBoard } from './facts'

/** What telling needs. */
export interface OwnFactsOptions {
  /** This process. */
  readonly node: string
  readonly signals: Signals
  readonly facts: FactBoard
  readonly mirror: Mirror
  /** There is work: told before anything of it is stored. */
  working(): void
}

/** Hears its sessions, and tells of them. */
export class OwnFacts implements Facts {
  readonly #options: OwnFactsOptions

  constructor(options: OwnFactsOptions) {
    this.#options = options
  }

  made(cell: Cell): void {
    const { sessionId, operation } = cell.snapshot
    this.store(cell)
    this.#options.signals.tell('made', { sessionId, operation })
    this.tellMade(cell)
  }

  changed(cell: Cell): void {
    const { sessionId, revision } = cell.snapshot
    this.#options.signals.tell('changed', { sessionId, revision })
    this.#tellChanged(cell)
    this.store(cell)
  }

  ended(cell: Cell): void {
    this.tellEnd(cell.snapshot)
    this.#tellChanged(cell)
    this.store(cell)
  }

  logged(cell: Cell, tail: LogTail): void {
    const { sessionId, epoch } = cell.snapshot
    this.#options.facts.tell((listener) => listener.logged?.(sessionId, epoch, tail))
    this.#options.mirror.log(sessionId, epoch, tail.lines)
  }

  /** A session as it is stored and told. */
  entry(cell: Cell): Entry {
    return { snapshot: cell.snapshot, owner: cell.owner, node: this.#options.node }
  }

  /** Gives its state to the mirror. */
  store(cell: Cell): void {
    this.#options.working()
    this.#options.mirror.put(this.entry(cell))
  }

  /** Tells that it is there, so that whoever watches is authorised. */
  tellMade(cell: Cell): void {
    const entry = this.entry(cell)
    this.#options.facts.tell((listener) => listener.made?.(entry))
  }

  /** Signals an end, whoever pronounced it. */
  tellEnd(snapshot: Snapshot): void {
    if (!isEnd(snapshot)) return
    const { sessionId, operation, status, duration } = snapshot
    const code = status === 'error' ? { code: snapshot.error.code } : {}
    this.#options.signals.tell('ended', { sessionId, operation, status, duration, ...code })
  }

  #tellChanged(cell: Cell): void {
    const entry = this.entry(cell)
    this.#options.facts.tell((listener) => listener.changed?.(entry))
  }
}
