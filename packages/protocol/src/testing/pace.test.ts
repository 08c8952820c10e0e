import { describe, expect, it } from 'vitest'
import { ManualClock } from './manualClock'
import { paceOf } from './pace'

describe('over a clock that is moved', () => {
  it('waits until it is so, and no longer', async () => {
    const clock = new ManualClock(0)
    let isSo = false
    clock.after(1_000, () => {
      isSo = true
    })
    await paceOf(clock).until(() => isSo, 'never')
    expect(clock.now()).toBe(1_000)
  })

  it('gives up after a few seconds, with the sentence', async () => {
    const clock = new ManualClock(0)
    await expect(paceOf(clock).until(() => false, 'it is never so')).rejects.toThrow('it is never so')
    expect(clock.now()).toBeGreaterThan(4_000)
  })
})

it('in real time a span passes', async () => {
  const began = Date.now()
  await paceOf().pass(20)
  expect(Date.now() - began).toBeGreaterThanOrEqual(19)
})
