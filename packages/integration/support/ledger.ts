// What a watcher was shown, held against what it is promised: every state and every end comes in, broken promises come out.
import { comparePositions, type Positioned, positionOf, type Snapshot } from '@progress/protocol/wire'

/** What of a state this hangs on. */
export type Placed = Positioned & Pick<Snapshot, 'sessionId' | 'status'>

/** The book of one watcher. */
export class Ledger {
  /** In words; empty as long as all is well. */
  readonly violations: string[] = []
  readonly #last = new Map<string, Placed>()
  readonly #ends = new Map<string, number>()

  /** A state was shown. G1: its position is beyond the last one. G5: nothing follows an end within its epoch. */
  state(snapshot: Placed): void {
    const last = this.#last.get(snapshot.sessionId)
    if (last && comparePositions(snapshot, last) <= 0) {
      this.violations.push(`G1: ${positionOf(snapshot)} was shown after ${positionOf(last)}`)
    }
    if (last && last.epoch === snapshot.epoch && last.status !== 'active') {
      this.violations.push(`G5: ${positionOf(snapshot)} was shown after the end`)
    }
    this.#last.set(snapshot.sessionId, snapshot)
  }

  /** An end was told. G4: once for each epoch. */
  end({ sessionId, epoch }: { readonly sessionId: string; readonly epoch: string }): void {
    const told = this.endsOf(sessionId) + 1
    this.#ends.set(sessionId, told)
    const key = `${sessionId} ${epoch}`
    const ofEpoch = (this.#ends.get(key) ?? 0) + 1
    this.#ends.set(key, ofEpoch)
    if (ofEpoch > 1) this.violations.push(`G4: the end of ${sessionId} was told ${ofEpoch} times`)
  }

  /** How many ends of a session were told, over all its epochs. */
  endsOf(sessionId: string): number {
    return this.#ends.get(sessionId) ?? 0
  }
}
