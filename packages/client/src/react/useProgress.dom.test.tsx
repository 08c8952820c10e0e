// A session in components.
import { act, render, renderHook, screen } from '@testing-library/react'
import { Activity, type ReactElement, StrictMode, useState } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { End } from '../index'
import { createFakeProgress } from '../testing'
import { ProgressProvider, useConnection, useMyProgress, useProgress, useProgressClient } from './index'
import { countLeftovers } from './leftovers.test-kit'
import { play } from './play.test-kit'

afterEach(() => vi.restoreAllMocks())

describe('useProgress', () => {
  it('shows a session from waiting to its end', async () => {
    const { session, settled, Around } = play()
    const job = session('backup')
    const { result } = renderHook(() => useProgress(job.id), { wrapper: Around })
    expect(result.current).toMatchObject({ status: 'waiting', progress: 0 })
    await settled()
    expect(result.current).toMatchObject({ status: 'active', operation: 'backup', progress: 0 })
    job.update({ progress: 40, message: 'Reading' })
    await settled()
    expect(result.current).toMatchObject({ status: 'active', progress: 40, message: 'Reading' })
    job.complete({ bytes: 7 })
    await settled()
    expect(result.current).toMatchObject({ status: 'completed', result: { bytes: 7 } })
  })

  it.each([null, undefined, ''])('%j is no id: it is idle, and nothing is joined', async (id) => {
    const { asked, settled, Around } = play()
    const { result } = renderHook(() => useProgress(id), { wrapper: Around })
    await settled()
    expect([result.current.status, asked]).toEqual(['idle', []])
    expect(await result.current.cancel()).toMatchObject({ ok: false, code: 'NOT_FOUND' })
  })

  it.each(['a/b', ' ', 'x'.repeat(65), 7])(
    '%j can be no id: it throws while rendering, and nothing is left',
    async (id) => {
      vi.spyOn(console, 'error').mockImplementation(() => {})
      const { client, asked, settled, Around } = play()
      const left = countLeftovers(client)
      const Bar = (): ReactElement => <i>{useProgress(id as string).status}</i>
      const tree = (
        <StrictMode>
          <Around>
            <Bar />
          </Around>
        </StrictMode>
      )
      expect(() => render(tree)).toThrow(/not a session id: .*; 1 to 64 of/)
      await settled()
      expect([asked, left()]).toEqual([[], { watches: 0, listeners: 0 }])
    },
  )

  it('renders once for each thing that shows, and not for what does not', async () => {
    const { session, connection, settled, Around } = play()
    const job = session('backup')
    const seen: string[] = []
    const objects = new Set<unknown>()
    const look = (): ReturnType<typeof useProgress> => {
      const p = useProgress(job.id)
      seen.push(`${p.connection.status} ${p.status} ${p.progress}`)
      objects.add(p)
      return p
    }
    const { rerender } = renderHook(look, { wrapper: Around })
    await settled()
    job.update({ progress: 40 })
    await settled()
    job.update({ progress: 40 })
    job.log('a line that nobody listens to')
    await settled()
    connection('reconnecting')
    await settled()
    expect(seen).toEqual([
      'idle waiting 0',
      'connecting waiting 0',
      'connected waiting 0',
      'connected active 0',
      'connected active 40',
      'reconnecting active 40',
    ])
    rerender()
    expect(seen).toHaveLength(7)
    expect(objects.size).toBe(6)
  })

  it('asks for nothing without an id', async () => {
    const { client, asked, settled, Around } = play()
    const { result } = renderHook(() => [useProgress(null), useProgress(undefined)], { wrapper: Around })
    await settled()
    expect(result.current).toMatchObject([
      { status: 'idle', progress: 0, connection: { status: 'idle' } },
      { status: 'idle' },
    ])
    expect(client.connection.status).toBe('idle')
    expect(asked).toEqual([])
    expect(await result.current[0]?.cancel()).toMatchObject({ ok: false, code: 'NOT_FOUND' })
  })

  it('changes to another id at once, and never shows the state of the one before', async () => {
    const { session, asked, settled, Around } = play()
    const [a, b] = [session('backup', { id: 'a' }), session('backup', { id: 'b' })]
    a.update({ progress: 10 })
    b.update({ progress: 20 })
    const seen: string[] = []
    const { rerender } = renderHook(
      ({ id }: { id: string | null }) => {
        const p = useProgress(id)
        seen.push(`${id} ${p.status} ${p.progress}`)
      },
      { wrapper: Around, initialProps: { id: 'a' as string | null } },
    )
    await settled()
    rerender({ id: 'b' })
    await settled()
    rerender({ id: null })
    await settled()
    expect(seen.filter((state, index) => state !== seen[index - 1])).toEqual([
      'a waiting 0',
      'a active 10',
      'b waiting 0',
      'b active 20',
      'null idle 0',
    ])
    expect(asked).toEqual(['join-progress', 'leave-progress', 'join-progress', 'leave-progress'])
  })

  it('joins once for ten components, and begins with what another one shows', async () => {
    const { session, asked, settled, Around } = play()
    const job = session('backup')
    const firsts: number[] = []
    const Bar = (): ReactElement => {
      const { progress } = useProgress(job.id)
      useState(() => firsts.push(progress))
      return <i>{progress}</i>
    }
    const bars = (count: number): ReactElement => (
      <Around>
        {Array.from({ length: count }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
          <Bar key={index} />
        ))}
      </Around>
    )
    const { rerender } = render(bars(10))
    await settled()
    expect(asked).toEqual(['join-progress'])
    job.update({ progress: 40 })
    await settled()
    rerender(bars(11))
    expect(screen.getAllByText('40')).toHaveLength(11)
    expect(firsts).toEqual([...Array(10).fill(0), 40])
    rerender(bars(3))
    await settled()
    rerender(bars(0))
    await settled()
    expect(asked).toEqual(['join-progress', 'leave-progress'])
  })

  it('leaves while it is hidden, keeps what it showed, and goes on when it is shown again', async () => {
    const { session, asked, settled, Around } = play()
    const job = session('backup')
    job.update({ progress: 40 })
    const seen: string[] = []
    const Bar = (): ReactElement => {
      const { status, progress } = useProgress(job.id)
      seen.push(`${status} ${progress}`)
      return <i>{progress}</i>
    }
    const tree = (mode: 'visible' | 'hidden'): ReactElement => (
      <Around>
        <Activity mode={mode}>
          <Bar />
        </Activity>
      </Around>
    )
    const { rerender } = render(tree('visible'))
    await settled()
    rerender(tree('hidden'))
    await settled()
    expect([seen.at(-1), asked]).toEqual(['active 40', ['join-progress', 'leave-progress']])
    job.update({ progress: 60 })
    await settled()
    expect(seen.at(-1)).toBe('active 40')
    rerender(tree('visible'))
    await settled()
    expect(seen.at(-1)).toBe('active 60')
  })

  it('cancels by the same function as long as the id is the same', async () => {
    const { session, settled, Around } = play()
    const job = session('backup')
    const { result, rerender, unmount } = renderHook(({ id }) => useProgress(id), {
      wrapper: Around,
      initialProps: { id: job.id },
    })
    const { cancel } = result.current
    await settled()
    job.update({ progress: 40 })
    await settled()
    rerender({ id: job.id })
    expect(result.current.cancel).toBe(cancel)
    const answer = cancel('user')
    await settled()
    expect(await answer).toEqual({ ok: true })
    expect(job.cancelRequested).toMatchObject({ reason: 'user' })
    expect(result.current).toMatchObject({ cancelRequested: { reason: 'user' } })
    rerender({ id: 'other' })
    expect(result.current.cancel).not.toBe(cancel)
    unmount()
  })

  it('cancels also when the component that was clicked in is gone', async () => {
    const { session, settled, Around } = play()
    const job = session('backup')
    const { result, unmount } = renderHook(() => useProgress(job.id), { wrapper: Around })
    await settled()
    const { cancel } = result.current
    unmount()
    const answer = cancel()
    await settled()
    expect(await answer).toEqual({ ok: true })
  })
})

