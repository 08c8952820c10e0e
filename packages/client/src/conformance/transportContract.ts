// The contract of a transport as named facts, for any test runner, and for a transport of your own.
import type { Fact } from '@progress/protocol/testing'
import { setUp, type TransportContractOptions } from './bench'
import { commands } from './commands'
import { ends } from './ends'
import { events } from './events'
import type { TransportAndServer } from './farEnd'
import { links } from './links'
import { walks } from './walks'

/**
 * What every transport promises. Each fact makes a transport of its own, and closes its server.
 * @param make a transport, and the server that it leads to
 * @example
 * for (const { name, run } of transportContract(() => myTransportAndServer())) it(name, run)
 */
export function transportContract(
  make: () => TransportAndServer | Promise<TransportAndServer>,
  options: TransportContractOptions = {},
): readonly Fact[] {
  const { lacks = [] } = options
  const promises = Object.entries({ ...links, ...ends, ...events, ...commands, ...walks })
  return promises
    .filter(([, { needs = [] }]) => !needs.some((ability) => lacks.includes(ability)))
    .map(([name, { prove }]) => ({
      name,
      async run() {
        const both = await make()
        const bench = setUp(both, options)
        try {
          await prove(bench)
        } finally {
          bench.hangUp()
          await both.server.close?.()
        }
      },
    }))
}
