// What runs in a worker of the test build: so many runs of the model with the real client, from one seed. It is told what to
// do, and says what came of it.
import { parentPort, workerData } from 'node:worker_threads'
import { memory } from '@progress/server'
import { checkDelivery, type DeliveryOptions, replayDelivery } from '@progress/server/conformance'
import { ClientViewer } from './clientViewer'
import { begin, placeAt, random } from './places'

/** What a worker is given. */
export interface Work {
  readonly runs: number
  readonly seed: number
  /** One run that is run again, in place of all others. */
  readonly script?: string
  /** How many runs have been begun, for who waits outside: a run that never ends says nothing itself. */
  readonly begun: Int32Array
}

const { begun } = workerData as Work
const OPTIONS: DeliveryOptions = {
  backend: (clock) => {
    Atomics.add(begun, 0, 1)
    begin(clock)
    return memory({ clock })
  },
  viewer: (place) => new ClientViewer(place),
}

async function work({ runs, seed, script }: Work): Promise<unknown> {
  Math.random = random
  globalThis.fetch = async (input, init) => {
    const { pathname, search, href } = new URL(String(input))
    return await placeAt(href).fetch(`${pathname}${search}`, init)
  }
  if (script === undefined) return await checkDelivery({ ...OPTIONS, runs, seed })
  return await replayDelivery(OPTIONS, script).then(
    () => null,
    (error: unknown) => String(error),
  )
}

void work(workerData as Work).then((report) => parentPort?.postMessage(report))
