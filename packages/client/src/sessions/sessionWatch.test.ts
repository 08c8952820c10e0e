import { describe, expect, it, vi } from 'vitest'
import { clientRig, FIRST, NOT_FOUND, SECOND, settled, state, watchRig } from '../clientRig.test-kit'
import type { WatchState } from './watchState'

const END = state(9, { status: 'completed', result: { inserted: 3 } })
const LEFT = { status: 'gone', progress: 0, code: 'LEFT' }

async function seen() {
  const rig = await watchRig()
  rig.link.answer('join-progress', { success: true, status: state(1) })
  return rig
}

describe('subscribe', () => {
  it('calls at once with the present state, and at each change', async () => {
    const { watch, link } = await watchRig()
    const states: WatchState[] = []
    const stop = watch.subscribe((one) => states.push(one))
    link.answer('join-progress', { success: true, status: state(1) })
    link.say('progress-update', state(2))
    link.say('progress-update', state(2))
    stop()
    link.say('progress-update', state(3))
    expect(states).toEqual([{ status: 'waiting', progress: 0 }, state(1), state(2)])
    expect(watch.state).toEqual(state(3))
  })

  it('after leaving calls once, with the last word', async () => {
    const { watch } = await seen()
    watch.leave()
    const listener = vi.fn()
    watch.subscribe(listener)
    watch.onEnd(listener)
    expect(listener.mock.calls).toEqual([[LEFT]])
  })
})

describe('finished', () => {
  it('is the end, whichever, and one promise', async () => {
    const { watch, link } = await seen()
    const { finished } = watch
    expect(watch.finished).toBe(finished)
    link.say('progress-complete', END)
    expect(await finished).toBe(END)
  })

  it('is the end that was there before anybody asked', async () => {
    const { watch, link } = await seen()
    link.say('progress-complete', END)
    expect(await watch.finished).toBe(END)
  })

  it.each([
    ['left', 'LEFT'],
    ['not there', 'NOT_FOUND'],
  ])('%s: is gone with the code %s', async (_how, code) => {
    const { watch, link, clock } = await watchRig({ awaitMs: 5 })
    const { finished } = watch
    link.answer('join-progress', NOT_FOUND)
    if (code === 'LEFT') watch.leave()
    else await clock.advance(5)
    expect(await finished).toEqual({ status: 'gone', progress: 0, code })
  })
})

describe('result()', () => {
  it('is the result of a completed session', async () => {
    const { watch, link } = await seen()
    const result = watch.result()
    link.say('progress-complete', END)
    expect(await result).toEqual({ inserted: 3 })
  })

  it.each([
    [
      'an error',
      state(2, {
        status: 'error',
        error: { code: 'PARSE_ERROR', message: 'row 7', retryable: false, details: { row: 7 } },
      }),
      { code: 'PARSE_ERROR', message: 'row 7', retryable: false, details: { row: 7 } },
    ],
    [
      'a cancellation with a reason',
      state(2, { status: 'cancelled', reason: 'user' }),
      { code: 'CANCELLED', message: 'user' },
    ],
  ])('throws for %s', async (_name, end, error) => {
    const { watch, link } = await seen()
    link.say('progress-error', end)
    await expect(watch.result()).rejects.toMatchObject({ name: 'ProgressError', ...error })
  })

  it('throws for what is gone', async () => {
    const { watch } = await seen()
    watch.leave()
    await expect(watch.result()).rejects.toMatchObject({ code: 'LEFT' })
  })
})

describe('iteration', () => {
  it('gives the states that came, the newest where several did, and ends', async () => {
    const { watch, link } = await watchRig()
    const revisions: number[] = []
    const read = (async () => {
      for await (const { revision } of watch) revisions.push(revision)
    })()
    await settled()
    link.answer('join-progress', { success: true, status: state(1) })
    await settled()
    for (const revision of [2, 3, 4]) link.say('progress-update', state(revision))
    await settled()
    link.say('progress-complete', END)
    await read
    expect(revisions).toEqual([1, 4, 9])
  })

  it('ends where it is left', async () => {
    const { watch } = await watchRig()
    const read = (async () => {
      for await (const _ of watch) throw new Error('nothing came')
    })()
    await settled()
    watch.leave()
    await read
  })
})

