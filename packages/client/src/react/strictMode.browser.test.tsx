// StrictMode in a real browser, where effects run when the browser has painted.
import { StrictMode } from 'react'
import { expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { createFakeProgress } from '../testing'
import { ProgressProvider, useMyProgress, useProgress } from './index'

it('follows a session over one connection, and tells its end once', async () => {
  const fake = createFakeProgress()
  const job = fake.session('backup', { mine: true })
  const statuses: string[] = []
  const ends: string[] = []
  fake.client.on('connectionChange', ({ status }) => statuses.push(status))
  const Bar = () => {
    const p = useProgress(job.id, { onEnd: ({ status }) => ends.push(status) })
    const { sessions } = useMyProgress()
    return <p>{`${p.status} ${p.progress} of ${sessions.length}, ${p.connection.status}`}</p>
  }
  const screen = await render(
    <StrictMode>
      <ProgressProvider client={fake.client}>
        <Bar />
      </ProgressProvider>
    </StrictMode>,
  )
  await expect.element(screen.getByText('active 0 of 1, connected')).toBeVisible()
  job.update({ progress: 40 })
  await expect.element(screen.getByText('active 40 of 1, connected')).toBeVisible()
  fake.connection('reconnecting')
  await expect.element(screen.getByText('active 40 of 1, reconnecting')).toBeVisible()
  job.complete(undefined)
  await expect.element(screen.getByText('completed 100 of 1, connected')).toBeVisible()
  expect(ends).toEqual(['completed'])
  expect(statuses).toEqual(['connecting', 'connected', 'reconnecting', 'connected'])
  await screen.unmount()
  fake.client.close()
})
