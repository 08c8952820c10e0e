// The three built-in ways keep the contract of a transport; what a far end cannot do by HTTP is named.
import { ManualClock } from '@progress/protocol/testing'
import { describe, it } from 'vitest'
import { transportContract } from '../conformance'
import { farEndpoint } from './farEndpoint.test-kit'
import { farSocket } from './farSocket.test-kit'
import { PollLink } from './poll'
import { SseLink } from './sse'

describe('by socket', () => {
  for (const { name, run } of transportContract(farSocket)) it.concurrent(name, run, 20_000)
})

describe('by server-sent events', () => {
  const clock = new ManualClock()
  const make = () => farEndpoint('sse', clock, (parts, listener) => new SseLink(parts, listener))
  // A server sees nobody hang up between two requests.
  for (const { name, run } of transportContract(make, { clock, lacks: ['hangUp'] })) it(name, run)
})

describe('by polling', () => {
  const clock = new ManualClock()
  const make = () => farEndpoint('poll', clock, (parts, listener) => new PollLink(parts, listener))
  // It asks for states, and hears nothing else.
  for (const { name, run } of transportContract(make, { clock, lacks: ['hangUp', 'bye', 'eachEvent'] })) it(name, run)
})