describe('leave()', () => {
  it('is gone for whoever left, at once, and nobody else', async () => {
    const { client, watch, link } = await seen()
    const [mine, other] = [vi.fn(), vi.fn()]
    watch.subscribe(mine)
    const second = client.watch('a')
    second.subscribe(other)
    watch.leave()
    link.say('progress-update', state(2))
    expect([mine.mock.lastCall, watch.state]).toEqual([[LEFT], LEFT])
    expect(other.mock.lastCall).toEqual([state(2)])
  })

  it('ends listening for good, also for whoever listens after it', async () => {
    const { client, watch, link } = await seen()
    client.watch('a')
    watch.leave()
    const late = vi.fn()
    watch.onEnd(late)
    watch.onLog(late)
    link.say('progress-complete', END)
    expect(late).not.toHaveBeenCalled()
  })

  it('keeps an end that was seen', async () => {
    const { watch, link } = await seen()
    link.say('progress-complete', END)
    watch.leave()
    expect(watch.state).toBe(END)
  })

  it('is what `using` does', async () => {
    const { client, transport } = await seen()
    {
      using second = client.watch('b')
      expect(second.id).toBe('b')
      await settled()
    }
    await settled()
    expect(transport.link.asked('leave-progress').map(({ args }) => args)).toEqual([['b']])
  })
})

describe('cancel()', () => {
  it('asks the server, and says what it said', async () => {
    const { watch, link } = await seen()
    const asked = watch.cancel('user')
    expect(link.asked('cancel-progress')[0]?.args).toEqual(['a', 'user'])
    link.answer('cancel-progress', { success: true })
    expect(await asked).toEqual({ ok: true })
    const again = watch.cancel()
    expect(link.asked('cancel-progress')[1]?.args).toEqual(['a'])
    link.answer('cancel-progress', { error: { code: 'NOT_CANCELLABLE', message: 'No.' } })
    expect(await again).toEqual({ ok: false, code: 'NOT_CANCELLABLE', message: 'No.' })
  })

  it('never rejects, also where nobody answers', async () => {
    const { client, clock } = clientRig()
    const asked = client.watch('a').cancel()
    await clock.advance(5_000)
    expect(await asked).toMatchObject({ ok: false, code: 'NETWORK_ERROR' })
  })
})

describe('a session whose id is used again', () => {
  const next = state(1, { epoch: SECOND })

  it('is asked for anew by a new watch after its end, which a way that asks no more would not tell', async () => {
    const { client, watch, link } = await seen()
    link.say('progress-complete', END)
    const again = client.watch('a')
    await settled()
    expect(link.asked('join-progress')).toHaveLength(2)
    link.answer('join-progress', { success: true, status: next })
    expect([watch.state, again.state]).toEqual([next, next])
  })

  it('does not make a loop pass over the end of its first life', async () => {
    const { watch, link } = await seen()
    const looped = (async () => {
      const statuses: string[] = []
      for await (const one of watch) statuses.push(`${one.status} ${one.epoch}`)
      return statuses
    })()
    await settled()
    link.say('progress-complete', END)
    link.say('progress-status', next)
    expect(await looped).toEqual([`active ${FIRST}`, `completed ${FIRST}`])
  })

  it('that is gone, there again and gone again is told as gone both times', async () => {
    const { client, watch, link } = await seen()
    const ends: string[] = []
    watch.onEnd(({ status }) => ends.push(status))
    link.say('progress-gone', { sessionId: 'a', code: 'NOT_FOUND' })
    const again = client.watch('a')
    again.onEnd(({ status }) => ends.push(status))
    await settled()
    link.answer('join-progress', { success: true, status: state(2) })
    link.say('progress-gone', { sessionId: 'a', code: 'NOT_FOUND' })
    expect(ends).toEqual(['gone', 'gone'])
  })
})

describe('a client that is closed', () => {
  it('leaves all that is watched, so that nobody waits for what never comes', async () => {
    const { client, watch } = await seen()
    const { finished } = watch
    const mine = client.watchMine()
    client.close()
    expect(await finished).toEqual(LEFT)
    expect([watch.state, client.watch('b').state]).toEqual([LEFT, LEFT])
    expect(mine.state.status).toBe('waiting')
    expect(await client.watch('c').finished).toEqual(LEFT)
  })
})
