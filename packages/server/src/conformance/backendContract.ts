// The contract of a backend as named facts, for any test runner, and for a backend of your own.

import type { Fact } from '@progress/protocol/testing'
import type { Backend } from '../backend/contract'
import { type BackendContractOptions, setUp } from './bench'
import { leases } from './leases'
import { logs } from './logs'
import { messages } from './messages'
import { states } from './states'

/**
 * What every backend promises. Each fact makes a backend of its own, and closes it.
 * @param make a backend over an empty store
 * @example
 * for (const { name, run } of backendContract(() => myBackend())) it(name, run)
 */
export function backendContract(
  make: () => Backend | Promise<Backend>,
  options: BackendContractOptions = {},
): readonly Fact[] {
  const facts = Object.entries({ ...states, ...logs, ...messages, ...leases })
  return facts.map(([name, prove]) => ({
    name,
    async run() {
      const backend = await make()
      const peer = (await options.peer?.()) ?? backend
      try {
        await prove(setUp(backend, peer, options))
      } finally {
        if (peer !== backend) await peer.close()
        await backend.close()
      }
    },
  }))
}
