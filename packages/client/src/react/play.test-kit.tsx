// A server that a test of components plays, what the client asked of it, and components around which a provider stands.
import { act } from '@testing-library/react'
import type { ReactElement, ReactNode } from 'react'
import { onTestFinished, vi } from 'vitest'
import { createFakeProgress, type FakeProgress } from '../testing'
import { FakeServer } from '../testing/fakeServer'
import { ProgressProvider } from './index'

/** A played server. */
export interface Play extends FakeProgress {
  /** Names of the commands that the client sent, in order. */
  readonly asked: readonly string[]
  /** Components below a provider of this client. */
  readonly Around: (props: { readonly children?: ReactNode }) => ReactElement
  /** All that was said has arrived, and was drawn. */
  settled(): Promise<void>
}

/** Plays one, until the test is over. */
export function play(): Play {
  const asked: string[] = []
  const { take } = FakeServer.prototype
  const spy = vi.spyOn(FakeServer.prototype, 'take').mockImplementation(function (this: FakeServer, ...args) {
    asked.push(args[1])
    return take.apply(this, args)
  })
  const fake = createFakeProgress()
  onTestFinished(() => {
    fake.client.close()
    spy.mockRestore()
  })
  return {
    ...fake,
    asked,
    Around: ({ children }) => <ProgressProvider client={fake.client}>{children}</ProgressProvider>,
    settled: () => act(() => fake.clock.advance(0)),
  }
}
