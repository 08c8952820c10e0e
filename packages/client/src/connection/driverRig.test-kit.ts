// A driver over ways in the test's hands, and all that it tells.

import { ManualClock } from '@progress/protocol/testing'
import type { CommandName } from '@progress/protocol/wire'
import { FakeTransport } from '../fakeTransport.test-kit'
import type { Way } from '../transport/way'
import { Driver } from './driver'

/** What a rig may be made with. */
export interface RigOptions {
  /** Names of the ways, in order. Default: all three. */
  readonly ways?: readonly ('socket' | 'sse' | 'poll')[]
  readonly mayRenew?: boolean
  /** Sent over each new link. */
  readonly greeting?: CommandName
}

/** Jitter is none: every chance falls in the middle. */
export function rig({ ways = ['socket', 'sse', 'poll'], mayRenew = false, greeting }: RigOptions = {}) {
  const clock = new ManualClock()
  const told: string[] = []
  const transports = ways.map(() => new FakeTransport(clock))
  const listeners = { told: (_what: string): void => {} }
  const tell = (what: string): void => {
    told.push(what)
    listeners.told(what)
  }
  const driver = new Driver({
    ways: ways.map((name, index): Way => {
      const transport = transports[index] ?? new FakeTransport(clock)
      const via = { socket: 'websocket', sse: 'sse', poll: 'poll' } as const
      return { name, transport, isHttp: name !== 'socket', capMs: 30_000, via: () => via[name] }
    }),
    mayRenew,
    random: () => 0.5,
    greet: (link) => greeting && link.send(greeting, [{}]),
    event: (name) => tell(name),
    stood: () => tell('stood'),
    connected: () => tell('connect'),
    disconnected: (reason) => tell(`disconnect ${reason}`),
    gaveUp: () => tell('connectionFailed'),
    changed: ({ status, transport }) => tell(`${status}${transport ? ` by ${transport}` : ''}`),
    woke: () => tell('woke'),
    trace: () => {},
  })
  const [socket, sse, poll] = [0, 1, 2].map((index) => transports[index] ?? new FakeTransport(clock))
  if (!socket || !sse || !poll) throw new Error('three ways are made')
  /** What was told since it was last asked. */
  const news = (): string[] => told.splice(0)
  /** Fails each dial of this way as soon as it is made, until so many were. */
  const failAll = async (transport: FakeTransport, times: number): Promise<void> => {
    for (let count = 0; count < times; ) {
      for (const link of transport.live) {
        link.drop({ message: 'no way' })
        count += 1
      }
      if (count < times) await clock.advance(500)
    }
  }
  return { clock, driver, socket, sse, poll, news, listeners, failAll }
}
