// Names for lives of sessions: the newer, the higher, however the clock is set.
import { randomUUID } from 'node:crypto'
import { epochAt, parsePosition } from '@progress/protocol'

/** Gives the lives of one process their names. */
export class Epochs {
  /** Time of the newest epoch that was made here or heard of: a clock that steps back makes no older one. */
  #newestMs = -1

  /** An epoch was heard of: none that is made here from now on is older. */
  heard(epoch: string): void {
    this.#newestMs = Math.max(this.#newestMs, epochTime(epoch))
  }

  /** @param previous epochs of the same id, each older than the new one */
  next(at: number, ...previous: readonly (string | undefined)[]): string {
    const steady = at < this.#newestMs ? this.#newestMs + 1 : at
    this.#newestMs = Math.max(steady, ...previous.map((epoch) => epochTime(epoch) + 1))
    return epochAt(this.#newestMs, chance())
  }
}

function epochTime(epoch: string | undefined): number {
  return epoch && parsePosition(`${epoch}.0`) ? Number.parseInt(epoch.slice(0, 9), 36) : -1
}

/** Chance for the eight digits of an epoch. UUIDs are drawn by the thousand; asking the system each time costs more than all else. */
function chance(): () => number {
  const uuid = randomUUID()
  const hex = uuid.slice(0, 8) + uuid.slice(-12) // without the digits that say what kind of UUID it is
  let drawn = 0
  return () => {
    drawn += 2
    return Number.parseInt(hex.slice(drawn - 2, drawn), 16) / 256
  }
}
