// The delivery contract as named facts, for any test runner, and for a backend of your own: some runs that are told here,
// and as many more as you like at random.
import type { Fact } from '@progress/protocol/testing'
import { checkDelivery, type DeliveryOptions, replayDelivery } from './checkDelivery'

/** What is told: ids are 0 and 1; processes, and viewers of one user on each of them, too. */
const TOLD: Readonly<Record<string, string>> = Object.freeze({
  'what a job says is shown in the other process, and its end once':
    'watch(1,0),start(0,0,0),update(0,20),tick(2),update(0,60),tick(2),complete(0)',
  'what flush() answered for is there after a crash':
    'start(0,0,0),update(0,20),tick(2),update(0,40),flush(0),crash(0)',
  'an end that flush() answered for is there after a crash': 'watch(1,0),start(0,0,1),complete(0),flush(0),crash(0)',
  'a job whose process is gone is given up, and its viewers are told':
    'watch(0,0),watch(1,0),start(0,0,1),update(0,20),crash(0)',
  'nothing is lost while a process cannot reach the store':
    'watch(1,0),start(0,0,0),away(0),update(0,20),complete(0),tick(6),back(0)',
  'nothing is lost while a process hears nothing': 'watch(1,0),start(0,0,0),deaf(1),update(0,20),tick(4),complete(0)',
  'the same id again is a new life of it, in whichever process':
    'watch(0,0),watch(1,0),start(0,0,1),update(0,20),same id again(0,1,1),update(0,10),complete(0)',
  'an attempt that fails is followed by the next one, in another process':
    'watch(0,0),watch(1,0),start(0,0,1),fail attempt(0),tick(4),next attempt(0,1),update(0,10),complete(0)',
  'a login that was revoked in one process sees nothing in the other':
    'watch(1,0),start(0,0,0),revoke(1,0),update(0,20),tick(3)',
})

/**
 * What every backend has to make possible: that what a job says reaches whoever watches, in order, once, to its end, and
 * nobody else, whatever happens on the way. Each fact begins with a store of its own. `checkDelivery` has the figures.
 * @example
 * for (const { name, run } of deliveryContract({ backend: (clock) => myBackend({ clock }) })) it(name, run)
 */
export function deliveryContract(options: DeliveryOptions): readonly Fact[] {
  const told = Object.entries(TOLD).map(([name, script]) => ({ name, run: () => replayDelivery(options, script) }))
  return [...told, { name: 'all of it holds, whatever happens in whichever order', run: () => wander(options) }]
}

async function wander(options: DeliveryOptions): Promise<void> {
  const { failure, seed } = await checkDelivery(options)
  if (failure)
    throw new Error(`${failure.sentence}. Seen with seed ${seed} after: ${failure.script || 'nothing at all'}`)
}
