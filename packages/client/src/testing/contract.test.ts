// The network of `createFakeProgress` keeps the contract of a transport.

import { refusal } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, it } from 'vitest'
import type { WebSocketClient } from '../client'
import { type FarLine, type Luck, type TransportAndServer, transportContract } from '../conformance'
import type { FakeLink } from './fakeLink'
import { FakeNetwork, type Reachable } from './fakeNetwork'

describe('the network of createFakeProgress', () => {
  const clock = new ManualClock()
  // Its server answers at once, and by itself.
  for (const { name, run } of transportContract(() => farNetwork(clock), { clock, lacks: ['answer'] })) it(name, run)
})

/** The network, and what is dialled over it. */
function farNetwork(clock: ManualClock): TransportAndServer {
  const dialled: FakeLink[] = []
  const stands = new Set<FakeLink>()
  const network = new FakeNetwork(clock, () => refusal('NOT_FOUND') as never)
  return {
    transport: {
      ...network.transport,
      open(listener) {
        const opened = () => {
          stands.add(link)
          listener.opened()
        }
        const link: FakeLink = network.transport.open({ ...listener, opened }) as FakeLink
        dialled.push(link)
        return link
      },
    },
    server: {
      get lines() {
        return dialled.filter((link) => stands.has(link)).map(lineOf)
      },
      meet: (luck) => network.become(statusOf(luck), nobody),
    },
  }
}

/** Who is brought into a status is of no account here: dials and lines are. */
const nobody = { connection: { status: 'connecting' }, connect: async () => {} } as unknown as WebSocketClient

function statusOf(luck: Luck): Reachable {
  if (luck === 'taken') return 'connected'
  return luck === 'broken' ? 'reconnecting' : 'refused'
}

function lineOf(link: FakeLink): FarLine {
  return {
    heard: [],
    get isOpen() {
      return !link.isClosed
    },
    say: (name, payload) => link.tell(name, payload),
    drop: () => void link.meet('broken'),
    bye: (why) => void link.meet(why),
  }
}
