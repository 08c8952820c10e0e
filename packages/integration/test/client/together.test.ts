// Both halves through the real rules, on a network and a clock in the test's hands.
import { WebSocketClient } from '@progress/client'
import { createTestProgress } from '@progress/server/testing'
import { expect, it } from 'vitest'

it('not there and not yours are one answer, and a cut line loses no end', async () => {
  const progress = createTestProgress()
  const bob = new WebSocketClient({ transport: progress.as('bob') })
  const job = progress.tracker.run('import', { owner: 'ada' }, () => ({ inserted: 1 }))
  const foreign = bob.watch(job.id)
  await progress.clock.advance(30_000)
  expect((await foreign.finished).status).toBe('gone')

  const ada = new WebSocketClient({ transport: progress.as('ada') })
  const watch = ada.watch(job.id)
  progress.network.cut()
  await progress.clock.advance(30_000)
  progress.network.restore()
  expect((await watch.finished).status).toBe('completed')
  watch.leave()
  bob.close()
  ada.close()
  await progress[Symbol.asyncDispose]()
})