describe('onEnd', () => {
  it('is called once, however often the component is mounted anew, and in StrictMode', async () => {
    const { session, settled, Around } = play()
    const job = session('backup')
    const ends: End[] = []
    const Watcher = (): null => {
      useProgress(job.id, { onEnd: (end) => ends.push(end) })
      return null
    }
    const tree = (isThere: boolean): ReactElement => (
      <StrictMode>
        <Around>{isThere && <Watcher />}</Around>
      </StrictMode>
    )
    const { rerender } = render(tree(true))
    await settled()
    rerender(tree(false))
    rerender(tree(true))
    job.complete({ bytes: 1 })
    await settled()
    for (let times = 0; times < 3; times++) {
      rerender(tree(false))
      await settled()
      rerender(tree(true))
      await settled()
    }
    expect(ends).toMatchObject([{ status: 'completed', result: { bytes: 1 } }])
  })

  it('is called again for another life of the id', async () => {
    const { session, settled, Around } = play()
    const ends: string[] = []
    renderHook(() => useProgress('nightly', { onEnd: ({ status }) => ends.push(status) }), { wrapper: Around })
    session('backup', { id: 'nightly' }).complete(undefined)
    await settled()
    session('backup', { id: 'nightly' }).fail('INTERRUPTED')
    await settled()
    expect(ends).toEqual(['completed', 'error'])
  })

  it('is called in two components that watch', async () => {
    const { session, settled, Around } = play()
    const job = session('backup')
    const ends: string[] = []
    const Watcher = ({ name }: { name: string }): null => {
      useProgress(job.id, { onEnd: ({ status }) => ends.push(`${name} ${status}`) })
      return null
    }
    render(
      <Around>
        <Watcher name="a" />
        <Watcher name="b" />
      </Around>,
    )
    await settled()
    job.cancelled()
    await settled()
    expect(ends).toEqual(['a cancelled', 'b cancelled'])
  })

  it('is not used up by a component that does not care', async () => {
    const { session, settled, Around } = play()
    const job = session('backup')
    const ends: string[] = []
    const { rerender } = renderHook(
      ({ cares }) => useProgress(job.id, cares ? { onEnd: ({ status }) => ends.push(status) } : {}),
      { wrapper: Around, initialProps: { cares: false } },
    )
    await settled()
    job.complete(undefined)
    await settled()
    expect(ends).toEqual([])
    rerender({ cares: true })
    expect(ends).toEqual(['completed'])
  })

  it('is the newest function, and a new one joins nothing anew', async () => {
    const { session, client, asked, settled, Around } = play()
    const job = session('backup')
    const watch = vi.spyOn(client, 'watch')
    const ends: string[] = []
    const { rerender } = renderHook(
      ({ name }) => useProgress(job.id, { onEnd: ({ status }) => ends.push(`${name} ${status}`) }),
      { wrapper: Around, initialProps: { name: 'old' } },
    )
    await settled()
    rerender({ name: 'new' })
    await settled()
    job.complete(undefined)
    await settled()
    expect(ends).toEqual(['new completed'])
    expect([watch.mock.calls.length, asked]).toEqual([1, ['join-progress']])
  })
})

