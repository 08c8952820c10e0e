import { expect, it } from 'vitest'
import { systemClock } from './clock'

it('waits and cancels where a timer is a number', async () => {
  const ran: string[] = []
  const cancel = systemClock.after(0, () => ran.push('cancelled'))
  cancel()
  cancel()
  await new Promise<void>((resolve) => systemClock.after(1, resolve))
  expect(ran).toEqual([])
})
