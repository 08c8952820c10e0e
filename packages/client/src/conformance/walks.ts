// Facts by walks at random: a real client over the transport, a server that goes on, and a line that breaks again and again.
import { chanceOf } from '@progress/protocol/testing'
import type { Promised, Promises } from './bench'
import { Walk } from './walk'

const SEEDS = [1, 2, 3, 4, 5]
const STEPS = 60

/** What a client makes of the transport. */
export const walks: Promises = Object.freeze(
  Object.fromEntries(
    SEEDS.map((seed): [string, Promised] => [
      `a client over a line that breaks at random is right in the end: positions only grow, one end (seed ${seed})`,
      {
        needs: ['answer'],
        async prove(bench) {
          const walk = new Walk(bench, chanceOf(seed))
          try {
            for (let step = 0; step < STEPS; step++) await walk.step(step > STEPS / 2)
            await walk.arrive()
          } finally {
            await walk.close()
          }
        },
      },
    ]),
  ),
)
