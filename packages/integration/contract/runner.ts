// What runs in a worker of the test build: so many runs of the model with the real client, from one seed. It is told what to
// do, and says what came of it.
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
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
}

const OPTIONS: DeliveryOptions = {
  backend: (clock) => {
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

if (!isMainThread) void work(workerData as Work).then((report) => parentPort?.postMessage(report))
