// Transports with a planted bug each, made around a good one: a contract that does not catch them proves nothing.
import type { Transport } from '@progress/protocol/wire'
import { linkBugs } from './linkBugs.test-kit'
import { messageBugs } from './messageBugs.test-kit'
import { type Dial, over } from './over.test-kit'

/** Makes a broken transport of a good one. */
export type PlantedBug = (good: Transport) => Transport

/** The bugs, by their name. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = Object.freeze({
  ...Object.fromEntries(
    Object.entries({ ...linkBugs, ...messageBugs }).map(([name, plant]): [string, PlantedBug] => [
      name,
      (good) => over(good, plant),
    ]),
  ),
  'the second dial throws': (good) => {
    let dials = 0
    return over(good, () => {
      if (++dials === 2) throw new Error('a dial is under way')
      return {}
    })
  },
  'links share their ears': (good) => {
    const ears: Dial['event'][] = []
    return over(good, ({ event }) => {
      ears.push(event)
      return {
        event(name, payload) {
          for (const tell of ears) tell(name, payload)
        },
      }
    })
  },
  'a new dial ends the one before': (good) => {
    let last: Dial | undefined
    return over(good, (dial) => {
      last?.close()
      last?.closed({})
      last = dial
      return {}
    })
  },
  'the clock stands still': (good) => ({ ...good, clock: { ...good.clock, now: () => 0 } }),
  'the clock never calls': (good) => ({ ...good, clock: { now: () => good.clock.now(), after: () => () => {} } }),
  'what the clock was to do cannot be taken back': (good) => ({
    ...good,
    clock: {
      now: () => good.clock.now(),
      after(ms, run) {
        good.clock.after(ms, run)
        return () => {}
      },
    },
  }),
  'a wake that is stopped twice throws': (good) => ({
    ...good,
    onWake() {
      let stops = 0
      return () => {
        if (++stops > 1) throw new Error('stopped before')
      }
    },
  }),
})
