import { describe, expect, it } from 'vitest'
import { ManualClock } from './manualClock'

describe('ManualClock', () => {
  it('runs what falls due in the order of time, also what that sets up', async () => {
    const clock = new ManualClock(0)
    const ran: string[] = []
    clock.after(20, () => ran.push(`b${clock.now()}`))
    clock.after(10, () => {
      ran.push(`a${clock.now()}`)
      clock.after(5, () => ran.push(`c${clock.now()}`))
    })
    clock.after(21, () => ran.push('late'))
    await clock.advance(20)
    expect(ran).toEqual(['a10', 'c15', 'b20'])
    expect([clock.now(), clock.pending]).toEqual([20, 1])
  })

  it('lets promises settle before time goes on', async () => {
    const clock = new ManualClock(0)
    const at: number[] = []
    void (async () => {
      for (let step = 0; step < 3; step++) await new Promise<void>((resolve) => clock.after(10, resolve))
      at.push(clock.now())
    })()
    await clock.advance(100)
    expect(at).toEqual([30])
  })

  it('cancels, also twice and late', async () => {
    const clock = new ManualClock(0)
    const ran: string[] = []
    const cancel = clock.after(1, () => ran.push('x'))
    cancel()
    cancel()
    await clock.advance(1)
    expect(ran).toEqual([])
  })

  it('jumps without running anything, and timers keep their distance', async () => {
    const clock = new ManualClock(10_000)
    const ran: number[] = []
    const cancel = clock.after(10, () => ran.push(-1))
    clock.after(10, () => ran.push(clock.now()))
    clock.jump(-5_000)
    cancel()
    await clock.advance(9)
    expect(ran).toEqual([])
    await clock.advance(1)
    expect(ran).toEqual([5_010])
  })
})
