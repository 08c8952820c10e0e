// What a thousand components leave behind: nothing.
import { act, render } from '@testing-library/react'
import { type ReactElement, StrictMode, Suspense, use, useEffect, useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { useConnection, useMyProgress, useProgress, useProgressClient } from './index'
import { countLeftovers, type Leftovers } from './leftovers.test-kit'
import { type Play, play } from './play.test-kit'

const TIMES = 1_000
const NOTHING: Leftovers = { watches: 0, listeners: 0 }

/** How one more component, mounted and unmounted again and again, leaves things. */
async function mountOften(
  { Around, settled }: Play,
  element: ReactElement,
  { isStrict, times }: { readonly isStrict: boolean; readonly times: number },
): Promise<void> {
  const tree = (child: ReactElement | null): ReactElement => {
    const around = <Around>{child}</Around>
    return isStrict ? <StrictMode>{around}</StrictMode> : around
  }
  const { rerender } = render(tree(null))
  for (let time = 0; time < times; time++) {
    rerender(tree(element))
    // Now and then it stays until it has joined, and now and then it is gone within the turn.
    if (time % 10 === 0) await settled()
    rerender(tree(null))
    if (time % 5 === 0) await settled()
  }
  await settled()
}

// 92
describe(`mounted and unmounted ${TIMES} times`, () => {
  it.each([true, false])('leaves no watch and no listener, over one connection; strict: %s', async (isStrict) => {
    const fake = play()
    const job = fake.session('backup', { mine: true })
    let renders = 0
    let ends = 0
    const onEnd = (): void => {
      ends += 1
    }
    const All = (): ReactElement => {
      renders += 1
      const { sessions } = useMyProgress({ onEnd })
      const { progress } = useProgress(job.id, { onEnd })
      return <i title={useConnection().status}>{progress + sessions.length}</i>
    }
    const left = countLeftovers(fake.client)
    const statuses: string[] = []
    fake.client.on('connectionChange', ({ status }) => statuses.push(status))
    const own = left().listeners
    const complaints = vi.spyOn(console, 'error')
    await mountOften(fake, <All />, { isStrict, times: TIMES })

    expect(left()).toEqual({ ...NOTHING, listeners: own })
    expect(statuses).toEqual(['connecting', 'connected'])
    const asked = { joins: 0, leaves: 0 }
    for (const command of fake.asked) {
      if (command === 'join-progress') asked.joins += 1
      if (command === 'leave-progress') asked.leaves += 1
    }
    expect(asked.leaves).toBe(asked.joins)
    expect(asked.joins).toBeLessThanOrEqual(TIMES / 10)

    const before = renders
    job.update({ progress: 40 })
    fake.connection('reconnecting')
    await fake.settled()
    job.complete(undefined)
    await fake.settled()
    expect([renders, ends]).toEqual([before, 0])
    expect(complaints).not.toHaveBeenCalled()
    complaints.mockRestore()
  })

  it('twin: the same count finds a hook that forgets to leave, one that does not unsubscribe, and one that watches while rendering', async () => {
    const Forgets = (): null => {
      const client = useProgressClient()
      const [, setState] = useState<unknown>()
      useEffect(() => {
        const stop = client.watch('x').subscribe(setState)
        return stop
      }, [client])
      return null
    }
    const Listens = (): null => {
      const client = useProgressClient()
      useEffect(() => {
        client.on('connectionChange', () => {})
      }, [client])
      return null
    }
    const Renders = (): null => {
      const client = useProgressClient()
      const [watch] = useState(() => client.watch('x'))
      useEffect(() => () => watch.leave(), [watch])
      return null
    }
    for (const [Wrong, isStrict, expected] of [
      [Forgets, false, { watches: 10, listeners: 0 }],
      [Listens, false, { watches: 0, listeners: 10 }],
      [Renders, true, { watches: 10, listeners: 0 }],
    ] as const) {
      const fake = play()
      const left = countLeftovers(fake.client)
      await mountOften(fake, <Wrong />, { isStrict, times: 10 })
      expect(left(), Wrong.name).toEqual(expected)
      vi.restoreAllMocks()
    }
  })
})

it('a component that suspends before it is mounted leaves nothing', async () => {
  const fake = play()
  const left = countLeftovers(fake.client)
  const never = new Promise<never>(() => {})
  const Suspends = (): ReactElement => {
    const { progress } = useProgress('x', { onEnd: () => {} })
    use(never)
    return <i>{progress}</i>
  }
  const { unmount } = await act(async () =>
    render(
      <Suspense fallback="…">
        <Suspends />
      </Suspense>,
      { wrapper: fake.Around },
    ),
  )
  await fake.settled()
  expect(left()).toEqual(NOTHING)
  expect(fake.client.connection.status).toBe('idle')
  unmount()
})
