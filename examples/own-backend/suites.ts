// Both suites over a backend of one's own, as facts for any test runner.
import type { Clock } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { type Backend, memory } from '@progress/server'
import { backendContract, deliveryContract, type Fact } from '@progress/server/conformance'

/** The facts that a backend around a store has to keep. */
export function suites(around: (store: Backend) => Backend): readonly Fact[] {
  let store = memory()
  const backend = (clock: Clock) => {
    store = memory({ clock })
    return around(store)
  }
  const peer = () => around(store) // what another process has, and whoever comes after a crash
  const clock = new ManualClock()
  return [
    ...backendContract(() => backend(clock), { clock, peer }),
    ...deliveryContract({ backend, peer, runs: 50, seed: 1 }),
  ]
}
