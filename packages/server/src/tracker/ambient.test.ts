import { defineOperation } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { recorded } from '../recorder.test-support'
import { currentTask, track } from './ambient'

describe('currentTask', () => {
  it('is the task of the job that runs here, behind its awaits too, and none outside', async () => {
    const { tracker } = recorded()
    const seen: (string | undefined)[] = []
    const job = (name: string) => async () => {
      seen.push(currentTask()?.id)
      await Promise.resolve()
      seen.push(currentTask()?.id)
      return name
    }
    await Promise.all([
      tracker.run('work', { owner: null, id: 'one' }, job('one')),
      tracker.run('work', { owner: null, id: 'two' }, job('two')),
    ])
    expect(seen).toEqual(['one', 'two', 'one', 'two'])
    expect(currentTask()).toBeUndefined()
  })
})

describe('track', () => {
  it('counts for the task of the job that runs here', async () => {
    const { tracker } = recorded()
    const job = tracker.run('work', { owner: null }, async () => {
      for (const item of track(['a', 'b', 'c', 'd'])) if (item === 'c') break
      return tracker.getSession(currentTask()?.id ?? '')
    })
    expect(await job).toMatchObject({ current: 2, total: 4, progress: 50 })
  })

  it('counts for the phase that runs here, not for the whole', async () => {
    const { tracker } = recorded()
    const operation = defineOperation('work', { phases: { read: 1, write: 3 } })
    await tracker.run(operation, { owner: null }, (task) =>
      task.phase('read', async () => {
        await null
        for (const item of track([1, 2])) expect(item).toBeDefined()
        expect(tracker.getSession(task.id)).toMatchObject({ progress: 25, current: 2, total: 2 })
      }),
    )
  })

  it('only passes on outside of a job', async () => {
    expect([...track(new Set([1, 2]))]).toEqual([1, 2])
    const items: number[] = []
    for await (const item of track(
      (async function* () {
        yield 7
      })(),
    ))
      items.push(item)
    expect(items).toEqual([7])
  })
})