describe('useMyProgress', () => {
  it('lists what is mine, live, and calls for each end', async () => {
    const { session, asked, settled, Around } = play()
    const ends: string[] = []
    const job = session('backup', { id: 'mine', mine: true })
    session('backup', { id: 'foreign' })
    const { result } = renderHook(
      () => useMyProgress({ onEnd: (end) => ends.push(end.status === 'gone' ? '' : end.sessionId) }),
      {
        wrapper: ({ children }) => (
          <StrictMode>
            <Around>{children}</Around>
          </StrictMode>
        ),
      },
    )
    expect(result.current).toMatchObject({ status: 'waiting', sessions: [], connection: { status: 'connecting' } })
    await settled()
    expect(result.current.sessions).toMatchObject([{ sessionId: 'mine', progress: 0 }])
    job.update({ progress: 7 })
    await settled()
    expect(result.current.sessions).toMatchObject([{ progress: 7 }])
    job.complete(undefined)
    await settled()
    expect(result.current.sessions).toMatchObject([{ status: 'completed' }])
    expect(ends).toEqual(['mine'])
    expect(asked).toEqual(['list-progress'])
  })

  it('is handed on from one component to the next without a gap', async () => {
    const { session, asked, settled, Around } = play()
    session('backup', { mine: true })
    const seen: string[] = []
    const List = (): null => {
      seen.push(useMyProgress().status)
      return null
    }
    const { rerender } = render(<List key="a" />, { wrapper: Around })
    await settled()
    rerender(<List key="b" />)
    await settled()
    expect(seen.at(-1)).toBe('ready')
    expect(seen.slice(seen.indexOf('ready'))).not.toContain('waiting')
    expect(asked).toEqual(['list-progress'])
  })
})

describe('useConnection', () => {
  it('renders once for each change, and dials nothing by itself', async () => {
    const { client, connection, settled, Around } = play()
    const seen: string[] = []
    renderHook(() => seen.push(useConnection().status), { wrapper: Around })
    await settled()
    expect(seen).toEqual(['idle'])
    for (const status of ['connected', 'reconnecting', 'connected', 'polling', 'refused'] as const) {
      connection(status)
      await settled()
      expect(client.connection.status).toBe(status)
    }
    act(() => client.close())
    expect(seen).toEqual(['idle', 'connected', 'reconnecting', 'connected', 'polling', 'refused', 'closed'])
  })
})

describe('the provider', () => {
  it('hands out its client, and follows another one', async () => {
    const clients = { one: createFakeProgress(), other: createFakeProgress() }
    const left = countLeftovers(clients.one.client)
    clients.one.session('backup', { id: 'x' }).update({ progress: 1 })
    clients.other.session('backup', { id: 'x' }).update({ progress: 2 })
    const Bar = (): ReactElement => {
      const client = useProgressClient()
      return <i>{`${client === clients.one.client ? 'one' : 'other'} ${useProgress('x').progress}`}</i>
    }
    const tree = (name: keyof typeof clients): ReactElement => (
      <ProgressProvider client={clients[name].client}>
        <Bar />
      </ProgressProvider>
    )
    const { rerender, unmount } = render(tree('one'))
    await screen.findByText('one 1')
    rerender(tree('other'))
    await screen.findByText('other 2')
    expect(left()).toEqual({ watches: 0, listeners: 0 })
    unmount()
    for (const { client } of Object.values(clients)) client.close()
  })

  it('is missed with a sentence that says what to do', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const hooks: readonly (() => unknown)[] = [
      () => useProgress('x'),
      () => useMyProgress(),
      useConnection,
      useProgressClient,
    ]
    for (const hook of hooks) {
      expect(() => renderHook(() => hook())).toThrow(/put <ProgressProvider client={client}> around/)
    }
  })
})
