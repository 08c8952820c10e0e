// The contract of a transport over those that are not the client's own: the server's for tests, and one of an app's.
import { transportContract } from '@progress/client/conformance'
import { createTestProgress, type TestProgress } from '@progress/server/testing'
import { describe, expect, it } from 'vitest'
import { farPort } from '../../support/farPort'
import { farTestProgress } from '../../support/farTestProgress'

describe('a transport over a MessagePort', () => {
  for (const { name, run } of transportContract(farPort)) it.concurrent(name, run)
})

describe('createTestProgress().as(user)', () => {
  let test: TestProgress
  const make = () => {
    test = createTestProgress()
    return farTestProgress(test)
  }
  const clock = { advance: (ms: number) => test.clock.advance(ms) }
  // Its server is a real one: it answers by itself, throttles, lets everybody in, and all lines break together.
  const facts = transportContract(make, { clock, lacks: ['refuse', 'bye', 'hangUp', 'answer', 'eachEvent'] })
  const lines = 'two links do not mix'

  for (const { name, run } of facts.filter(({ name }) => name !== lines)) it(name, run)

  it('tells by closed() what its server says last', async () => {
    const { transport, server } = make()
    const told: unknown[] = []
    transport.open({
      opened: () => told.push('opened'),
      closed: (why) => told.push(why),
      event: (name) => told.push(name),
    })
    await clock.advance(0)
    await server.close?.()
    await clock.advance(0)
    expect(told).toEqual(['opened', expect.objectContaining({ code: 'DRAINING' })])
  })

  it('leaves out one fact that its network cannot bring about', async () => {
    const fact = facts.find(({ name }) => name === lines)
    await expect(fact?.run()).rejects.toThrow('a line that breaks takes no other with it')
  })
})
