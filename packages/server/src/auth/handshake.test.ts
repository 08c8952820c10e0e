// What is left of a connection that was refused: nothing, once it is gone.
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { ProgressTracker } from '../progressTracker'
import { serveProgress } from '../serve'
import { FakeServer } from '../testing/fakeServer'
import { FakeSocket } from '../testing/fakeSocket'

/** A stranger who has just been refused, and the timers that were there before. */
async function refused() {
  const clock = new ManualClock()
  const io = new FakeServer()
  serveProgress(new ProgressTracker(io, { clock }), { authenticate: () => null })
  const before = clock.pending
  const refusals: Error[] = []
  const socket = new FakeSocket(io, { event: () => {}, refused: (refusal) => refusals.push(refusal) })
  await io.enter(socket)
  expect(refusals).toHaveLength(1)
  return { clock, before, conn: socket.conn }
}

describe('7: a refused connection', () => {
  it('is held by no timer once it has gone by itself', async () => {
    const { clock, before, conn } = await refused()
    conn.close()
    expect(clock.pending).toBe(before)
  })

  it('is held by no timer once it was closed by us', async () => {
    const { clock, before, conn } = await refused()
    await clock.advance(1_000)
    expect(conn.readyState).toBe('closed')
    expect(clock.pending).toBe(before)
  })

  it('twin: one that stays is looked after', async () => {
    const { clock, before, conn } = await refused()
    expect(conn.readyState).toBe('open')
    expect(clock.pending).toBeGreaterThan(before)
  })
})
